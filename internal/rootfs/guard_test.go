package rootfs

import (
	"errors"
	"io/fs"
	"testing"
)

// linked makes a link that belongs to a user: links cannot be given away in a Mem.
func linked(t *testing.T, m *Mem, target, path string, uid int) {
	t.Helper()
	must(t, m.Symlink(target, path))
	m.nodes[path].uid = uid
}

// TestStrangeLinks: a link that another user could have put there is not followed
// to what is not his; all others are.
func TestStrangeLinks(t *testing.T) {
	m := NewMem()
	const user = 4242 // neither root nor whoever runs the tests
	for _, path := range []string{"/etc/ca/a.pem", "/usr/share/ca.pem", "/etc/shadow", "/home/u/own.pem", "/home/u/deep/x", "/srv/ca/x.pem", "/srv/open/x", "/tmp/x", "/root/ca/z"} {
		must(t, m.WriteFile(path, []byte("x"), 0o600))
	}
	must(t, m.Chown("/home/u", user, user), m.Chown("/home/u/own.pem", user, user), m.Chmod("/srv/open", 0o777), m.Chmod("/tmp", fs.ModeSticky|0o777),
		m.Mkdir("/srv/group", 0o775), m.Chown("/srv/group", 0, 50), m.Mkdir("/srv/mine", 0o775))
	for _, l := range []struct {
		target, path string
		uid          int
		strange      bool
	}{
		{"/usr/share/ca.pem", "/etc/ca/root.0", 0, false},
		{"a.pem", "/etc/ca/in.0", user, false},
		{"./a.pem", "/etc/ca/in.1", user, false},
		{"../ca/a.pem", "/etc/ca/in.2", user, false},
		{"/etc/shadow", "/etc/ca/out.0", user, true},
		{"../shadow", "/etc/ca/out.1", user, true},
		{"/etc/gone", "/etc/ca/gone.0", user, true},
		{"/home/u/own.pem", "/etc/ca/own.0", user, false},
		{"/etc/shadow", "/home/u/root.0", 0, true},
		{"/home/u/own.pem", "/home/u/own.0", 0, false},
		{"/etc/shadow", "/srv/open/any.0", 0, true},
		{"/etc/shadow", "/srv/group/member.0", 0, true},
		{"/etc/shadow", "/srv/mine/root.0", 0, false},
		{"/etc/shadow", "/tmp/root.0", 0, false},
		{"/etc/shadow", "/tmp/user.0", user, true},
		{"/root/ca", "/home/u/dir", user, true},
	} {
		linked(t, m, l.target, l.path, l.uid)
		b := Bound(m, nil)
		info, err := Stat(b, l.path)
		target, _ := m.Readlink(l.path)
		followed, followErr := NewResolver(b).Follow(l.path, target)
		if info.Path != followed.Path || errors.Is(err, ErrStrange) != errors.Is(followErr, ErrStrange) {
			t.Errorf("%s: Stat gives %q, %v and Follow %q, %v", l.path, info.Path, err, followed.Path, followErr)
		}
		left := b.LeftOut()
		if told := len(left) == 1 && left[0].Path == l.path; errors.Is(err, ErrStrange) != l.strange || told != l.strange {
			t.Errorf("%s -> %s of %d: %v, left out %v", l.path, l.target, l.uid, err, left)
		}
		if _, err := Stat(m, l.path); l.target != "/etc/gone" && err != nil {
			t.Errorf("%s: %v without a guard", l.path, err)
		}
	}
	if _, _, err := Read(Bound(m, nil), "/home/u/dir/z", 10); !errors.Is(err, ErrStrange) || !Unread(err) {
		t.Errorf("through a directory: %v", err)
	}
	m.nodes["/"].uid = user // the site is his: a copy
	if _, err := Stat(Bound(m, nil), "/etc/ca/out.0"); err != nil {
		t.Errorf("in his own copy: %v", err)
	}
}

// TestStrangeChain: links of links take steps, not powers of two.
func TestStrangeChain(t *testing.T) {
	m := NewMem()
	must(t, m.WriteFile("/end/x", nil, 0o600))
	linked(t, m, "/end/x", "/l0", 7)
	for _, step := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		linked(t, m, "/l"+string(step[0]-1), "/l"+step, 7)
	}
	counted := &counting{FS: m}
	if _, err := Stat(Bound(counted, nil), "/l9"); !errors.Is(err, ErrStrange) {
		t.Error(err)
	}
	if counted.n > 60 {
		t.Errorf("%d looks at a chain of ten links", counted.n)
	}
}

type counting struct {
	FS
	n int
}

func (c *counting) Lstat(p string) (Info, error) { c.n++; return c.FS.Lstat(p) }
