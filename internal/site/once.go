package site

import "sync"

// memo keeps what several rules derive from the site, so that it is worked out
// once.
type memo struct {
	mu    sync.Mutex
	slots map[any]*memoSlot
}

type memoSlot struct {
	once  sync.Once
	value any
}

// Once gives what do makes of the site, and makes it at the first call only. A
// key is a value of a type of the caller's own, as for context.WithValue. do
// must depend on nothing but the site.
func Once[T any](s *Site, key any, do func() T) T {
	s.memo.mu.Lock()
	if s.memo.slots == nil {
		s.memo.slots = map[any]*memoSlot{}
	}
	slot := s.memo.slots[key]
	if slot == nil {
		slot = &memoSlot{}
		s.memo.slots[key] = slot
	}
	s.memo.mu.Unlock()
	slot.once.Do(func() { slot.value = do() })
	return slot.value.(T)
}
