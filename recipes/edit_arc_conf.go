package recipes

import (
	"fmt"
	"slices"

	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var editArcConf = Recipe{
	ID:    "edit-arc-conf",
	Title: "make the edits that the findings propose",
	Keys:  []string{accessKey},
	Plan:  planEditArcConf,
	Can:   func(_ *site.Site, f lint.Finding) bool { return len(f.Edits) > 0 },
}

// planEditArcConf makes each finding's edits whole or not at all: two findings
// that want to change the same bytes are for two runs.
func planEditArcConf(s *site.Site, p Params) (Plan, error) {
	plan := Plan{
		Why:      "Each edit repairs the place of a finding and leaves every other byte as it is.",
		Restarts: []string{arex, arexWS},
	}
	byFile := map[*source.File][]source.Edit{}
	var files []*source.File
	for _, f := range p.Findings {
		if len(f.Edits) == 0 {
			continue
		}
		added, clash := fits(byFile, f)
		if clash {
			plan.Notes = append(plan.Notes, fmt.Sprintf("left for a second run, since another edit changes the same place: %s: %s", f.Path, f.Message))
			continue
		}
		for _, e := range added {
			if byFile[e.Span.File] == nil {
				files = append(files, e.Span.File)
			}
			byFile[e.Span.File] = append(byFile[e.Span.File], e)
		}
	}
	for _, f := range files {
		plan.Actions = append(plan.Actions, EditConf{Path: f.Path, Edits: byFile[f]})
	}
	if len(files) > 0 {
		plan.Actions = append(plan.Actions, restartAll())
	}
	return plan, nil
}

// fits gives the finding's edits that are not planned yet; clash says that one
// of them overlaps a planned one.
func fits(planned map[*source.File][]source.Edit, f lint.Finding) (added []source.Edit, clash bool) {
	for _, e := range f.Edits {
		if slices.Contains(planned[e.Span.File], e) {
			continue
		}
		for _, o := range planned[e.Span.File] {
			if overlap(e.Span, o.Span) {
				return nil, true
			}
		}
		added = append(added, e)
	}
	return added, false
}

// overlap counts two insertions at one place, and an insertion at the edge of a
// change, as a clash: their order would be a matter of chance.
func overlap(a, b source.Span) bool {
	if a.Start == a.End || b.Start == b.End {
		return a.Start <= b.End && b.Start <= a.End
	}
	return a.Start < b.End && b.Start < a.End
}

func restartAll() Action {
	return Run{
		Argv: []string{"systemctl", "try-restart", arex, arexWS}, Why: "the services read arc.conf when they start",
		Expect: "arc-arex and arc-arex-ws are active again", OnChange: true,
	}
}
