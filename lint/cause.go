package lint

import (
	"fmt"
	"slices"
	"sort"
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
	claims, gone := claimantsOf(found), make([]bool, len(found))
	for i, f := range found {
		if !rests[f.Rule] {
			continue
		}
		c, ok := claims.causeOf(found, i)
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

// alone leaves only what rules with Alone say, where one of them found something.
func alone(rules []*Rule, found []Finding, skips []Skip) ([]Finding, []Skip) {
	only := map[string]bool{}
	for _, r := range rules {
		only[r.ID] = r.Alone
	}
	if !slices.ContainsFunc(found, func(f Finding) bool { return only[f.Rule] }) {
		return found, skips
	}
	return slices.DeleteFunc(found, func(f Finding) bool { return !only[f.Rule] }),
		slices.DeleteFunc(skips, func(s Skip) bool { return !only[s.Rule] })
}

// claimant is a claim and the place of its finding.
type claimant struct {
	Claim
	at int
}

// claimants are the claims of all findings, and where to look for them.
type claimants struct {
	all    []claimant
	lines  map[*source.File][]claimedLine // by their places
	values map[string][]int               // of all, by the text of the value
}

// claimedLine is a line with claims.
type claimedLine struct {
	line   source.Span
	claims []int // of all
}

func claimantsOf(found []Finding) *claimants {
	c := &claimants{lines: map[*source.File][]claimedLine{}, values: map[string][]int{}}
	at := map[source.Span][]int{}
	for i, f := range found {
		for _, claim := range f.Claims {
			n := len(c.all)
			c.all = append(c.all, claimant{claim, i})
			if name := claim.Value.Text(); name != "" {
				c.values[name] = append(c.values[name], n)
			}
			if claim.Line.File != nil {
				at[claim.Line] = append(at[claim.Line], n)
			}
		}
	}
	for line, claims := range at {
		c.lines[line.File] = append(c.lines[line.File], claimedLine{line, claims})
	}
	for _, lines := range c.lines {
		slices.SortFunc(lines, func(a, b claimedLine) int { return a.line.Start - b.line.Start })
	}
	return c
}

// causeOf finds the first finding that claims what the i-th rests on: the line on
// which that stands or to which it refers, or the file that the value names.
func (c *claimants) causeOf(found []Finding, i int) (claimant, bool) {
	f := found[i]
	first := len(c.all)
	take := func(claims []int) {
		for _, n := range claims {
			if c.all[n].at != i {
				first = min(first, n)
				return
			}
		}
	}
	take(c.on(f.Span))
	for _, r := range f.Related {
		take(c.on(r.Span))
	}
	for _, ground := range f.Grounds {
		take(c.on(ground))
	}
	for name := f.Path; name != "" && len(c.values) > 0; name = name[:max(strings.LastIndexByte(name, '/'), 0)] {
		take(c.values[name])
	}
	if first == len(c.all) {
		return claimant{}, false
	}
	return c.all[first], true
}

// on are the claims of the line in which a place is. Lines of options do not
// overlap.
func (c *claimants) on(at source.Span) []int {
	lines := c.lines[at.File]
	n := sort.Search(len(lines), func(i int) bool { return lines[i].line.Start > at.Start })
	if at.File == nil || n == 0 || at.End > lines[n-1].line.End {
		return nil
	}
	return lines[n-1].claims
}
