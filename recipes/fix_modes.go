package recipes

import (
	"fmt"
	"io/fs"
	"strconv"

	"arclint/internal/site"
	"arclint/lint"
)

var fixModes = Recipe{
	ID:    "fix-modes",
	Title: "set the modes and owners that the files need",
	Plan:  planFixModes,
	Can:   func(_ *site.Site, f lint.Finding) bool { return f.Args["mode"] != "" || f.Args["owner"] != "" },
}

// planFixModes takes what is wanted from the findings: Args "path", and "mode"
// (octal) or "owner" (user:group) or both.
func planFixModes(_ *site.Site, p Params) (Plan, error) {
	plan := Plan{Why: "ARC refuses a key that others can read, and a file that others can write is theirs to change."}
	for _, f := range p.Findings {
		path := f.Args["path"]
		if path == "" {
			path = f.Path
		}
		if owner := f.Args["owner"]; owner != "" {
			plan.Actions = addOnce(plan.Actions, Chown{Path: path, Owner: Owner{Name: owner}})
		}
		if text := f.Args["mode"]; text != "" {
			mode, err := strconv.ParseUint(text, 8, 12)
			if err != nil {
				return Plan{}, fmt.Errorf("%s: mode %q is not octal", path, text)
			}
			plan.Actions = addOnce(plan.Actions, Chmod{Path: path, Mode: fs.FileMode(mode)})
		}
	}
	return plan, nil
}

// addOnce appends an action of a comparable kind unless it stands there.
func addOnce(actions []Action, a Action) []Action {
	for _, have := range actions {
		if have == a {
			return actions
		}
	}
	return append(actions, a)
}
