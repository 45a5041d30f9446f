package recipes

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/source"
)

// removal is what goes from one trust directory.
type removal struct {
	dir    *gridsec.Dir
	files  []*gridsec.File
	gone   map[string]bool // names of entries
	hashes []string        // of the numbered names among them, in order
}

// removeCAs takes CA files out of their directories under all their names, with
// what belongs to them, and closes the gaps in the numbers that others of their
// hashes have: OpenSSL looks no further than a gap (arc-behaviour D1).
func removeCAs(s *site.Site, targets []string) ([]Action, error) {
	var all []*removal
	for _, target := range targets {
		d, e := findEntry(s, target)
		if e == nil {
			return nil, fmt.Errorf("%q is in none of the trust directories", target)
		}
		i := slices.IndexFunc(all, func(r *removal) bool { return r.dir == d })
		if i < 0 {
			i, all = len(all), append(all, &removal{dir: d, gone: map[string]bool{}})
		}
		if e.File != nil && packaged(d, e.File) {
			return nil, fmt.Errorf("%s belongs to the grid CA distribution: exclude it there, or it comes back with the next update", target)
		}
		all[i].add(e)
	}
	var actions []Action
	for _, r := range all {
		actions = append(actions, r.actions()...)
	}
	return actions, nil
}

// add is for an entry, and for all others that lead to the same CA.
func (r *removal) add(e *gridsec.Entry) {
	ca := e.File != nil && len(e.File.Certificates) > 0
	for _, o := range r.dir.Entries {
		if o != e && !(ca && o.File == e.File) {
			continue
		}
		r.gone[o.Name] = true
		if hash, _, ok := hashEntry(o.Name); ok && !slices.Contains(r.hashes, hash) {
			r.hashes = append(r.hashes, hash)
		}
	}
	if ca && !slices.Contains(r.files, e.File) {
		r.files = append(r.files, e.File)
	}
}

func (r *removal) actions() []Action {
	var moves, actions []Action
	for _, hash := range r.hashes {
		moves = append(moves, r.closeGaps(hash)...)
	}
	for _, o := range r.dir.Entries {
		if r.gone[o.Name] && !overwritten(moves, o.Path) {
			actions = append(actions, Remove{Path: o.Path, Was: textOf(o)})
		}
	}
	actions = append(actions, moves...)
	for _, f := range r.files {
		for _, c := range f.Certificates {
			if !r.stays(c) {
				actions = r.leftovers(actions, f, c)
			}
		}
	}
	return actions
}

// stays says whether a CA of the same name is left in the directory.
func (r *removal) stays(c *gridsec.Certificate) bool {
	return slices.ContainsFunc(r.dir.Entries, func(e *gridsec.Entry) bool {
		return !r.gone[e.Name] && e.File != nil && slices.ContainsFunc(e.File.Certificates, func(o *gridsec.Certificate) bool { return o.SubjectName == c.SubjectName })
	})
}

// leftovers adds the files that only make sense beside the CA, each once.
func (r *removal) leftovers(actions []Action, f *gridsec.File, c *gridsec.Certificate) []Action {
	for _, a := range slices.Concat(companions(r.dir, f, hashName(c.Hash), hashName(c.OldHash)), r.crls(c)) {
		actions = addOnce(actions, a)
	}
	return actions
}

// crls are those of a root: without its certificate none of its chains is trusted.
// Those of an intermediate count for chains that bring it along (arc-behaviour D9).
// Where one under the hash is of another CA, or cannot be read, all stay.
func (r *removal) crls(c *gridsec.Certificate) []Action {
	var actions []Action
	for n := 0; c.SubjectName == c.IssuerName; n++ {
		e := entryOf(r.dir, hashName(c.Hash)+".r"+strconv.Itoa(n))
		if e == nil {
			return actions
		}
		if e.File == nil || len(e.File.CRLs) == 0 || slices.ContainsFunc(e.File.CRLs, func(crl *gridsec.CRL) bool { return crl.IssuerName != c.SubjectName }) {
			return nil
		}
		actions = append(actions, Remove{Path: e.Path, Was: textOf(e)})
	}
	return nil
}

// closeGaps links the later numbers of the hash one down. Where one of them is a file
// of its own, or a link to another number, all keep theirs.
func (r *removal) closeGaps(hash string) []Action {
	var slots []*gridsec.Entry
	own := false
	for n := 0; ; n++ {
		e := entryOf(r.dir, hash+"."+strconv.Itoa(n))
		if e == nil {
			break
		}
		slots = append(slots, e)
		_, _, chained := hashEntry(path.Base(e.Target))
		own = own || !r.gone[e.Name] && (e.Target == "" || chained)
	}
	if own {
		return r.fillGaps(slots)
	}
	left := slices.DeleteFunc(slices.Clone(slots), func(e *gridsec.Entry) bool { return r.gone[e.Name] })
	var actions []Action
	for n, e := range left {
		if slots[n] != e {
			actions = append(actions, Link{Path: slots[n].Path, Target: e.Target})
		}
	}
	if len(actions) == 0 {
		return nil
	}
	for _, e := range slots[len(left):] {
		if !r.gone[e.Name] {
			actions = append(actions, Remove{Path: e.Path})
		}
	}
	return actions
}

// fillGaps gives each name that goes, and behind which one stays, to the next one
// that stays.
func (r *removal) fillGaps(slots []*gridsec.Entry) []Action {
	var actions []Action
	var next *gridsec.Entry
	for _, e := range slices.Backward(slots) {
		switch {
		case !r.gone[e.Name]:
			next = e
		case next != nil && next.Target != "":
			actions = append(actions, Link{Path: e.Path, Target: next.Target})
		case next != nil:
			actions = append(actions, Link{Path: e.Path, Target: next.Name})
		}
	}
	return actions
}

func overwritten(actions []Action, path string) bool {
	return slices.ContainsFunc(actions, func(a Action) bool {
		l, ok := a.(Link)
		return ok && l.Path == path
	})
}

// companions are the policy, namespaces and CRL address of a CA, under its hashes
// and beside the names of its file.
func companions(d *gridsec.Dir, f *gridsec.File, bases ...string) []Action {
	for _, name := range f.Names {
		bases = append(bases, strings.TrimSuffix(name, path.Ext(name)))
	}
	var actions []Action
	for _, base := range bases {
		for _, ext := range []string{".signing_policy", ".namespaces", ".crl_url"} {
			if e := entryOf(d, base+ext); e != nil {
				actions = addOnce(actions, Remove{Path: e.Path, Was: textOf(e)})
			}
		}
	}
	return actions
}

// textOf is the content of a regular file for the diff; a link has none.
func textOf(e *gridsec.Entry) *source.File {
	if e.Target != "" || e.File == nil || e.File.HasPrivateKey {
		return nil
	}
	return e.File.Source
}
