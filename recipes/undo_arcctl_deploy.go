package recipes

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/source"
)

var undoArcctlDeploy = Recipe{
	ID:    "undo-arcctl-deploy",
	Title: "remove what `arcctl deploy` left",
	Keys:  []string{"path", accessKey},
	Plan:  planUndoArcctlDeploy,
}

// planUndoArcctlDeploy removes pinned issuers and deployed CA files. The
// findings, or the argument "path", say which: a directory below
// controldir/tokenissuers, or a file of the grid CA directory.
func planUndoArcctlDeploy(s *site.Site, p Params) (Plan, error) {
	control, err := controlDir(s)
	if err != nil {
		return Plan{}, err
	}
	plan := Plan{
		Meant:    Meant{CAs: true},
		Why:      "A pinned issuer stays trusted whatever it does with its keys (arc-behaviour S12, G3), and a CA that was deployed by hand is trusted for clients as well (F1).",
		Restarts: []string{arexWS},
		Notes: []string{
			"Rules that `arcctl deploy jwt-issuer -i` wrote to arc.conf.d admit any subject and audience: see the recipe narrow-token-rules.",
			"If tokens of the issuer must go on working, run trust-issuer afterwards.",
		},
	}
	pinned := path.Join(control, "tokenissuers")
	wanted, err := someTargets(p)
	if err != nil {
		return Plan{}, err
	}
	for _, target := range wanted {
		switch {
		case path.Dir(target) == pinned:
			plan.Actions = append(plan.Actions, Remove{Path: target, Tree: true})
		case path.Dir(path.Dir(target)) == pinned:
			plan.Actions = addOnce(plan.Actions, Remove{Path: path.Dir(target), Tree: true})
		default:
			removals, err := removeCA(s, target)
			if err != nil {
				return Plan{}, err
			}
			plan.Actions = append(plan.Actions, removals...)
		}
	}
	if len(plan.Actions) > 0 {
		plan.Actions = append(plan.Actions, restartWS("arc-arex-ws reads pinned issuers when it starts"))
	}
	return plan, nil
}

// someTargets are the targets, or an error that says how to name one.
func someTargets(p Params) ([]string, error) {
	if found := targets(p); len(found) > 0 {
		return found, nil
	}
	return nil, errors.New("no finding names what to remove: say it with --set path=PATH")
}

// targets are the paths that the findings or the argument "path" name.
func targets(p Params) []string {
	var paths []string
	add := func(name string) {
		if name != "" && !slices.Contains(paths, path.Clean(name)) {
			paths = append(paths, path.Clean(name))
		}
	}
	add(p.Args["path"])
	for _, f := range p.Findings {
		if f.Args["path"] != "" {
			add(f.Args["path"])
		} else {
			add(f.Path)
		}
	}
	return paths
}

// removeCA takes a CA file out of the directory under all its names, with what
// belongs to it, and closes the gaps in the numbers that others of its hash
// have (arc-behaviour D1).
func removeCA(s *site.Site, target string) ([]Action, error) {
	d, e := findEntry(s, target)
	if e == nil {
		return nil, fmt.Errorf("%q is in none of the trust directories", target)
	}
	f := e.File
	if f == nil || len(f.Certificates) == 0 {
		return []Action{Remove{Path: e.Path}}, nil
	}
	if packaged(d, f) {
		return nil, fmt.Errorf("%s belongs to the grid CA distribution: exclude it there, or it comes back with the next update", target)
	}
	var actions []Action
	gone := map[string]bool{}
	for _, o := range d.Entries {
		if o.File == f {
			gone[o.Name] = true
		}
	}
	hash := hashName(f.Certificates[0].Hash)
	moves := closeGaps(d, hash, gone)
	for _, o := range d.Entries {
		if gone[o.Name] && !overwritten(moves, o.Path) {
			actions = append(actions, Remove{Path: o.Path, Was: textOf(o)})
		}
	}
	actions = append(actions, moves...)
	if len(moves) == 0 && remaining(d, hash, gone) == 0 {
		actions = append(actions, companions(d, f, hash)...)
	}
	return actions, nil
}

// closeGaps links the later numbers of the hash one down.
func closeGaps(d *gridsec.Dir, hash string, gone map[string]bool) []Action {
	var actions []Action
	next := 0
	last := -1
	for n := 0; ; n++ {
		name := fmt.Sprintf("%s.%d", hash, n)
		e := entryOf(d, name)
		if e == nil {
			break
		}
		last = n
		if gone[name] {
			continue
		}
		if next != n && e.Target != "" {
			actions = append(actions, Link{Path: fmt.Sprintf("%s/%s.%d", d.Path, hash, next), Target: e.Target})
		}
		next++
	}
	if len(actions) > 0 {
		for n := next; n <= last; n++ {
			if name := fmt.Sprintf("%s.%d", hash, n); !gone[name] {
				actions = append(actions, Remove{Path: d.Path + "/" + name})
			}
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

func remaining(d *gridsec.Dir, hash string, gone map[string]bool) int {
	count := 0
	for _, e := range d.Entries {
		if strings.HasPrefix(e.Name, hash+".") && isNumber(strings.TrimPrefix(e.Name, hash+".")) && !gone[e.Name] {
			count++
		}
	}
	return count
}

// companions are the policy, namespaces, info and CRL address of a CA.
func companions(d *gridsec.Dir, f *gridsec.File, hash string) []Action {
	bases := []string{hash, hashName(f.Certificates[0].OldHash)}
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

func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
