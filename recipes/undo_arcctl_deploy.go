package recipes

import (
	"errors"
	"path"
	"slices"

	"arclint/internal/site"
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
	var cas []string
	for _, target := range wanted {
		switch {
		case path.Dir(target) == pinned:
			plan.Actions = append(plan.Actions, Remove{Path: target, Tree: true})
		case path.Dir(path.Dir(target)) == pinned:
			plan.Actions = addOnce(plan.Actions, Remove{Path: path.Dir(target), Tree: true})
		default:
			cas = append(cas, target)
		}
	}
	removals, err := removeCAs(s, cas)
	if err != nil {
		return Plan{}, err
	}
	plan.Actions = append(plan.Actions, removals...)
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
