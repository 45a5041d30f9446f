package lint

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/source"
)

// Claim is a value that cannot be taken for what it should name: with quotes,
// with a comment behind it, empty, relative, repeated, or evaluated by ARC.
type Claim struct {
	Line, Value source.Span
	Unknown     bool // what it names is not known here
}

// Claim says that the finding is about the value itself, so that what rules say
// of the thing that the value names is a consequence (Rule.Rests).
func (f *Finding) Claim(line, value source.Span) *Finding {
	f.Claims = append(f.Claims, Claim{Line: line, Value: value})
	return f
}

// RestOn names a line, beside that of the finding, on which it rests.
func (f *Finding) RestOn(line source.Span) *Finding {
	f.Grounds = append(f.Grounds, line)
	return f
}

// ClaimUnknown is Claim for a value that only ARC can work out: what rests on it
// could not be checked.
func (f *Finding) ClaimUnknown(line, value source.Span) *Finding {
	f.Claims = append(f.Claims, Claim{Line: line, Value: value, Unknown: true})
	return f
}

// withoutConsequences drops the findings of rules that rest on a value of which
// another finding says what is wrong with it. The cause is as grave as the
// gravest of its consequences. What could not be known is skipped.
func withoutConsequences(rules []*Rule, found []Finding) (kept []Finding, skips []Skip) {
	rests, severity := map[string]bool{}, make([]Severity, len(found))
	for _, r := range rules {
		rests[r.ID] = r.Rests
	}
	for i, f := range found {
		severity[i] = f.Severity
	}
	claims, gone := claimants(found), make([]bool, len(found))
	for i, f := range found {
		if !rests[f.Rule] {
			continue
		}
		c, ok := causeOf(claims, found, i)
		if !ok {
			continue
		}
		gone[i] = true
		if c.Unknown {
			skips = append(skips, Skip{Rule: f.Rule, Reason: fmt.Sprintf("%s:%d: ARC evaluates the value, so what it names is not known", c.Value.Path(), c.Value.Begin().Line)})
		} else if f.Severity.rank() > severity[c.at].rank() {
			severity[c.at] = f.Severity
		}
	}
	for i, f := range found {
		if !gone[i] {
			f.Severity = severity[i]
			kept = append(kept, f)
		}
	}
	return kept, skips
}

// claimant is a claim and the place of its finding.
type claimant struct {
	Claim
	at int
}

func claimants(found []Finding) []claimant {
	var all []claimant
	for i, f := range found {
		for _, c := range f.Claims {
			all = append(all, claimant{c, i})
		}
	}
	return all
}

// causeOf finds the finding that claims what the i-th rests on.
func causeOf(claims []claimant, found []Finding, i int) (claimant, bool) {
	for _, c := range claims {
		if c.at != i && c.holds(found[i]) {
			return c, true
		}
	}
	return claimant{}, false
}

// holds says whether the finding stands on the line, refers to it, or is about
// the file that the value names.
func (c Claim) holds(f Finding) bool {
	if inside(f.Span, c.Line) {
		return true
	}
	for _, r := range f.Related {
		if inside(r.Span, c.Line) {
			return true
		}
	}
	if slices.ContainsFunc(f.Grounds, func(g source.Span) bool { return inside(g, c.Line) }) {
		return true
	}
	name := c.Value.Text()
	return name != "" && (f.Path == name || strings.HasPrefix(f.Path, name+"/"))
}

func inside(at, line source.Span) bool {
	return at.File != nil && at.File == line.File && at.Start >= line.Start && at.End <= line.End
}
