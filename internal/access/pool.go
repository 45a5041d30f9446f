package access

import (
	"errors"
	"io/fs"

	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
)

// mapToPool does as SimpleMap::map (hed/shc/legacy/simplemap.cpp): the account
// that the subject has already, or one that is free. Which one, and whether one
// is free when the subject comes, the files do not tell, unless the pool has one only.
func (q *query) mapToPool(s *stack, m *authgroup.MapRule) (failed string) {
	if q.subject == "" {
		s.done = s.onNoMap
		return ""
	}
	dir := m.Target.Text
	pool := q.policy.site.Pool(dir)
	if pool == nil || q.policy.poolNotSeen(pool) {
		return q.anyOfPool(s, m, true)
	}
	if errors.Is(pool.File.Err, fs.ErrNotExist) {
		return "there is no pool " + dir
	}
	if pool.File.Err != nil {
		return "the file pool of the pool " + dir + " cannot be read"
	}
	if lease := pool.Lease(q.subject); lease != nil {
		return s.takeLease(m, lease)
	}
	if len(pool.Accounts) == 0 {
		return "the pool " + dir + " is empty"
	}
	room, known := pool.Room(q.policy.site.Now)
	if failed := q.anyOfPool(s, m, room || !known); failed != "" {
		return failed
	}
	q.narrow(s, pool)
	return ""
}

// poolNotSeen says whether the CE may well read a pool that is not to be read here.
func (p *Policy) poolNotSeen(pool *gridsec.Pool) bool {
	return p.notSeen(pool.Dir, pool.File.Err)
}

// anyOfPool takes an account of which the pool alone knows.
func (q *query) anyOfPool(s *stack, m *authgroup.MapRule, usual bool) (failed string) {
	if !q.wonder(OnPool, m.Option.Line, usual, "whether an account of the pool %s is free", m.Target.Text) {
		return "the pool has no free account"
	}
	s.from, s.done = "the pool "+m.Target.Text, s.onMap
	return ""
}

// takeLease takes the account that the subject has, whether the pool still
// lists it or not.
func (s *stack) takeLease(m *authgroup.MapRule, lease *gridsec.Lease) (failed string) {
	if lease.Err != nil {
		s.from, s.done = "the pool "+m.Target.Text, s.onMap
		return ""
	}
	if lease.Account.Line.Text == "" {
		return "the file of the subject in the pool " + m.Target.Text + " names no account"
	}
	s.take(lease.Account)
	s.done = s.onMap
	return ""
}

// take gives an account of a pool; one that begins with "*" is none.
func (s *stack) take(a gridsec.PoolAccount) {
	if a.User.Text != "" {
		s.account, s.user = a.Line.Text, a.User.Text
	}
}

// narrow says what holds for all accounts of the pool: that there is one only,
// or that none exists.
func (q *query) narrow(s *stack, pool *gridsec.Pool) {
	first := pool.Accounts[0]
	same, missing := true, q.policy.site.Accounts != nil && q.policy.site.Accounts.Complete()
	for _, a := range pool.Accounts {
		same = same && a.Line.Text == first.Line.Text
		if missing {
			_, exists := q.policy.site.Accounts.Users[a.User.Text]
			missing = !exists
		}
	}
	switch {
	case same:
		s.from = ""
		s.take(first)
	case missing:
		s.user = first.User.Text
	}
}
