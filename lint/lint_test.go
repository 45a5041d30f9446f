package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

const confPath = "/etc/arc.conf"

// siteOf is a site of ARC 7.2.0 with that arc.conf and files of arc.conf.d.
func siteOf(t *testing.T, conf string, confd ...string) *site.Site {
	t.Helper()
	release, err := site.NewRelease("7.2.0", "")
	if err != nil {
		t.Fatal(err)
	}
	var more []*source.File
	for i, text := range confd {
		more = append(more, source.New(fmt.Sprintf("%s.d/%d.conf", confPath, i), []byte(text)))
	}
	return &site.Site{Config: confPath, Release: release, Conf: arcconf.Parse(source.New(confPath, []byte(conf)), more...)}
}

// badWords reports every option whose value is "bad", and every line that is
// dropped.
var badWords = &lint.Rule{
	ID: "conf/bad-words", Title: "A word is bad", Severity: lint.Error, Recipe: "edit-arc-conf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, sec := range s.Conf.Sections {
			for _, o := range sec.Options {
				if o.Value.Text == "bad" {
					r.At(o.Value.Span, "%s is bad", o.Name.Text).About(o.Name.Text)
				}
			}
		}
		for _, p := range s.Conf.Problems {
			r.At(p.Span, "dropped")
		}
	},
}

var wholeFile = &lint.Rule{
	ID: "conf/whole-file", Severity: lint.Warning, Recipe: lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) { r.Path(s.ConfigPath(), "all of it is bad") },
}

// lines writes findings as "line rule message".
func lines(found []lint.Finding) []string {
	var list []string
	for _, f := range found {
		list = append(list, fmt.Sprintf("%d %s %s", f.Span.Begin().Line, f.Rule, f.Headline))
	}
	return list
}

func TestSuppression(t *testing.T) {
	for _, tt := range []struct {
		name, conf string
		want       []string
	}{
		{"the next option only", "[a]\n# arclint:ignore conf/bad-words reason\nx=bad\ny=bad\n", []string{"4 conf/bad-words y is bad"}},
		{"comments and empty lines between", "[a]\nz=good\n# arclint:ignore conf/bad-words reason\n\n# more\nx=bad\n", nil},
		{"a dropped line above the option", "[a]\n# arclint:ignore conf/bad-words reason\n[b\nx=good\n", nil},
		{"a dropped line at the end", "[a]\nx=good\n# arclint:ignore conf/bad-words reason\ndropped line\n", nil},
		{"CR LF", "[a]\r\n# arclint:ignore conf/bad-words reason\r\nx=bad\r\ny=bad\r\n", []string{"4 conf/bad-words y is bad"}},
		{"blanks", "[a]\n# arclint:ignore\tconf/bad-words  reason\nx=bad\n", nil},
		{
			"before a header, its section", "[a]\nx=bad\n# arclint:ignore conf/bad-words reason\n[b]\nx=bad\ndropped line\n[c]\nx=bad\n",
			[]string{"2 conf/bad-words x is bad", "8 conf/bad-words x is bad"},
		},
		{"directly above the first header, its section", "# arclint:ignore conf/bad-words reason\n[a]\nx=bad\n[b]\nx=bad\n", []string{"5 conf/bad-words x is bad"}},
		{"above the first header, the whole site", "# arclint:ignore conf/bad-words reason\n\n[a]\nx=bad\n[b]\nx=bad\n", nil},
		{
			"two for one", "[a]\n# arclint:ignore conf/bad-words one\n# arclint:ignore conf/bad-words two\nx=bad\n", nil,
		},
		{
			"another rule", "[a]\n# arclint:ignore conf/whole-file reason\nx=bad\n",
			[]string{
				"3 conf/bad-words x is bad",
				"2 conf/suppression this directive suppresses no finding of conf/whole-file",
			},
		},
		{
			"nothing below", "[a]\nx=bad\n# arclint:ignore conf/bad-words reason\n",
			[]string{
				"2 conf/bad-words x is bad",
				"3 conf/suppression this directive suppresses no finding of conf/bad-words",
			},
		},
		{
			"no reason", "[a]\n# arclint:ignore conf/bad-words \nx=bad\n",
			[]string{
				"3 conf/bad-words x is bad",
				"2 conf/suppression this directive gives no reason",
			},
		},
		{"no rule", "[a]\n# arclint:ignore\n", []string{"2 conf/suppression this directive names no rule"}},
		{
			"unknown rule", "[a]\n# arclint:ignore conf/bad-word reason\n# arclint:ignore conf/nothing-like-it reason\n",
			[]string{
				"2 conf/suppression \"conf/bad-word\" is not a rule of arclint; did you mean conf/bad-words?",
				"3 conf/suppression \"conf/nothing-like-it\" is not a rule of arclint",
			},
		},
		{"no directive", "[a]\n# arclint:ignored conf/bad-words reason\n#arclint:ignore conf/bad-words reason\nx=bad # arclint:ignore conf/bad-words reason\n", nil},
		{"indented", "[a]\n  # arclint:ignore conf/bad-words reason\nx=bad\n", []string{"2 conf/bad-words dropped", "3 conf/bad-words x is bad"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rules := []*lint.Rule{badWords, lint.Suppression, quiet(wholeFile)}
			if diff := cmp.Diff(tt.want, lines(lint.Run(siteOf(t, tt.conf), rules).Findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// quiet is the rule without findings.
func quiet(rule *lint.Rule) *lint.Rule {
	r := *rule
	r.Check = func(*site.Site, *lint.Reporter) {}
	return &r
}

// TestSuppressionOfFiles: what stands in no text is silenced for the whole site
// only, and a directive does not reach into another file.
func TestSuppressionOfFiles(t *testing.T) {
	rules := []*lint.Rule{badWords, wholeFile, lint.Suppression}
	const unused = "this directive suppresses no finding of conf/whole-file"
	for _, tt := range []struct {
		name, conf, confd string
		want              []string
	}{
		{"whole site", "# arclint:ignore conf/whole-file reason\n# arclint:ignore conf/bad-words reason\n\n[a]\n", "[b]\nx=bad\n", nil},
		{"one section", "# arclint:ignore conf/whole-file reason\n[a]\n", "", []string{"0 conf/whole-file all of it is bad", "1 conf/suppression " + unused}},
		{
			"in arc.conf.d", "[a]\nx=bad\n", "# arclint:ignore conf/bad-words reason\n\n[a]\nx=bad\n",
			[]string{"2 conf/bad-words x is bad", "0 conf/whole-file all of it is bad"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, lines(lint.Run(siteOf(t, tt.conf, tt.confd), rules).Findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUnusedDirectiveIsRemoved: the edit takes the whole line.
func TestUnusedDirectiveIsRemoved(t *testing.T) {
	s := siteOf(t, "[a]\n# arclint:ignore conf/bad-words reason\nx=good\n")
	found := lint.Run(s, []*lint.Rule{badWords, lint.Suppression}).Findings
	if len(found) != 1 {
		t.Fatalf("%d findings, want 1", len(found))
	}
	got, err := source.Apply(s.Conf.Main, found[0].Edits)
	if err != nil || string(got) != "[a]\nx=good\n" {
		t.Errorf("after the edit %q (%v)", got, err)
	}
}

func TestRunSorts(t *testing.T) {
	report := func(id string, places ...string) *lint.Rule {
		return &lint.Rule{ID: id, Severity: lint.Note, Recipe: lint.Manual, Check: func(s *site.Site, r *lint.Reporter) {
			for _, p := range places {
				path, subject, _ := strings.Cut(p, " ")
				r.Path(path, "%s", subject).About(subject)
			}
			for _, sec := range s.Conf.Sections {
				r.At(sec.Header.Span, "header")
			}
			r.Skip("because of %s", id)
		}}
	}
	s := siteOf(t, "[b]\n[a]\n")
	res := lint.Run(s, []*lint.Rule{report("trust/z", "/b 2", "/b 1", "/a 1"), report("conf/a", "/b 1")})
	var got []string
	for _, f := range res.Findings {
		got = append(got, fmt.Sprintf("%s:%d %s %s", f.Path, f.Span.Begin().Line, f.Rule, f.Headline))
	}
	want := []string{
		"/a:0 trust/z 1",
		"/b:0 conf/a 1", "/b:0 trust/z 1", "/b:0 trust/z 2",
		"/etc/arc.conf:1 conf/a header", "/etc/arc.conf:1 trust/z header",
		"/etc/arc.conf:2 conf/a header", "/etc/arc.conf:2 trust/z header",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	skips := []lint.Skip{{Rule: "conf/a", Reason: "because of conf/a"}, {Rule: "trust/z", Reason: "because of trust/z"}}
	if diff := cmp.Diff(skips, res.Skips); diff != "" {
		t.Errorf("skips (-want +got):\n%s", diff)
	}
}

// TestReleases: a rule is for the releases of which its question is true, and
// what is printed of them are the bounds of that list.
func TestReleases(t *testing.T) {
	confd := func(r site.Release) bool { return r.ConfD }
	none := func(site.Release) bool { return false }
	names := func(r site.Release) bool { return r.PatternsOnNames } // 7.0.0 alone
	for _, tt := range []struct {
		name         string
		rule         lint.Rule
		since, until string
		applies      bool // to a site of 7.2.0
	}{
		{"every release", lint.Rule{}, "", "", true},
		{"the first", lint.Rule{Where: func(r site.Release) bool { return !r.ConfD }}, "", "7.0.0", false},
		{"the second", lint.Rule{Where: names}, "7.0.0", "7.2.0", false},
		{"all but the first", lint.Rule{Where: confd}, "7.0.0", "", true},
		{"none", lint.Rule{Where: none}, "", "", false},
		{"an upgrade rule without a target", lint.Rule{Upgrade: true}, "", "", false},
		{"a gain of the second", lint.Rule{Upgrade: true, Gains: confd}, "", "7.0.0", false},
	} {
		since, until := tt.rule.Range()
		if since != tt.since || until != tt.until {
			t.Errorf("%s: since %q until %q, want %q and %q", tt.name, since, until, tt.since, tt.until)
		}
		if got := tt.rule.AppliesTo(siteOf(t, "")); got != tt.applies {
			t.Errorf("%s: applies to 7.2.0: %t, want %t", tt.name, got, tt.applies)
		}
	}
	later := *wholeFile
	later.Where = names
	if found := lint.Run(siteOf(t, ""), []*lint.Rule{&later}).Findings; len(found) > 0 {
		t.Errorf("a rule for 7.0.0 found %v on 7.2.0", found)
	}
}

// TestGains: an upgrade rule runs where the release has not what the target has.
func TestGains(t *testing.T) {
	confd := func(r site.Release) bool { return r.ConfD }
	rule := &lint.Rule{Upgrade: true, Gains: confd}
	for _, tt := range []struct {
		from, to string
		want     bool
	}{{"6.17.0", "7.0.0", true}, {"6.17.0", "7.2.0", true}, {"7.0.0", "7.2.0", false}} {
		s, then := siteOf(t, ""), siteOf(t, "")
		s.Target = then
		var err error
		if s.Release, err = site.NewRelease(tt.from, ""); err != nil {
			t.Fatal(err)
		}
		if then.Release, err = site.NewRelease(tt.to, ""); err != nil {
			t.Fatal(err)
		}
		if got := rule.AppliesTo(s); got != tt.want {
			t.Errorf("from %s to %s: %t, want %t", tt.from, tt.to, got, tt.want)
		}
	}
}

// TestPanic: a rule that fails becomes a finding, and the others are heard.
func TestPanic(t *testing.T) {
	broken := &lint.Rule{ID: "conf/broken", Title: "Something is wrong", Severity: lint.Note, Recipe: lint.Manual, Check: func(s *site.Site, r *lint.Reporter) {
		r.Path(confPath, "half a truth")
		var none []int
		_ = none[len(s.Config)]
	}}
	found := lint.Run(siteOf(t, "[a]\nx=bad\n"), []*lint.Rule{broken, badWords}).Findings
	if len(found) != 2 {
		t.Fatalf("%d findings, want that of the other rule and the failure: %v", len(found), found)
	}
	f := found[0]
	if f.Rule != lint.PanicRule || f.Severity != lint.Error || f.Path != confPath || f.Subject != "conf/broken" {
		t.Errorf("the failure is reported as %+v", f)
	}
	for _, part := range []string{"rule conf/broken failed", "index out of range", "Something is wrong"} {
		if !strings.Contains(f.Message(), part) {
			t.Errorf("message %q does not say %q", f.Message(), part)
		}
	}
}

func TestReporter(t *testing.T) {
	s := siteOf(t, "[a]\nx=bad\n")
	header := s.Conf.Sections[0].Header.Span
	rule := &lint.Rule{ID: "conf/x", Severity: lint.Warning, Recipe: "edit-arc-conf", Check: func(_ *site.Site, r *lint.Reporter) {
		r.At(header, "at %d", 1).As(lint.Note).About("x").Relate(header, "see %s", "here").RelatePath("/b", "and %s", "there").
			Fix(source.Edit{Span: header}).With("path", "/a").With("mode", "0400")
		r.Path("/c", "in a file").Offer("one", "two")
	}}
	want := []*lint.Finding{
		{
			Rule: "conf/x", Severity: lint.Note, Path: confPath, Span: header, Headline: "at 1", Recipes: []string{"edit-arc-conf"}, Subject: "x",
			Related: []lint.Related{{Path: confPath, Span: header, Message: "see here"}, {Path: "/b", Message: "and there"}},
			Edits:   []source.Edit{{Span: header}}, Args: map[string]string{"path": "/a", "mode": "0400"},
		},
		{Rule: "conf/x", Severity: lint.Warning, Path: "/c", Headline: "in a file", Recipes: []string{"one", "two"}},
	}
	sameFile := cmp.Comparer(func(a, b *source.File) bool { return a == b })
	if diff := cmp.Diff(want, lint.Check(s, rule).Findings(), sameFile); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	manual := &lint.Rule{ID: "conf/y", Recipe: lint.Manual, Check: func(_ *site.Site, r *lint.Reporter) { r.Path("/c", "by hand") }}
	if f := lint.Check(s, manual).Findings()[0]; f.Recipes != nil {
		t.Errorf("a manual rule offers the recipes %v", f.Recipes)
	}
}

// TestFingerprint: it follows the fault when the line moves, and tells faults
// apart.
func TestFingerprint(t *testing.T) {
	first := func(conf string) lint.Finding {
		return lint.Run(siteOf(t, conf), []*lint.Rule{badWords}).Findings[0]
	}
	a, moved, other := first("[a]\nx=bad\n"), first("# new\n\n[a]\n  x = bad\n"), first("[a]\ny=bad\n")
	if a.Fingerprint() != moved.Fingerprint() {
		t.Error("a moved line has another fingerprint")
	}
	if len(a.Fingerprint()) != 64 {
		t.Errorf("fingerprint %q has %d digits, want 64", a.Fingerprint(), len(a.Fingerprint()))
	}
	elsewhere, rule := a, a
	elsewhere.Path, rule.Rule = "/etc/other.conf", "conf/other"
	text := a
	text.Subject = ""
	for name, f := range map[string]lint.Finding{"subject": other, "path": elsewhere, "rule": rule, "text": text} {
		if f.Fingerprint() == a.Fingerprint() {
			t.Errorf("another %s has the same fingerprint", name)
		}
	}
}

func TestCompareIDs(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"conf/a", "conf/b", -1},
		{"conf/b", "conf/b", 0},
		{"host/a", "conf/b", 1},
		{"conf/a-b", "conf/a", 1},
		{"conf-x/a", "conf/b", 1}, // by area first: as one text "-" would come before "/"
	} {
		if got := lint.CompareIDs(tt.a, tt.b); got != tt.want {
			t.Errorf("CompareIDs(%q, %q) is %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestSeverities(t *testing.T) {
	res := lint.Result{Findings: []lint.Finding{{Severity: lint.Warning}, {Severity: lint.Note}, {Severity: lint.Note}}}
	if e, w, n := res.Count(lint.Error), res.Count(lint.Warning), res.Count(lint.Note); e != 0 || w != 1 || n != 2 {
		t.Errorf("counts are %d, %d, %d, want 0, 1, 2", e, w, n)
	}
	for _, tt := range []struct {
		limit lint.Severity
		want  bool
	}{{lint.Error, false}, {lint.Warning, true}, {lint.Note, true}} {
		if got := res.Reaches(tt.limit); got != tt.want {
			t.Errorf("Reaches(%s) is %t, want %t", tt.limit, got, tt.want)
		}
	}
	if (lint.Result{}).Reaches(lint.Note) {
		t.Error("no finding reaches note")
	}
	for _, text := range []string{"error", "warning", "note"} {
		if s, err := lint.ParseSeverity(text); err != nil || string(s) != text {
			t.Errorf("ParseSeverity(%q) is %q, %v", text, s, err)
		}
	}
	for _, text := range []string{"", "Error", "info"} {
		if _, err := lint.ParseSeverity(text); err == nil {
			t.Errorf("ParseSeverity(%q) gives no error", text)
		}
	}
}

// TestUpgradeRules: a rule on an upgrade runs where there is a target. Without
// one its directive is not called unused.
func TestUpgradeRules(t *testing.T) {
	rule := *badWords
	rule.Upgrade = true
	rules := []*lint.Rule{&rule, lint.Suppression}
	s := siteOf(t, "[a]\n# arclint:ignore conf/bad-words reason\nx=bad\ny=bad\n# arclint:ignore conf/bad-words unused\nz=good\n")
	if found := lint.Run(s, rules).Findings; len(found) > 0 {
		t.Errorf("without a target: %v", lines(found))
	}
	s.Target = siteOf(t, "")
	want := []string{
		"4 conf/bad-words y is bad",
		"5 conf/suppression this directive suppresses no finding of conf/bad-words",
	}
	if diff := cmp.Diff(want, lines(lint.Run(s, rules).Findings)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
