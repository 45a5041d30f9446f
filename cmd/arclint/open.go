package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/arcref"
	"arclint/internal/evidence"
	"arclint/internal/example"
	"arclint/internal/prose"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

// openSite reads what the CE that the flags name uses, and confines the process
// before: most leave the system's CAs alone.
func openSite(c *cli.Context) (*site.Site, error) {
	o, err := openRoot(c)
	if err != nil {
		return nil, err
	}
	o.confine(c)
	return o.tell(c)
}

// openFree is openSite for a command that goes on to talk or to write.
func openFree(c *cli.Context) (*site.Site, error) {
	o, err := openRoot(c)
	if err != nil {
		return nil, err
	}
	return o.tell(c)
}

// tell reads what the CE uses, and says beside the answer of the command what was
// not read: it may depend on it.
func (o opened) tell(c *cli.Context) (*site.Site, error) {
	s, err := o.loadUsed()
	if err != nil {
		return nil, err
	}
	for i, p := range s.Problems {
		if i == maxTold {
			_, _ = fmt.Fprintf(c.App.ErrWriter, "arclint: not read: %d more; `arclint check` names them\n", len(s.Problems)-i)
			break
		}
		// Where this cannot be written, the answer matters more.
		_, _ = fmt.Fprintf(c.App.ErrWriter, "arclint: not read: %s: %s\n", prose.Safe(p.Path), prose.Safe(p.Reason))
	}
	return s, nil
}

const maxTold = 20 // files that are named beside an answer

// loadUsed reads what the CE uses.
func (o opened) loadUsed() (*site.Site, error) {
	o.options.OnlyUsed = true
	return o.load()
}

// load reads the site. The recipe prover reads it again through an overlay.
func (o opened) load() (*site.Site, error) {
	s, err := site.Load(o.tree, o.options)
	if errors.Is(err, site.ErrTarget) {
		return nil, usageError("--target: %w", err)
	}
	if err != nil {
		return nil, exitError{code: exitUnreadable, err: err}
	}
	return s, nil
}

// opened is a site's tree and how to read it.
type opened struct {
	tree    rootfs.FS
	options site.Options
	dirs    []string // of this machine, that are read
	tried   *tried   // the last plan of try, nil where nobody asks for it again
}

func openRoot(c *cli.Context) (opened, error) {
	options, err := siteOptions(c)
	if err != nil {
		return opened{}, err
	}
	if name := c.String("example"); name != "" {
		return openExample(c, name, options)
	}
	root := c.String("root")
	tree, err := openTree(root)
	if err != nil {
		return opened{}, exitError{code: exitUnreadable, err: fmt.Errorf("--root %s: %w", root, reason(err))}
	}
	options.Root = root
	if options.Config != "" && root == "/" {
		if options.Config, err = filepath.Abs(options.Config); err != nil {
			return opened{}, usageError("--config: %w", err)
		}
	}
	o := opened{tree: tree, options: options, dirs: evidenceDirs(c)}
	if _, isDir := tree.(*rootfs.Tree); isDir {
		o.dirs = append(o.dirs, root)
	}
	return o, nil
}

// fromInput is where an arc.conf from standard input stands.
const fromInput = "/stdin"

// openConf is a site of which nothing but the arc.conf is known, a file of this
// machine or standard input.
func openConf(c *cli.Context, name string) (opened, error) {
	for _, flag := range []string{"root", "config", "example"} {
		if c.IsSet(flag) {
			return opened{}, usageError("--%s and the file %s exclude each other: leave one of them out", flag, name)
		}
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return opened{}, usageError("%s is a directory: `arclint check --root %s` checks the site in it", name, name)
	}
	options, err := siteOptions(c)
	if err != nil {
		return opened{}, err
	}
	options.Root, options.Config, options.ConfOnly = name, fromInput, true
	if name != "-" {
		if options.Config, err = filepath.Abs(name); err != nil {
			return opened{}, usageError("%s: %w", name, err)
		}
	}
	data, err := confBytes(c, name)
	if err != nil {
		return opened{}, err
	}
	tree := rootfs.NewMem()
	if err := tree.WriteFile(options.Config, data, 0o644); err != nil {
		return opened{}, exitError{code: exitUnreadable, err: fmt.Errorf("%s: %w", name, err)}
	}
	return opened{tree: tree, options: options, dirs: evidenceDirs(c)}, nil
}

func openExample(c *cli.Context, name string, options site.Options) (opened, error) {
	if c.IsSet("root") {
		return opened{}, usageError("--example and --root exclude each other")
	}
	ex, err := example.Open(name)
	if err != nil {
		return opened{}, usageError("--example: %w", err)
	}
	options.Root = "example:" + name
	if !c.IsSet("now") {
		options.Now = ex.Now
	}
	if options.ARCVersion == "" {
		options.ARCVersion, options.Origin = ex.ARCVersion, "the example"
	}
	if options.OSFamily == "" {
		options.OSFamily = site.OSFamily(ex.OSFamily)
	}
	return opened{tree: ex.Tree, options: options, dirs: evidenceDirs(c)}, nil
}

// evidenceDirs is the directory of --evidence, where it is given.
func evidenceDirs(c *cli.Context) []string {
	if dir := c.String("evidence"); dir != "" {
		return []string{dir}
	}
	return nil
}

// openTree opens a directory, or reads a tar archive (plain or gzip) whole.
func openTree(root string) (rootfs.FS, error) {
	info, err := os.Stat(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("does not exist, want a directory or a tar archive that holds etc/arc.conf")
	}
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return rootfs.Dir(root)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is neither a directory nor a tar archive")
	}
	file, err := os.Open(root)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return rootfs.Tar(file, rootfs.Limits{})
}

// reason takes away the operation and the path that an error of the file
// system names: the message has said which file it speaks of.
func reason(err error) error {
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

func siteOptions(c *cli.Context) (site.Options, error) {
	now, err := nowOf(c)
	if err != nil {
		return site.Options{}, err
	}
	options := site.Options{
		Config: c.String("config"), Now: now, Aged: c.String("root") != "/" && !c.IsSet("now"), Releases: releasesOf(c),
		ARCVersion: strings.TrimSpace(c.String("arc-version")), Target: strings.TrimSpace(c.String("target")),
	}
	if options.Within, err = withinOf(c); err != nil {
		return site.Options{}, err
	}
	if options.ARCVersion != "" {
		if err := releasesOf(c).Known(options.ARCVersion); err != nil {
			return site.Options{}, usageError("--arc-version: %w", err)
		}
	}
	switch family := site.OSFamily(c.String("os-family")); family {
	case "", site.Debian, site.RHEL:
		options.OSFamily = family
	default:
		return site.Options{}, usageError("--os-family %q is unknown, want debian or rhel", family)
	}
	if path := c.String("reference"); path != "" {
		ref, err := readReference(path)
		if err != nil {
			return site.Options{}, err
		}
		options.Releases = releasesOf(c).WithReference(ref)
	}
	if dir := c.String("evidence"); dir != "" {
		if options.Evidence, err = rootfs.Dir(dir); err != nil {
			return site.Options{}, usageError("--evidence %s: %w", dir, reason(err))
		}
		if !evidence.Has(options.Evidence) {
			return site.Options{}, usageError("--evidence %s: no file there is named as evidence is, HOST.pem, HOST_PORT.pem or HOST.jwks.json; "+
				"`arclint probe --write DIR` writes such files", dir)
		}
	}
	return options, nil
}

const maxReference = 8 << 20 // bytes; the largest known one has 0.2 MB

func readReference(path string) (*arcref.Reference, error) {
	ref, err := loadReference(path)
	if err != nil {
		return nil, usageError("--reference %s: %w", path, reason(err))
	}
	ref.Version = filepath.Base(path)
	return ref, nil
}

// loadReference reads an arc.conf.reference. It goes by its path.
func loadReference(path string) (*arcref.Reference, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxReference {
		return nil, errors.New("is no regular file of a sensible size, want an arc.conf.reference")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	ref, err := arcref.ParseReference(path, data)
	if err != nil {
		return nil, err
	}
	return ref.WithCode(), nil
}
