package site

import (
	"errors"
	"fmt"

	"arclint/internal/arcconf"
	"arclint/internal/rootfs"
)

// ErrTarget says that a site cannot be looked at as the release of
// Options.Target. Test with errors.Is.
var ErrTarget = errors.New("no release to upgrade to")

// readTarget reads the same files as the release of --target would. The two
// views share their texts, so that a place in one is a place in the other.
// ErrTarget: the release is unknown, or not newer than that of the site.
func (s *Site) readTarget(fsys rootfs.FS, opts Options) error {
	row, err := opts.Releases.Upgrade(s.Release.Version, opts.Target)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrTarget, err)
	}
	opts.OSFamily = s.OSFamily
	t, err := loadAs(fsys, opts, Release{Row: row, Version: opts.Target, Exact: true, Origin: "--target", Table: opts.Releases}, s.origin)
	if err != nil {
		return err
	}
	s.Target = t
	switch {
	case s.Release.ConfD == t.Release.ConfD:
		t.readConf(s.Conf)
	case t.Release.ConfD:
		s.readConf(arcconf.Parse(t.Conf.Main)) // without the files of arc.conf.d (arc-behaviour C10)
	default:
		t.readConf(arcconf.Parse(s.Conf.Main))
	}
	return nil
}
