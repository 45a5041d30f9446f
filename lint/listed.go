package lint

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"arclint/internal/prose"
)

// What is told of a site is bounded, whatever its files say: nobody reads more, and
// a report must not become larger than what it is about.
const (
	maxListed  = 1000 // findings and skips of one rule in a report
	maxRelated = 20   // places beside a finding
	maxText    = 2000 // bytes of a message, which quotes the site
)

// Listed are the findings that a report lists: of each rule maxListed, the gravest
// first to be taken. The others of the rule are one finding more, as grave as the
// gravest of them and at the place of the first, that says how many they are. The
// order stays.
func Listed(found []Finding) []Finding {
	return listed(found, func(f Finding) Finding { return f }, func(_, more Finding) Finding { return more })
}

// ListedSuppressed is Listed of what directives hide.
func ListedSuppressed(hidden []Suppressed) []Suppressed {
	return listed(hidden, func(s Suppressed) Finding { return s.Finding }, func(s Suppressed, more Finding) Suppressed {
		s.Finding = more
		return s
	})
}

// ListedSkips are the skips that a report lists: of each rule maxListed, and one
// that says how many more there are.
func ListedSkips(skips []Skip) []Skip {
	has, more := map[string]int{}, map[string]int{}
	var list []Skip
	for _, s := range skips {
		if has[s.Rule]++; has[s.Rule] > maxListed {
			more[s.Rule]++
			continue
		}
		list = append(list, s)
	}
	for _, s := range skips {
		if n := more[s.Rule]; n > 0 {
			list = append(list, Skip{Rule: s.Rule, Reason: "left out of this list: " + prose.Plural(n, "more reason")})
			delete(more, s.Rule)
		}
	}
	return list
}

func listed[T any](all []T, of func(T) Finding, put func(T, Finding) T) []T {
	at := map[string][]int{}
	for i, f := range all {
		rule := of(f).Rule
		at[rule] = append(at[rule], i)
	}
	list := make([]T, len(all))
	takes := make([]bool, len(all))
	for _, places := range at {
		slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(of(all[b]).Severity.rank(), of(all[a]).Severity.rank()) })
		kept := places[:min(len(places), maxListed)]
		for _, i := range kept {
			list[i], takes[i] = put(all[i], fewRelated(of(all[i]))), true
		}
		if left := places[len(kept):]; len(left) > 0 {
			first := slices.Min(left)
			more := leftOut(of(all[first]), of(all[left[0]]).Severity, len(left))
			worst := of(all[slices.MinFunc(left, func(a, b int) int { return of(all[a]).comparesImpact(of(all[b])) })])
			more.Impact, more.Risk = worst.Impact, worst.Risk
			list[first], takes[first] = put(all[first], more), true
		}
	}
	var short []T
	for i, f := range list {
		if takes[i] {
			short = append(short, f)
		}
	}
	return short
}

// leftOut is the finding in the place of n of its rule, of which it is the first.
func leftOut(first Finding, gravest Severity, n int) Finding {
	return Finding{
		Rule: first.Rule, Severity: gravest, Path: first.Path, Span: first.Span, Subject: "left out",
		Headline: "left out of this list: " + prose.Plural(n, "more finding") + " of this rule, from here on",
		Effect:   fmt.Sprintf("A report lists at most %d findings of a rule.", maxListed),
		Action:   "Correct what is listed, then run arclint again.",
	}
}

func fewRelated(f Finding) Finding {
	if n := len(f.Related) - maxRelated; n > 0 {
		last := f.Related[maxRelated]
		last.Message = "left out of this list: " + prose.Plural(n, "more place") + ", from here on"
		f.Related = append(slices.Clone(f.Related[:maxRelated]), last)
	}
	return f
}

// brief is a text of at most maxText bytes, and says how much of it is left out.
func brief(text string) string {
	if len(text) <= maxText {
		return text
	}
	end := maxText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "... (" + prose.Plural(len(text)-end, "more byte") + ")"
}
