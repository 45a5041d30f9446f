package lint

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"arclint/internal/site"
	"arclint/internal/source"
)

// Result is what a run found: findings in reading order, what could not be
// looked at, and what the site itself hides.
type Result struct {
	Findings   []Finding
	Skips      []Skip
	Suppressed []Suppressed // in the order of findings
	Unlisted   int          // findings that are not among them: nobody asked for their severity
}

// Options say how a site is judged. Zero is as the site wishes.
type Options struct {
	NoSiteIgnores bool // the directives of the site hide nothing: for those who audit it
}

// Run applies the rules to the site, several at a time. Findings that the site
// suppresses are kept apart, and an unused suppression is a finding of its own.
func Run(s *site.Site, rules []*Rule) Result { return Options{}.Run(s, rules) }

// Run is as the function Run, with the options. It sorts once, here.
func (o Options) Run(s *site.Site, rules []*Rule) Result {
	var res Result
	for _, r := range checkAll(s, rules) {
		for _, f := range r.findings {
			res.Findings = append(res.Findings, *f)
		}
		res.Skips = append(res.Skips, r.skips...)
	}
	kept, hidden := suppress(s, rules, res.Findings)
	if o.NoSiteIgnores {
		for _, h := range hidden {
			kept = append(kept, h.Finding)
		}
		hidden = nil
	}
	kept, res.Skips = alone(rules, kept, res.Skips)
	kept, unknown := withoutConsequences(rules, kept)
	res.Findings, res.Suppressed, res.Skips = kept, hidden, append(res.Skips, unknown...)
	slices.SortFunc(res.Suppressed, func(a, b Suppressed) int { return compareFindings(a.Finding, b.Finding) })
	slices.SortFunc(res.Findings, compareFindings)
	slices.SortFunc(res.Skips, func(a, b Skip) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Reason, b.Reason))
	})
	return res
}

// checkAll gives what each rule that applies reports, in the order of the rules. Every
// other goroutine begins with the last of them: neighbours wait for the same answers.
func checkAll(s *site.Site, rules []*Rule) []*Reporter {
	var apply []*Rule
	for _, rule := range rules {
		if rule.AppliesTo(s) {
			apply = append(apply, rule)
		}
	}
	reports := make([]*Reporter, len(apply))
	var begun, first, last atomic.Int64
	work := func(backwards bool) {
		for begun.Add(1) <= int64(len(apply)) {
			var i int64
			if backwards {
				i = int64(len(apply)) - last.Add(1)
			} else {
				i = first.Add(1) - 1
			}
			reports[i] = Check(s, apply[i])
		}
	}
	var wg sync.WaitGroup
	for n := range min(runtime.GOMAXPROCS(0), len(apply)) - 1 {
		wg.Go(func() { work(n%2 == 0) })
	}
	work(false)
	wg.Wait()
	return reports
}

// PanicRule is the ID under which the failure of a rule is reported.
const PanicRule = "internal/panic"

// Check applies one rule. A rule that fails becomes a finding, so that one bad
// rule does not take the audit down.
func Check(s *site.Site, rule *Rule) (r *Reporter) {
	r = &Reporter{rule: rule}
	defer func() {
		if cause := recover(); cause != nil {
			failed := &Rule{ID: PanicRule, Severity: Error, Recipe: Manual}
			r = &Reporter{rule: failed}
			r.Path(s.ConfigPath(), "rule %s failed: %v", rule.ID, cause).About(rule.ID).
				Means("Nothing is known about this here: %s.", rule.Title).
				Do("Report this fault of arclint, with the site's arc.conf.")
		}
	}()
	rule.Check(s, r)
	return r
}

// Findings are the findings collected so far.
func (r *Reporter) Findings() []*Finding { return r.findings }

// Skips are the skips collected so far.
func (r *Reporter) Skips() []Skip { return r.skips }

// AppliesTo says whether the rule concerns the release of the site and, where it
// compares with that of --target, whether there is one that differs as it asks.
func (rule *Rule) AppliesTo(s *site.Site) bool {
	if rule.Upgrade && (s.Target == nil || rule.Gains != nil && !rule.Gains(s.Target.Release)) {
		return false
	}
	return rule.concerns(s.Release)
}

func (rule *Rule) concerns(r site.Release) bool {
	return (rule.Where == nil || rule.Where(r)) && (rule.Gains == nil || !rule.Gains(r))
}

// Releases are the measured releases to which the rule applies, oldest first.
func (rule *Rule) Releases() []string { return site.Releases(rule.concerns) }

// Range is Releases as bounds: the first release to which the rule applies and
// the first to which it does not any more, "" where there is no bound.
func (rule *Rule) Range() (since, until string) {
	all, own := site.Releases(func(site.Release) bool { return true }), rule.Releases()
	if len(own) == 0 {
		return "", ""
	}
	first, last := slices.Index(all, own[0]), slices.Index(all, own[len(own)-1])
	if first > 0 {
		since = all[first]
	}
	if last+1 < len(all) {
		until = all[last+1]
	}
	return since, until
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(b.Severity.rank(), a.Severity.rank()),
		cmp.Compare(a.Path, b.Path),
		comparePlaces(a.Span, b.Span),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Subject, b.Subject),
		cmp.Compare(a.Headline, b.Headline),
		cmp.Compare(a.Effect, b.Effect),
	)
}

// comparePlaces compares lines and columns; within a file the bytes tell.
func comparePlaces(a, b source.Span) int {
	if a.File == b.File {
		return cmp.Compare(a.Start, b.Start)
	}
	pa, pb := a.Begin(), b.Begin()
	return cmp.Or(cmp.Compare(pa.Line, pb.Line), cmp.Compare(pa.Column, pb.Column))
}

// OfConf leaves what was found in arc.conf and arc.conf.d. That the rest of the
// site was not read, its Problems say once.
func (res Result) OfConf(s *site.Site) Result {
	res.Findings = slices.DeleteFunc(slices.Clone(res.Findings), func(f Finding) bool {
		return f.Path != s.ConfigPath() && !slices.Contains(s.Conf.Unread, f.Path) && !slices.ContainsFunc(s.Conf.Files, func(file *source.File) bool { return file.Path == f.Path })
	})
	res.Skips = nil
	return res
}

// Count says how many findings have the severity.
func (res Result) Count(sev Severity) int {
	n := 0
	for _, f := range res.Findings {
		if f.Severity == sev {
			n++
		}
	}
	return n
}

// Stop is the first finding because of which the service does not start or, where there is
// none, the first because of which it serves nobody; nil where there is neither. A
// directive does not start a service: what it hides counts.
func (res Result) Stop() *Finding {
	if f := res.first(func(f *Finding) bool { return f.Stops }); f != nil {
		return f
	}
	return res.first(func(f *Finding) bool { return f.Unserved })
}

func (res Result) first(is func(*Finding) bool) *Finding {
	var first *Finding
	for i := range res.Findings {
		if is(&res.Findings[i]) {
			first = &res.Findings[i]
			break
		}
	}
	for i := range res.Suppressed {
		if f := &res.Suppressed[i].Finding; is(f) && (first == nil || compareFindings(*f, *first) < 0) {
			return f
		}
	}
	return first
}

// Reaches says whether any finding is at or above the severity.
func (res Result) Reaches(limit Severity) bool {
	return slices.ContainsFunc(res.Findings, func(f Finding) bool { return f.Severity.rank() >= limit.rank() })
}

func (s Severity) rank() int {
	switch s {
	case Error:
		return 3
	case Warning:
		return 2
	case Note:
		return 1
	}
	return 0
}

// ParseSeverity reads "error", "warning" or "note".
func ParseSeverity(text string) (Severity, error) {
	s := Severity(text)
	if s.rank() == 0 {
		return "", fmt.Errorf("severity %q is unknown, want error, warning or note", text)
	}
	return s, nil
}
