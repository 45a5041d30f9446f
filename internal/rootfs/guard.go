package rootfs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// ErrStrange is what a StrangeLink is. What stands behind the link is not known.
var ErrStrange = errors.New("is not followed: another user could have put it there")

// StrangeLink is the error of a path that leads through a link which another user
// could have put there, out of the directory in which it stands and to something
// that is not that user's own. ARC follows it. Who reads as root must not: what is
// read is shown, and the link may lead to a secret.
//
// The rule is that of systemd's CHASE_SAFE, and of the kernel's protected_symlinks,
// for any directory.
type StrangeLink struct {
	Path, Target string
	Who          string // could have put it there
}

// Error says what stands there.
func (l *StrangeLink) Error() string {
	return fmt.Sprintf("%s is a link to %s, which %s could have put there: arclint does not follow it, and ARC does", l.Path, l.Target, l.Who)
}

// Is makes an ErrStrange of it.
func (l *StrangeLink) Is(target error) bool { return target == ErrStrange }

// guard knows who may put links into a site: root, the user who runs arclint, and
// whose site it is, who owns its top directory or its etc (a copy, an archive).
type guard struct {
	trusted map[int]bool
	told    func(path string, err error)
}

func newGuard(fsys FS, told func(string, error)) *guard {
	g := &guard{trusted: map[int]bool{0: true, os.Geteuid(): true, unknownOwner: true}, told: told}
	for _, top := range []string{"/", "/etc"} {
		if info, err := fsys.Lstat(top); err == nil && info.Mode.IsDir() {
			g.trusted[info.UID] = true
		}
	}
	return g
}

const unknownOwner = -1

// whose says who beside those who are trusted could have put the link there, ""
// where nobody could.
func (g *guard) whose(r *Resolver, link Info) string {
	if !g.trusted[link.UID] {
		return fmt.Sprintf("user %d", link.UID)
	}
	for dir := path.Dir(link.Path); ; dir = path.Dir(dir) {
		info, err := r.lstat(dir)
		switch {
		case err != nil:
			return "" // it could not have been met
		case !g.trusted[info.UID]:
			return fmt.Sprintf("user %d, whose %s is,", info.UID, dir)
		case info.Mode&fs.ModeSticky != 0: // what stands in it stays with its owner
		case info.Mode&0o002 != 0:
			return "anybody, who may write " + dir + ","
		case info.Mode&0o020 != 0 && !g.trusted[info.GID]: // many systems give each user a group of the same number
			return fmt.Sprintf("group %d, which may write %s,", info.GID, dir)
		}
		if dir == "/" {
			return ""
		}
	}
}

// strangeLinks are the links of others that a path has led through, and that it
// has not come to the end of yet.
type strangeLinks []strangeLink

type strangeLink struct {
	*StrangeLink
	uid  int
	left int // how much of the path is left behind the link
	told func(string, error)
}

// note remembers the link if it is one of others. One that names its neighbour
// leads nowhere else.
func (s *strangeLinks) note(r *Resolver, link Info, target, rest string) {
	if r.guard == nil || target != ".." && target != "." && !strings.Contains(target, "/") {
		return
	}
	if who := r.guard.whose(r, link); who != "" {
		*s = append(*s, strangeLink{&StrangeLink{Path: link.Path, Target: target, Who: who}, link.UID, len(rest), r.guard.told})
	}
}

// check refuses the links of others that have led to at by now, where that stands in
// another directory and belongs to somebody else.
func (s *strangeLinks) check(at Info, rest string) error {
	for n := len(*s); n > 0 && len(rest) <= (*s)[n-1].left; n-- {
		l := (*s)[n-1]
		if path.Dir(at.Path) != path.Dir(l.Path) && (at.UID != l.uid || at.UID == 0) {
			return l.refuse()
		}
		*s = (*s)[:n-1]
	}
	return nil
}

func (l strangeLink) refuse() error {
	err := failed("resolve", l.Path, l.StrangeLink)
	l.told(l.Path, l.StrangeLink)
	return err
}

// hide gives the error of a path, or that it led through a link of others: whether
// something stands behind that is not told either.
func (s strangeLinks) hide(err error) error {
	if len(s) > 0 && err != nil {
		return s[0].refuse()
	}
	return err
}
