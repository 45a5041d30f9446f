package recipes

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"arclint/internal/source"
)

// Plan is what a recipe would do to one site.
type Plan struct {
	Recipe   string // the recipe's ID
	Title    string
	Why      string // what is wrong and what the actions change about it, complete sentences
	Strategy string // of trust-issuer; "" otherwise
	Actions  []Action
	Require  []Check  // must hold before anything is touched
	Verify   []Check  // must hold afterwards, beside what follows from each action
	Table    Table    // compares the strategies; empty where there is only one way
	Before   []string // what a person does before the actions, in this order; no renderer makes commands of it
	After    []string // the same after them
	Meant    Meant    // who may get in or be shut out by it
	Release  string   // the release that reads the site afterwards, "" where it stays the same
	Notes    []string // what the reader must know, and what the plan does not do
	Restarts []string // the services that must read their configuration again, also after a rollback
}

// Table compares the strategies for one problem on the site's release.
type Table struct {
	Columns []string // the questions
	Rows    []Row
}

// Row is one strategy's answers, one a column.
type Row struct {
	Strategy string
	Chosen   bool
	Cells    []Cell
}

// Cell is one answer and the measured facts that it rests on ("H1").
type Cell struct {
	Text  string
	Facts []string
}

// Check is something that must be true of the machine. Each kind renders to one
// call in the script.
type Check interface{ check() }

// DirExists holds where path is a directory.
type DirExists struct{ Path string }

// Exactly holds where path is a regular file with exactly that content.
type Exactly struct {
	Path    string
	Content []byte
}

// NotEmpty holds where path is a regular file with content.
type NotEmpty struct{ Path string }

// Anchored holds where the self-signed certificate in the file PEM is found
// (or, with Not, is not found) by OpenSSL's lookup in Dir.
type Anchored struct {
	Dir, PEM string
	Not      bool
}

// StillVerifies holds where a certificate that verifies against the directory
// Before verifies against After as well. It also holds where it did not verify
// before: then the plan did not break it.
type StillVerifies struct{ Cert, Before, After string }

// Fresh holds where at least one CRL of the directory is there and each *.r0
// that OpenSSL can read has not expired.
type Fresh struct{ Dir string }

func (DirExists) check()     {}
func (Exactly) check()       {}
func (NotEmpty) check()      {}
func (Anchored) check()      {}
func (StillVerifies) check() {}
func (Fresh) check()         {}

// check refuses what no renderer could write safely.
func (p Plan) check() error {
	if len(p.Actions) == 0 {
		return ErrNothing
	}
	for _, a := range p.Actions {
		if err := a.check(); err != nil {
			return err
		}
	}
	for _, c := range append(append([]Check(nil), p.Require...), p.Verify...) {
		if err := (Assert{c}).check(); err != nil {
			return err
		}
	}
	_, err := p.steps()
	return err
}

func checkedPaths(c Check) []string {
	switch c := c.(type) {
	case DirExists:
		return []string{c.Path}
	case Exactly:
		return []string{c.Path}
	case NotEmpty:
		return []string{c.Path}
	case Anchored:
		return []string{c.Dir, c.PEM}
	case StillVerifies:
		return []string{c.Cert, c.Before, c.After}
	case Fresh:
		return []string{c.Dir}
	}
	return nil
}

// checkPath admits only an absolute path without detours: anything else could
// lead a script, which runs as root, to another place than the one shown.
func checkPath(p string) error {
	switch {
	case strings.ContainsRune(p, 0):
		return fmt.Errorf("path %q holds a NUL byte", p)
	case !path.IsAbs(p):
		return fmt.Errorf("path %q is not absolute, want one that begins with a slash", p)
	case path.Clean(p) != p:
		return fmt.Errorf("path %q takes detours, want %q", p, path.Clean(p))
	case p == "/":
		return errors.New("path is the root directory")
	}
	return nil
}

func checkMode(path string, mode fs.FileMode) error {
	if mode&^0o7777 != 0 {
		return fmt.Errorf("%s: mode %v has other bits than permissions", path, mode)
	}
	return nil
}

// fileOf is the file that the edits change; they must all speak of one.
func fileOf(edits []source.Edit) (*source.File, error) {
	if len(edits) == 0 {
		return nil, errors.New("an edit without changes")
	}
	f := edits[0].Span.File
	if f == nil {
		return nil, errors.New("an edit of no file")
	}
	return f, nil
}

func listed(names []string) string { return strings.Join(names, ", ") }
