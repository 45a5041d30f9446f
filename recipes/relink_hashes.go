package recipes

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
)

var relinkHashes = Recipe{
	ID:    "relink-hashes",
	Title: "give every CA file the hash name under which OpenSSL looks for it",
	Keys:  []string{"path"},
	Plan:  planRelinkHashes,
}

// planRelinkHashes repairs names only. A CA file that has no hash name at all
// is trusted by nobody today: it gets one only where a finding names it.
func planRelinkHashes(s *site.Site, p Params) (Plan, error) {
	plan := Plan{
		Meant: Meant{Tokens: true, CAs: true},
		Why:   "OpenSSL finds a CA under HASH.0, HASH.1 and so on up to the first gap (arc-behaviour D1), and a name that leads to no certificate hides the ones behind it (D3). No other name is looked at.",
		Notes: []string{
			"Links under the old MD5 hash are left alone: ARC does not read them, other software may.",
			"The change counts at once, no restart is needed (arc-behaviour I6).",
		},
	}
	for _, d := range trustDirs(s) {
		actions, notes := relink(d, targets(p))
		plan.Actions = append(plan.Actions, actions...)
		plan.Notes = append(plan.Notes, notes...)
	}
	return plan, nil
}

// relink is what one directory needs, and what it needs from a person.
func relink(d *gridsec.Dir, named []string) (actions []Action, notes []string) {
	order, chains := hashChains(d, named)
	keep := map[string]bool{}
	for _, hash := range order {
		for n, f := range chains[hash] {
			name := hash + "." + strconv.Itoa(n)
			keep[name] = true
			e := entryOf(d, name)
			switch {
			case e != nil && e.File == f:
			case e != nil && e.Target == "":
				notes = append(notes, e.Path+" is a file of its own where "+f.Path+" belongs: give it another name, then run this again.")
			default:
				actions = append(actions, Link{Path: d.Path + "/" + name, Target: linkTarget(d, f, name)})
			}
		}
	}
	for _, e := range d.Entries {
		if hash, _, ok := hashEntry(e.Name); ok && !keep[e.Name] && e.Target != "" && stray(e, hash) {
			actions = append(actions, Remove{Path: e.Path})
		}
	}
	return actions, notes
}

// stray says whether the hash name is wrong: it leads nowhere, to no
// certificate, or to one of another hash. A number too many is stray as well.
func stray(e *gridsec.Entry, hash string) bool {
	if e.File == nil || len(e.File.Certificates) == 0 {
		return e.Err != nil
	}
	for _, c := range e.File.Certificates {
		if hash == hashName(c.OldHash) && hash != hashName(c.Hash) {
			return false
		}
	}
	return true
}

// hashChains lists, for each hash, the files that must stand under it in order:
// those that do already, then those that have another wrong name or are named.
func hashChains(d *gridsec.Dir, named []string) (order []string, chains map[string][]*gridsec.File) {
	chains = map[string][]*gridsec.File{}
	add := func(f *gridsec.File) {
		hash := hashName(f.Certificates[0].Hash)
		if chains[hash] == nil {
			order = append(order, hash)
		}
		if !slices.Contains(chains[hash], f) {
			chains[hash] = append(chains[hash], f)
		}
	}
	entries := slices.Clone(d.Entries)
	slices.SortStableFunc(entries, func(a, b *gridsec.Entry) int { return numberOf(a.Name) - numberOf(b.Name) })
	for _, right := range []bool{true, false} {
		for _, e := range entries {
			if e.File == nil || len(e.File.Certificates) == 0 || e.File.DER {
				continue
			}
			hash, _, ok := hashEntry(e.Name)
			matches := ok && hash == hashName(e.File.Certificates[0].Hash)
			if right == matches && (ok || slices.Contains(named, e.Path) || slices.Contains(named, e.File.Path)) {
				add(e.File)
			}
		}
	}
	return order, chains
}

// hashEntry takes HASH.n apart; an upper-case hash is one too, though a wrong
// one (arc-behaviour D1).
func hashEntry(name string) (hash string, n int, ok bool) {
	hash, number, _ := strings.Cut(name, ".")
	n, err := strconv.Atoi(number)
	if len(hash) != 8 || strings.Trim(strings.ToLower(hash), "0123456789abcdef") != "" || err != nil || strconv.Itoa(n) != number {
		return "", 0, false
	}
	return hash, n, true
}

func numberOf(name string) int {
	_, n, _ := hashEntry(name)
	return n
}

// linkTarget is the file's own name in the directory, or its path where it
// stands elsewhere. A link does not lead to another hash name if it need not.
func linkTarget(d *gridsec.Dir, f *gridsec.File, but string) string {
	if path.Dir(f.Path) == d.Path || path.Dir(f.Path) == d.Resolved {
		if base := path.Base(f.Path); base != but {
			return base
		}
	}
	for _, name := range f.Names {
		if _, _, hashed := hashEntry(name); !hashed && name != but {
			return name
		}
	}
	return f.Path
}
