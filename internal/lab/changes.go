//go:build lab

package lab

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// passing is what a CE writes while it runs, and the note of who ran a script last.
var passing = []string{"/var/log/", "/run/", "/tmp/", "/var/spool/arc/", "/var/cache/", "/var/lib/", "/var/backups/arclint/lock"}

// pinned is the part of the control directory that an administrator writes.
const pinned = "/var/spool/arc/jobstatus/tokenissuers"

// Changes are the files that differ from the chroot's, with their mode, owner and
// contents in short, but for what a CE writes while it runs. A file that is gone
// is there as a device.
func (c *CE) Changes() (map[string]string, error) {
	upper := filepath.Join(fmt.Sprintf("/proc/%d/root", c.init), filepath.Dir(c.root), "upper")
	found := map[string]string{}
	err := filepath.WalkDir(upper, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, upper)
		under := func(dir string) bool { return strings.HasPrefix(name, dir) }
		if d.IsDir() || slices.ContainsFunc(passing, under) && !under(pinned) {
			return nil
		}
		found[name], err = describe(path, d)
		return err
	})
	return found, err
}

func describe(path string, d fs.DirEntry) (string, error) {
	info, err := d.Info()
	if err != nil {
		return "", err
	}
	switch {
	case d.Type()&fs.ModeSymlink != 0:
		target, err := os.Readlink(path)
		return "-> " + target, err
	case !d.Type().IsRegular():
		return info.Mode().String(), nil
	}
	data, err := os.ReadFile(path)
	return fmt.Sprintf("%s %x", info.Mode(), sha256.Sum256(data)), err
}
