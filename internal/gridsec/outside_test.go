package gridsec

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"testing"

	"arclint/internal/rootfs"
)

// TestFilesOutside: what links lead to is the same whether a list of names tells it or
// each link is followed, also where a link is of another user, where the file is not
// for everybody, or where something else than a file stands there.
func TestFilesOutside(t *testing.T) {
	m := rootfs.NewMem()
	add := func(name string, mode fs.FileMode) {
		must(t, m.WriteFile("/usr/share/policy/"+name, []byte("x\n"), mode))
		must(t, m.Symlink("/usr/share/policy/"+name, "/etc/ca/"+name))
	}
	for i := range manyLinks {
		add(fmt.Sprintf("%02d.info", i), 0o644)
	}
	add("secret.info", 0o600)
	add("other.info", 0o644)
	add("taken.info", 0o600)
	must(t, m.Symlink("01.info", "/usr/share/policy/chain.info"), m.Symlink("/usr/share/policy/chain.info", "/etc/ca/chain.info"))
	must(t, m.Mkdir("/usr/share/policy/dir.info", 0o755), m.Symlink("/usr/share/policy/dir.info", "/etc/ca/dir.info"))
	must(t, m.Symlink("/usr/share/policy/gone.info", "/etc/ca/gone.info"))

	looks := &looking{FS: m, n: map[string]int{}, uid: map[string]int{"/etc/ca/other.info": 4242, "/etc/ca/taken.info": 4242}}
	d := NewReader(rootfs.Bound(looks, nil)).Dir("/etc/ca")
	want := map[string]error{
		"taken.info": rootfs.ErrStrange, "other.info": rootfs.ErrStrange, "dir.info": rootfs.ErrNotRegular, "gone.info": fs.ErrNotExist,
	}
	for _, e := range d.Entries {
		if !errors.Is(e.Err, want[e.Name]) || (e.File == nil) != (want[e.Name] != nil) {
			t.Errorf("%s: %v, file %v", e.Name, e.Err, e.File)
		}
	}
	if d.Lookup("chain.info").File != d.Lookup("01.info").File {
		t.Error("a link to a link to a file is another file")
	}
	if looks.n["/usr/share/policy/02.info"] > 1 { // once it is read
		t.Errorf("each file is looked at: %v", looks.n)
	}
	if looks.n["/etc/ca/02.info"] == 0 {
		t.Error("nobody looked whose the link is")
	}
}

// looking counts looks at paths, and gives links to users.
type looking struct {
	rootfs.FS
	mu     sync.Mutex
	n, uid map[string]int
}

func (l *looking) Lstat(p string) (rootfs.Info, error) {
	l.mu.Lock()
	l.n[p]++
	l.mu.Unlock()
	info, err := l.FS.Lstat(p)
	if uid, ok := l.uid[p]; ok {
		info.UID = uid
	}
	return info, err
}
