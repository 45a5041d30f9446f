package recipes

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"arclint/internal/source"
)

// Action is one change, as data. The primitive ones are WriteFile, Link,
// Remove, Chmod, Chown, Mkdir, EditConf, Run, RunTool, Enable and Assert;
// FetchIssuer and InstallTimer are made of primitive ones (steps gives them).
type Action interface{ check() error }

// Owner is a user and group. The zero Owner is root:root.
type Owner struct {
	Name string // "user:group" or "0:0"
	Like string // a path whose owner is taken over; Name is not used then
}

// WriteFile puts a regular file at Path. The parent directory must be there or
// be made by an earlier action.
type WriteFile struct {
	Path    string
	Content []byte
	Mode    fs.FileMode
	Owner   Owner
	Was     *source.File // what stands there now, for the diff; nil: nothing, or not known
}

// Link puts a symbolic link at Path.
type Link struct{ Path, Target string }

// Remove takes away what stands at Path, after a copy went to the backup. A
// directory is removed with its content if Tree is set.
type Remove struct {
	Path string
	Tree bool
	Was  *source.File // for the diff
}

// Chmod sets permission bits. It follows no link.
type Chmod struct {
	Path string
	Mode fs.FileMode
}

// Chown sets the owner. It follows no link.
type Chown struct {
	Path  string
	Owner Owner
}

// Mkdir makes a directory. One that is there stays as it is.
type Mkdir struct {
	Path  string
	Mode  fs.FileMode
	Owner Owner
}

// EditConf changes exact bytes of a text file, and refuses to where the file is
// no longer the one that was read.
type EditConf struct {
	Path  string
	Edits []source.Edit
}

// Run runs a command of the system. Its effect is not undone by a rollback.
type Run struct {
	Argv     []string
	Why      string
	Expect   string // the effect that the reader should see
	OnChange bool   // only where an earlier action of this run changed something
}

// RunTool runs a program that an earlier action installed. The program says on
// standard output what it changed, nothing where all is as it should be, and
// honours ARCLINT_ROOT.
type RunTool struct {
	Path    string
	Args    []string
	Undo    []string // the arguments that take back what it made; nil: Touches is enough
	Touches []string // the paths that it may write, parents first
	Needs   []string // the commands that it calls
	Why     string
	Expect  string
}

// Enable starts a systemd unit now and at every boot.
type Enable struct{ Unit string }

// Assert stops the script where the check does not hold.
type Assert struct{ Check Check }

// FetchIssuer installs and runs a program that fetches an issuer's metadata and
// keys over HTTPS, checked against the system's own trust store, and pins them
// (arc-behaviour G1 to G3).
type FetchIssuer struct {
	Issuer     string
	ControlDir string
	Name       string // the directory below ControlDir/tokenissuers
	CAFile     string // the system's bundle of public CAs
	Tool       string // where the program goes
	Keys       []byte // what the issuer serves, where it is known; for the prover
}

// InstallTimer installs systemd units that run a program regularly and, with
// Watch, at each change of a directory.
type InstallTimer struct {
	Unit        string // name without suffix
	Description string
	Exec        string   // path of the program
	Every       string   // a systemd time span: "1h"
	Jitter      string   // a systemd time span: "10min"
	Watch       string   // a directory, "" for none
	Network     bool     // the program needs the network
	Drops       bool     // it does its work as other users, and has a service restarted
	Writes      []string // the directories in which it writes
	Limit       string   // how long it may take: a systemd time span
}

func (a WriteFile) check() error {
	return errors.Join(checkPath(a.Path), checkMode(a.Path, a.Mode), a.Owner.check())
}
func (a Chmod) check() error { return errors.Join(checkPath(a.Path), checkMode(a.Path, a.Mode)) }
func (a Chown) check() error { return errors.Join(checkPath(a.Path), a.Owner.check()) }
func (a Mkdir) check() error {
	return errors.Join(checkPath(a.Path), checkMode(a.Path, a.Mode), a.Owner.check())
}
func (a Remove) check() error { return checkPath(a.Path) }

func (a Link) check() error {
	if a.Target == "" || strings.ContainsRune(a.Target, 0) {
		return fmt.Errorf("%s: a link to %q is not possible", a.Path, a.Target)
	}
	return checkPath(a.Path)
}

func (a EditConf) check() error {
	f, err := fileOf(a.Edits)
	if err != nil {
		return fmt.Errorf("%s: %w", a.Path, err)
	}
	if f.Path != a.Path {
		return fmt.Errorf("%s: the edits speak of %s", a.Path, f.Path)
	}
	after, err := source.Apply(f, a.Edits)
	if err != nil {
		return err
	}
	if string(after) == string(f.Data) {
		return fmt.Errorf("%s: the edits change nothing: %w", a.Path, ErrNothing)
	}
	return checkPath(a.Path)
}

func (a Run) check() error { return checkWords(a.Argv) }

func (a RunTool) check() error {
	for _, p := range append([]string{a.Path}, a.Touches...) {
		if err := checkPath(p); err != nil {
			return err
		}
	}
	return checkWords(append(append([]string{a.Path}, a.Args...), a.Undo...))
}

func (a Assert) check() error {
	var err error
	for _, p := range checkedPaths(a.Check) {
		err = errors.Join(err, checkPath(p))
	}
	return err
}

func (a Enable) check() error { return checkUnit(a.Unit) }

func (a FetchIssuer) check() error {
	if strings.ContainsAny(a.Name, "/\x00") || a.Name == "" || strings.HasPrefix(a.Name, ".") {
		return fmt.Errorf("%q is no name for the issuer's directory", a.Name)
	}
	return errors.Join(checkPath(a.ControlDir), checkPath(a.CAFile), checkPath(a.Tool), checkWords([]string{a.Issuer}))
}

func (o Owner) check() error {
	if o.Like != "" {
		return checkPath(o.Like)
	}
	user, group, ok := strings.Cut(o.text(), ":")
	if !ok || user == "" || group == "" || strings.HasPrefix(user, "-") || strings.ContainsAny(o.Name, " \t\n\x00") {
		return fmt.Errorf("owner %q is not of the form user:group", o.Name)
	}
	return nil
}

func (o Owner) text() string {
	if o.Name == "" {
		return "root:root"
	}
	return o.Name
}

func checkUnit(name string) error {
	for _, r := range name {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-.", r) {
			return fmt.Errorf("%q is no unit name", name)
		}
	}
	if name == "" || name[0] == '-' {
		return fmt.Errorf("%q is no unit name", name)
	}
	return nil
}

func checkWords(argv []string) error {
	if len(argv) == 0 || argv[0] == "" {
		return errors.New("a command without a name")
	}
	for _, w := range argv {
		if strings.ContainsRune(w, 0) {
			return fmt.Errorf("%q holds a NUL byte", w)
		}
	}
	return nil
}

// steps gives the plan's actions with the composed ones taken apart.
func (p Plan) steps() ([]Action, error) {
	var steps []Action
	for _, a := range p.Actions {
		switch a := a.(type) {
		case FetchIssuer:
			steps = append(steps, a.steps()...)
		case InstallTimer:
			steps = append(steps, a.steps()...)
		default:
			steps = append(steps, a)
		}
	}
	for _, a := range steps {
		if err := a.check(); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

func (a FetchIssuer) dir() string { return path.Join(a.ControlDir, "tokenissuers", a.Name) }

func (a FetchIssuer) steps() []Action {
	dir := a.dir()
	return []Action{
		WriteFile{Path: a.Tool, Content: refreshIssuerTool(a), Mode: 0o755},
		Mkdir{Path: path.Dir(dir), Mode: 0o755, Owner: Owner{Like: a.ControlDir}},
		RunTool{
			Path:    a.Tool,
			Touches: []string{dir, dir + "/metadata", dir + "/keys", dir + "/issuer"},
			Needs:   []string{"python3"},
			Why:     "fetch the issuer's keys over verified HTTPS and pin them",
			Expect:  dir + " holds issuer, metadata and keys",
		},
	}
}
