package site

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sync"
	"time"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/authgroup"
	"arclint/internal/evidence"
	"arclint/internal/gridsec"
	"arclint/internal/release"
	"arclint/internal/rootfs"
)

// Options say how to read a site. The zero value of a field means: find out.
type Options struct {
	Root       string // how messages name the site
	Config     string // path of arc.conf inside the root, default /etc/arc.conf
	ARCVersion string
	Origin     string // who told ARCVersion, default --arc-version
	OSFamily   OSFamily
	Now        time.Time     // required
	Aged       bool          // Now is the clock of who reads a copy, which may be older
	Within     time.Duration // look so far ahead for what ends; zero: as far as each rule does
	Releases   release.Table // that are known; the zero Table: release.Default
	Evidence   rootfs.FS     // the directory of --evidence as a tree; nil: none
	Target     string        // look also as this newer release would; "": do not
	ConfOnly   bool          // read arc.conf and arc.conf.d and nothing else, as of a repository of configurations
	Budget     int64         // bytes of memory that are kept of the site at most, default maxSite
	OnlyUsed   bool          // leave out the system's CAs where this CE does not look at them
	Before     *Site         // what was read of the tree, or of that over which the tree is laid, is not read again; nil: nothing was
}

// GridSecurity is where ARC and Globus keep trust, whatever arc.conf says.
const (
	GridSecurity  = "/etc/grid-security"
	VOMSDir       = GridSecurity + "/vomsdir" // x509_voms_dir has no effect (arc-behaviour V1)
	GridCADir     = release.GridCADir
	defaultConfig = "/etc/arc.conf"
)

// maxSite is what is kept of a site at most, in bytes of memory: a large one, with
// 50,000 users and 200 CAs, takes a tenth.
const maxSite = 224 << 20

// Load reads a site once. It fails only where nothing can be judged: arc.conf
// cannot be read at all. Everything else that cannot be read is kept in the
// place where a rule or the report finds it. With a Target that is no known
// newer release the error is ErrTarget.
func Load(fsys rootfs.FS, opts Options) (*Site, error) {
	look := func(bound func(rootfs.FS, *rootfs.Budget) *rootfs.Bounded) (*Site, *rootfs.Bounded, error) {
		bounded := bound(fsys, rootfs.NewBudget(cmp.Or(opts.Budget, maxSite)))
		if opts.Root != "/" || opts.ConfOnly {
			bounded.AsCopy()
		}
		s, err := loadAll(fsys, bounded, opts)
		return s, bounded, err
	}
	s, bounded, err := look(rootfs.Bound)
	if bounded.Spent() {
		s = nil // its memory goes to the second look
		s, bounded, err = look(rootfs.BoundInOrder)
	}
	if err == nil {
		s.noteLeftOut(bounded)
		s.noteLongNames(fsys)
	}
	return s, err
}

// loadAll reads the bounded tree of the whole one.
func loadAll(whole, bounded rootfs.FS, opts Options) (*Site, error) {
	if len(opts.Releases.Versions()) == 0 {
		opts.Releases = release.Default()
	}
	from := origin{tree: whole, trust: trustReader(whole, bounded, opts.Before)}
	if !opts.ConfOnly && !rootfs.InOrder(bounded) {
		var ahead sync.WaitGroup
		ahead.Go(func() { from.trust.Dir(GridCADir) }) // read whatever arc.conf says, and most of all that is read
		defer ahead.Wait()
	}
	r, err := findRelease(bounded, opts)
	if err != nil {
		return nil, err
	}
	s, err := loadAs(bounded, opts, r, from)
	if err == nil && opts.Target != "" {
		err = s.readTarget(bounded, opts)
	}
	return s, err
}

// noteLeftOut tells of each file that is left out, and why.
func (s *Site) noteLeftOut(tree *rootfs.Bounded) {
	for _, l := range tree.LeftOut() {
		s.Problems = append(s.Problems, Problem{Path: l.Path, Reason: l.Err.Error()})
	}
}

// noteLongNames tells of what an archive holds and arclint does not take.
func (s *Site) noteLongNames(fsys rootfs.FS) {
	archive, ok := fsys.(interface{ LeftOut() (string, int) })
	if !ok {
		return
	}
	if first, n := archive.LeftOut(); n > 0 {
		s.Problems = append(s.Problems, Problem{
			Path:   first[:min(len(first), 100)],
			Reason: fmt.Sprintf("the name is too long or too deep, as are %d in all of this archive", n),
		})
	}
}

// origin is the tree of a site and the Reader of what it trusts.
type origin struct {
	tree  rootfs.FS
	trust *gridsec.Reader
}

// trustReader is a Reader of the bounded tree. It knows what was read of the tree
// before, or of the tree that lies below it, which must not have changed since.
func trustReader(tree, bounded rootfs.FS, before *Site) *gridsec.Reader {
	if before == nil {
		return gridsec.NewReader(bounded)
	}
	if tree == before.origin.tree {
		return before.origin.trust.On(bounded, nil)
	}
	if over, ok := tree.(*rootfs.Mem); ok && over.Base() == before.origin.tree {
		return before.origin.trust.On(bounded, over.Changed())
	}
	return gridsec.NewReader(bounded)
}

func loadAs(fsys rootfs.FS, opts Options, r Release, from origin) (*Site, error) {
	s := &Site{Root: opts.Root, ConfOnly: opts.ConfOnly, Now: opts.Now, Aged: opts.Aged, Within: opts.Within, Release: r, Config: opts.Config, OSFamily: opts.OSFamily, origin: from}
	if s.Config == "" {
		s.Config = defaultConfig
	}
	osFiles := readOSRelease(fsys)
	s.OSOrigin = "--os-family"
	if s.OSFamily == "" {
		s.OSFamily, s.OSOrigin = detectOSFamily(fsys, osFiles)
	}
	s.OS = readOSVersion(fsys, osFiles)
	conf, err := arcconf.Read(fsys, s.Config, arcconf.Options{ConfD: s.Release.ConfD, Secret: arcref.Secret})
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, absent(fsys, opts, s.Config)
		}
		return nil, unreadable(s.Config, err)
	}
	s.readConf(conf)
	whole, trust := fsys, from.trust
	if opts.ConfOnly {
		fsys = rootfs.Bound(rootfs.NewMem(), rootfs.BudgetOf(whole)).AsCopy()
		trust = gridsec.NewReader(fsys)
		s.Problems = append(s.Problems, Problem{Path: "the rest of the site", Reason: notJudged})
	}
	s.readHost(fsys)
	s.readMaps(fsys)
	s.readPools(fsys)
	s.readNamed(fsys)
	s.lookAt(whole, s.Config+".d")
	s.Accounts = readAccounts(fsys)
	if s.Release.PinnedIssuers {
		s.Pinned = evidence.ReadPinned(fsys, s.ControlDir())
	}
	s.readTrust(trust, opts.OnlyUsed && !s.usesSystemStore())
	s.readRenewal(fsys)
	s.readSlurm(fsys)
	s.readDeciding(fsys)
	if opts.Evidence != nil {
		s.Evidence = evidence.ReadChains(opts.Evidence)
		s.KeySets = evidence.ReadKeySets(opts.Evidence)
	}
	return s, nil
}

// notJudged is what --config-only says of everything else.
const notJudged = "arc.conf alone is judged: host certificate, trust anchors, VOMS, accounts, lists and directories are not judged"

func unreadable(path string, err error) error {
	switch {
	case errors.Is(err, rootfs.ErrNotCopied):
		return fmt.Errorf("%s: is a link to a place that this copy does not hold; add it to the copy, or give --root or --config", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: may not be read by this user; run as a user who may, or give --root with a copy", path)
	case errors.Is(err, rootfs.ErrNotRegular):
		return fmt.Errorf("%s: is not a regular file, want the text file that ARC reads", path)
	case errors.Is(err, rootfs.ErrTooLarge), errors.Is(err, rootfs.ErrBudget):
		return fmt.Errorf("%s: is too large to be an arc.conf; give the right file with --config", path)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// findRelease asks the user, then the files, and takes the newest release where
// nothing tells.
func findRelease(fsys rootfs.FS, opts Options) (Release, error) {
	version, origin := opts.ARCVersion, cmp.Or(opts.Origin, "--arc-version")
	if version == "" {
		version, origin = detectRelease(fsys)
	}
	return judge(opts.Releases, cmp.Or(version, opts.Releases.Newest().Measured), origin)
}

// usesSystemStore says whether this CE may look at the CAs of the operating
// system: with the default of x509_cert_policy, grid, no release looks elsewhere
// than among the grid's (arc-behaviour C9).
func (s *Site) usesSystemStore() bool {
	return s.Release.CertPolicy.Known() && s.Conf.Block("common").First("x509_cert_policy") != nil
}

func (s *Site) readTrust(reader *gridsec.Reader, withoutSystem bool) {
	s.GridDir = reader.Dir(GridCADir)
	read := func(dirs []string) (list []*gridsec.Dir) {
		for _, dir := range dirs {
			if dir == GridCADir {
				list = append(list, s.GridDir)
				continue
			}
			list = append(list, reader.Dir(dir))
		}
		return list
	}
	s.ClientDirs = read(s.ClientCADirs())
	if !s.Release.Fetch.Dir.IsZero() {
		s.FetchDirs = read(s.caDirs(s.Release.Fetch))
	}
	s.System = gridsec.NewSystem(s.OpenSSLDir())
	if !withoutSystem {
		s.System = reader.System(s.OpenSSLDir(), s.OSFamily.Bundles()...)
	}
	s.OpenSSL = readOpenSSLConf(reader, s.OpenSSLDir())
	s.VOMS = reader.VOMSDir(VOMSDir)
}

func (s *Site) readHost(fsys rootfs.FS) {
	cert := s.text("common", "x509_host_cert", GridSecurity+"/hostcert.pem")
	key := s.text("common", "x509_host_key", GridSecurity+"/hostkey.pem")
	s.Host = gridsec.NewReader(fsys).Credential(cert, key)
}

// readConf takes what ARC holds of arc.conf, and the lines of it that say who
// gets in.
func (s *Site) readConf(conf *arcconf.Document) {
	s.Conf, s.Access = conf, authgroup.Read(conf, s.dialect())
}

// dialect is how this release reads the lines that say who gets in.
func (s *Site) dialect() authgroup.Dialect {
	return authgroup.Dialect{
		Expressions:  s.Release.Expressions,
		BareQuotes:   s.Release.ExpressionsBare,
		NamePatterns: s.Release.PatternsOnNames,
		VOOfGroup:    s.Release.VOGroups,
		Defaults:     s.Release.Ref,
		Knows:        func(kind string) bool { return s.Release.Ref.Block(kind) != nil },
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
	if s.Release.UserLists { // others drop the blocks (arc-behaviour B7)
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
