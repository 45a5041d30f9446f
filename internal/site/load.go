package site

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/authgroup"
	"arclint/internal/evidence"
	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
)

// Options say how to read a site. The zero value of a field means: find out.
type Options struct {
	Root       string // how messages name the site
	Config     string // path of arc.conf inside the root, default /etc/arc.conf
	ARCVersion string
	Origin     string // who told ARCVersion, default --arc-version
	OSFamily   OSFamily
	Now        time.Time         // required
	Reference  *arcref.Reference // in place of the release's own
	Evidence   rootfs.FS         // the directory of --evidence as a tree; nil: none
	Target     string            // look also as this newer release would; "": do not
	OnlyUsed   bool              // leave out the system's CAs where this CE does not look at them
}

// GridSecurity is where ARC and Globus keep trust, whatever arc.conf says.
const (
	GridSecurity   = "/etc/grid-security"
	GridCADir      = GridSecurity + "/certificates"
	defaultConfig  = "/etc/arc.conf"
	defaultVersion = "7.2.0" // judged as the newest measured release where none is found
)

// Load reads a site once. It fails only where nothing can be judged: arc.conf
// cannot be read at all. Everything else that cannot be read is kept in the
// place where a rule or the report finds it. With a Target that is no known
// newer release the error is ErrTarget.
func Load(fsys rootfs.FS, opts Options) (*Site, error) {
	s, err := loadAs(fsys, opts)
	if err != nil || opts.Target == "" {
		return s, err
	}
	return s, s.readTarget(fsys, opts)
}

func loadAs(fsys rootfs.FS, opts Options) (*Site, error) {
	s := &Site{Root: opts.Root, Now: opts.Now, Config: opts.Config, OSFamily: opts.OSFamily}
	if s.Config == "" {
		s.Config = defaultConfig
	}
	if s.OSFamily == "" {
		s.OSFamily = detectOSFamily(fsys)
	}
	if err := s.findRelease(fsys, opts); err != nil {
		return nil, err
	}
	conf, err := arcconf.Read(fsys, s.Config, arcconf.Options{ConfD: s.Release.Is7()})
	if err != nil {
		return nil, unreadable(s.Config, err)
	}
	s.Conf = conf
	s.Access = authgroup.Read(conf, s.dialect())
	s.readTrust(fsys, opts.OnlyUsed && !s.usesSystemStore())
	s.readHost(fsys)
	s.readMaps(fsys)
	s.readPools(fsys)
	s.readNamed(fsys)
	s.Accounts = readAccounts(fsys)
	if s.Release.Is7() {
		s.Pinned = evidence.ReadPinned(fsys, s.ControlDir())
	}
	if opts.Evidence != nil {
		s.Evidence = evidence.ReadChains(opts.Evidence)
		s.KeySets = evidence.ReadKeySets(opts.Evidence)
	}
	return s, nil
}

func unreadable(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: does not exist in this root; give --root or --config", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: may not be read by this user; run as a user who may, or give --root with a copy", path)
	case errors.Is(err, rootfs.ErrNotRegular):
		return fmt.Errorf("%s: is not a regular file, want the text file that ARC reads", path)
	case errors.Is(err, rootfs.ErrTooLarge):
		return fmt.Errorf("%s: is too large to be an arc.conf; give the right file with --config", path)
	}
	return fmt.Errorf("%s: %w", path, err)
}

func (s *Site) findRelease(fsys rootfs.FS, opts Options) error {
	version, origin := opts.ARCVersion, cmp.Or(opts.Origin, "--arc-version")
	if version == "" {
		version, origin = detectRelease(fsys)
	}
	if version == "" {
		version = defaultVersion
	}
	release, err := NewRelease(version, origin)
	if err != nil {
		return err
	}
	s.Release = release
	s.Ref = opts.Reference
	if s.Ref == nil {
		s.Ref, _ = arcref.For(release.Measured)
	}
	return nil
}

// usesSystemStore says whether this CE may look at the CAs of the operating
// system: 6.17 does not know x509_cert_policy, and with its default, grid, 7.x
// looks nowhere else than among the grid's (arc-behaviour C9).
func (s *Site) usesSystemStore() bool {
	return s.Release.Is7() && s.Conf.Block("common").First("x509_cert_policy") != nil
}

func (s *Site) readTrust(fsys rootfs.FS, withoutSystem bool) {
	reader := gridsec.NewReader(fsys)
	s.GridDir = reader.Dir(GridCADir)
	for _, dir := range s.ClientCADirs() {
		if dir == GridCADir {
			s.ClientDirs = append(s.ClientDirs, s.GridDir)
			continue
		}
		s.ClientDirs = append(s.ClientDirs, reader.Dir(dir))
	}
	s.System = gridsec.NewSystem(s.OpenSSLDir())
	if !withoutSystem {
		s.System = reader.System(s.OpenSSLDir())
	}
	s.VOMS = reader.VOMSDir(s.text("common", "x509_voms_dir", GridSecurity+"/vomsdir"))
}

func (s *Site) readHost(fsys rootfs.FS) {
	cert := s.text("common", "x509_host_cert", GridSecurity+"/hostcert.pem")
	key := s.text("common", "x509_host_key", GridSecurity+"/hostkey.pem")
	s.Host = gridsec.NewReader(fsys).Credential(cert, key)
}

// dialect is how this release reads the lines that say who gets in.
func (s *Site) dialect() authgroup.Dialect {
	return authgroup.Dialect{
		Expressions: s.Release.Is7(),
		BareQuotes:  s.Release.Measured == "7.0.0",
		VOOfGroup:   s.Release.Is7(),
		Knows:       func(kind string) bool { return s.Ref.Block(kind) != nil },
	}
}

// readMaps reads the lists of subjects that arc.conf names: file= of an
// authgroup, map_with_file of [mapping], and the grid-mapfile.
func (s *Site) readMaps(fsys rootfs.FS) {
	reader, seen := gridsec.NewReader(fsys), map[string]bool{}
	read := func(file string) {
		if path.IsAbs(file) && !seen[file] {
			seen[file] = true
			s.Maps = append(s.Maps, reader.MapFile(file))
		}
	}
	for _, rule := range authgroup.Rules[*authgroup.File](s.Access) {
		read(rule.Test.Path.Text)
	}
	if !s.Release.Is7() { // which drops the blocks (arc-behaviour B7)
		for _, list := range s.Conf.Kind("userlist") {
			for _, o := range list.All("outfile") {
				read(o.Value.Text)
			}
		}
	}
	for _, m := range s.Access.MapRules(authgroup.MapWithFile) {
		read(m.Target.Text)
	}
}
