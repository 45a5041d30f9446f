package recipes

import (
	"fmt"
	"slices"
	"sort"

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
	byFile := map[*source.File]*plannedEdits{}
	var files []*source.File
	for _, f := range p.Findings {
		if len(f.Edits) == 0 {
			continue
		}
		added, clash := fits(byFile, f)
		if clash {
			plan.Notes = append(plan.Notes, fmt.Sprintf("left for a second run, since another edit changes the same place: %s: %s", f.Path, f.Headline))
			continue
		}
		for _, e := range added {
			if byFile[e.Span.File] == nil {
				files, byFile[e.Span.File] = append(files, e.Span.File), &plannedEdits{}
			}
			byFile[e.Span.File].add(e)
		}
	}
	for _, f := range files {
		plan.Actions = append(plan.Actions, EditConf{Path: f.Path, Edits: byFile[f].edits})
	}
	if len(files) > 0 {
		plan.Actions = append(plan.Actions, restartAll())
	}
	return plan, nil
}

// plannedEdits are the edits of a file that are planned, of which none overlaps
// another one.
type plannedEdits struct {
	edits   []source.Edit
	inOrder []source.Edit // by their places
}

// from is the first of those in order that does not end before e begins.
func (p *plannedEdits) from(e source.Edit) int {
	return sort.Search(len(p.inOrder), func(i int) bool { return p.inOrder[i].Span.End >= e.Span.Start })
}

func (p *plannedEdits) add(e source.Edit) {
	p.edits = append(p.edits, e)
	at := p.from(e)
	for at < len(p.inOrder) && p.inOrder[at].Span.Start < e.Span.Start {
		at++
	}
	p.inOrder = slices.Insert(p.inOrder, at, e)
}

// meets says whether the edit is planned, and else whether it overlaps one that is.
func (p *plannedEdits) meets(e source.Edit) (planned, clash bool) {
	if p == nil {
		return false, false
	}
	for _, o := range p.inOrder[p.from(e):] {
		if o.Span.Start > e.Span.End {
			break
		}
		if o == e {
			return true, false
		}
		clash = clash || overlap(e.Span, o.Span)
	}
	return false, clash
}

// fits gives the finding's edits that are not planned yet; clash says that one
// of them overlaps a planned one.
func fits(planned map[*source.File]*plannedEdits, f lint.Finding) (added []source.Edit, clash bool) {
	for _, e := range f.Edits {
		switch known, clash := planned[e.Span.File].meets(e); {
		case known:
		case clash:
			return nil, true
		default:
			added = append(added, e)
		}
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
