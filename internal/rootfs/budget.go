package rootfs

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// The reasons why a file of a site is left alone although it could be read.
var (
	ErrBudget = errors.New("the site holds more than arclint reads of one")
	ErrKernel = errors.New("is made up by the kernel, arclint does not read it")
)

// Unread says whether an error means that something stands there which this run
// does not read, and the CE may well: nothing may be said of it then.
func Unread(err error) bool {
	for _, reason := range []error{fs.ErrPermission, ErrStrange, ErrBudget, ErrKernel, ErrTooLarge, ErrTooMany} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}

// Budget bounds what is kept of one site, in bytes of memory, whatever its files
// say: each may be within its limit and all of them together not.
type Budget struct{ left atomic.Int64 }

// NewBudget is a budget of that many bytes.
func NewBudget(bytes int64) *Budget {
	b := &Budget{}
	b.left.Store(bytes)
	return b
}

// Take spends bytes, or gives ErrBudget and spends nothing. A nil Budget has no
// end.
func (b *Budget) Take(bytes int64) error {
	if b == nil {
		return nil
	}
	if b.left.Add(-bytes) < 0 {
		b.left.Add(bytes)
		return ErrBudget
	}
	return nil
}

// nameCost is what a name of a directory takes, with what is kept of it.
const nameCost = 256

// Bounded is a tree of which no more is read than a budget allows, and nothing
// that the kernel makes up: a link may lead to /proc/kmsg.
type Bounded struct {
	fsys    FS
	budget  *Budget
	inOrder bool
	copied  bool // see AsCopy
	links   func() *guard

	mu   sync.Mutex
	left map[string]error // what is left out, by path
}

// Bound puts a budget on a tree. Links that others than root and the owner of the
// site could have put there are not followed out of their directories (StrangeLink).
func Bound(fsys FS, budget *Budget) *Bounded {
	b := &Bounded{fsys: fsys, budget: budget, left: map[string]error{}}
	b.links = sync.OnceValue(func() *guard { return newGuard(fsys, b.leaveOut) })
	return b
}

// BoundInOrder is Bound of a tree that is read by one goroutine. Where a budget is
// spent, the order of reading says which files are left out (see Spent).
func BoundInOrder(fsys FS, budget *Budget) *Bounded {
	b := Bound(fsys, budget)
	b.inOrder = true
	return b
}

// InOrder says whether the tree is to be read by one goroutine.
func InOrder(fsys FS) bool {
	b, ok := fsys.(*Bounded)
	return ok && b.inOrder
}

// LeftOut is a path that was left out, and why.
type LeftOut struct {
	Path string
	Err  error
}

// LeftOut lists what was left out, by path.
func (b *Bounded) LeftOut() []LeftOut {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []LeftOut
	for path, err := range b.left {
		list = append(list, LeftOut{path, err})
	}
	slices.SortFunc(list, func(a, b LeftOut) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// Spent says whether the budget did not suffice. Whether it does is no matter of the
// order of reading: all fits, or something does not.
func (b *Bounded) Spent() bool {
	return slices.ContainsFunc(b.LeftOut(), func(l LeftOut) bool { return errors.Is(l.Err, ErrBudget) })
}

func (b *Bounded) leaveOut(path string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left[path] == nil {
		b.left[path] = err
	}
}

// LeaveOut remembers that a file of the tree is left out, or a part of it.
func LeaveOut(fsys FS, path string, err error) {
	if b, ok := fsys.(*Bounded); ok {
		b.leaveOut(path, err)
	}
}

// Spend takes bytes of the budget of the tree for what is kept of a file, or gives
// ErrBudget and leaves the file out.
func Spend(fsys FS, path string, bytes int64) error {
	err := BudgetOf(fsys).Take(bytes)
	if err != nil {
		LeaveOut(fsys, path, err)
	}
	return err
}

// BudgetOf is the budget of the tree; nil for one without.
func BudgetOf(fsys FS) *Budget {
	if b, ok := fsys.(*Bounded); ok {
		return b.budget
	}
	return nil
}

// ofKernel says whether the clean path is in a file system of the kernel. The
// directory itself may be looked at.
func ofKernel(p string) bool { return strings.HasPrefix(p, "/proc/") || strings.HasPrefix(p, "/sys/") }

// Lstat implements FS.
func (b *Bounded) Lstat(p string) (Info, error) {
	if p = clean(p); ofKernel(p) {
		return Info{}, failed("lstat", p, ErrKernel)
	}
	return b.fsys.Lstat(p)
}

// Readlink implements FS.
func (b *Bounded) Readlink(p string) (string, error) {
	if p = clean(p); ofKernel(p) {
		return "", failed("readlink", p, ErrKernel)
	}
	return b.fsys.Readlink(p)
}

// ReadFile implements FS.
func (b *Bounded) ReadFile(p string, limit int64) ([]byte, error) {
	info, err := b.Lstat(p)
	if err != nil {
		return nil, err
	}
	if err := readable(info.Mode, info.Size, limit); err != nil {
		return nil, failed("open", info.Path, err)
	}
	data, _, err := b.ReadListed(p, limit)
	return data, err
}

// ReadListed implements Lister.
func (b *Bounded) ReadListed(p string, limit int64) ([]byte, Info, error) {
	return b.ReadUnless(p, limit, nil)
}

// ReadUnless implements Unless.
func (b *Bounded) ReadUnless(p string, limit int64, skip func(Info) bool) ([]byte, Info, error) {
	if p = clean(p); ofKernel(p) {
		return nil, Info{}, failed("open", p, ErrKernel)
	}
	var short error
	data, info, err := ReadUnless(b.fsys, p, limit, func(info Info) bool {
		if skip != nil && skip(info) {
			return true
		}
		if info.Size <= limit {
			short = b.budget.Take(info.Size)
		}
		return short != nil
	})
	if short != nil {
		err = failed("open", p, short)
	}
	if errors.Is(err, ErrBudget) { // or an archive had no room for it
		b.leaveOut(p, ErrBudget)
		return nil, info, err
	}
	return data, info, err
}

// ReadDir implements FS.
func (b *Bounded) ReadDir(p string) ([]Info, error) {
	if p = clean(p); ofKernel(p + "/") {
		return nil, failed("readdir", p, ErrKernel)
	}
	entries, err := b.fsys.ReadDir(p)
	if err == nil && Spend(b, p, int64(len(entries))*nameCost) != nil {
		return nil, failed("readdir", p, ErrBudget)
	}
	return entries, err
}

// Names implements Lister.
func (b *Bounded) Names(p string) ([]Name, error) {
	if p = clean(p); ofKernel(p + "/") {
		return nil, failed("readdir", p, ErrKernel)
	}
	names, err := Names(b.fsys, p)
	if err == nil && Spend(b, p, int64(len(names))*nameCost) != nil {
		return nil, failed("readdir", p, ErrBudget)
	}
	return names, err
}

// ErrSkipped is what ReadUnless gives for a file that it was told to skip.
var ErrSkipped = errors.New("skipped")

// Unless is a tree whose files can be left unread after a look at what was
// opened.
type Unless interface {
	// ReadUnless is ReadListed, but for a file that is to be skipped: of that
	// it gives the Info and ErrSkipped, and reads nothing.
	ReadUnless(path string, limit int64, skip func(Info) bool) ([]byte, Info, error)
}

// ReadUnless is ReadListed, but leaves out a file that is to be skipped.
func ReadUnless(fsys FS, path string, limit int64, skip func(Info) bool) ([]byte, Info, error) {
	if u, ok := fsys.(Unless); ok {
		return u.ReadUnless(path, limit, skip)
	}
	info, err := fsys.Lstat(path)
	if err != nil {
		return nil, info, err
	}
	if skip(info) {
		return nil, info, ErrSkipped
	}
	data, err := fsys.ReadFile(path, limit)
	return data, info, err
}
