package site

import (
	"errors"
	"fmt"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/rootfs"
)

// ErrTarget says that a site cannot be looked at as the release of
// Options.Target. Test with errors.Is.
var ErrTarget = errors.New("no release to upgrade to")

// readTarget reads the same files as the release of --target would. The two
// views share their texts, so that a place in one is a place in the other.
// ErrTarget: the release is unknown, or not newer than that of the site.
func (s *Site) readTarget(fsys rootfs.FS, opts Options) error {
	if err := s.canBecome(opts.Target); err != nil {
		return err
	}
	opts.ARCVersion, opts.Origin, opts.OSFamily, opts.Reference = opts.Target, "--target", s.OSFamily, nil
	t, err := loadAs(fsys, opts)
	if err != nil {
		return err
	}
	s.Target = t
	if s.Release.Is7() {
		t.Conf = s.Conf
	} else {
		s.Conf = arcconf.Parse(t.Conf.Main) // ARC 6 reads no arc.conf.d (arc-behaviour C10)
	}
	return nil
}

func (s *Site) canBecome(version string) error {
	if _, known := arcref.For(version); !known {
		return fmt.Errorf("%w: ARC %s is not known, %s", ErrTarget, version, newer(s.Release.Version))
	}
	if arcref.CompareVersions(version, s.Release.Version) <= 0 {
		return fmt.Errorf("%w: ARC %s is not newer than the site's %s, %s", ErrTarget, version, s.Release.Version, newer(s.Release.Version))
	}
	if r, err := NewRelease(version, ""); err == nil && r.Measured == s.Release.Measured {
		return fmt.Errorf("%w: the site's %[3]s is judged as ARC %[2]s already, nothing is known of a change", ErrTarget, version, s.Release.Version)
	}
	return nil
}

// newer says which releases a site of the version could become.
func newer(version string) string {
	var list []string
	for _, v := range arcref.Versions() {
		if arcref.CompareVersions(v, version) > 0 {
			list = append(list, v)
		}
	}
	if len(list) == 0 {
		return "and no newer one than " + version + " is"
	}
	return "want " + strings.Join(list, " or ")
}
