package recipes

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"arclint/internal/source"
	"arclint/lint"
)

// TestFits compares the edits that are planned with what comparing each with each
// other one would plan.
func TestFits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		file := source.New("/etc/arc.conf", []byte(strings.Repeat("x", 60)))
		planned := map[*source.File]*plannedEdits{file: {}}
		var all []source.Edit // planned so far
		for range 20 {
			start := r.IntN(60)
			e := source.Edit{Span: source.Span{File: file, Start: start, End: min(start+r.IntN(4), 60)}, New: "ab"[:r.IntN(3)]}
			added, clash := fits(planned, lint.Finding{Edits: []source.Edit{e}})
			known := slices.Contains(all, e)
			clashes := !known && slices.ContainsFunc(all, func(o source.Edit) bool { return overlap(e.Span, o.Span) })
			if clash != clashes || (len(added) == 1) != (!known && !clashes) {
				t.Fatalf("%v beside %v: clash %v, added %v", e, all, clash, added)
			}
			for _, a := range added {
				planned[file].add(a)
				all = append(all, a)
			}
		}
		if !slices.Equal(planned[file].edits, all) {
			t.Fatalf("planned %v, want %v", planned[file].edits, all)
		}
	}
}
