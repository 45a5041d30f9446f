//go:build lab

package lab_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"arclint/internal/lab"
	"arclint/lint"
)

// corpusReport collects what the releases say of the corpus.
type corpusReport struct {
	roll
	mu sync.Mutex
	of map[string]*corpusRun
}

func newCorpusReport() *corpusReport { return &corpusReport{of: map[string]*corpusRun{}} }

func (r *corpusReport) add(t *testing.T, c *corpusRun) {
	r.sign(t, c.ce)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.of[c.ce.Measured] = c
}

// compare holds the upgraded files against those of ARC 6, and docs/fidelity.md
// against the run.
func (r *corpusReport) compare(t *testing.T) {
	old := r.of["6.17.0"]
	if old == nil {
		t.Log("ARC 6.17 was not asked: there is nothing to compare with")
		return
	}
	for release, c := range r.of {
		for _, s := range c.specimens {
			if s.upgraded {
				newErrors(t, release, s, old.specimen(s.Name))
			}
		}
	}
	if r.whole(t) {
		compareSection(t, "The corpus", r.section())
	}
}

func (c *corpusRun) specimen(name string) *specimen {
	at := slices.IndexFunc(c.specimens, func(s *specimen) bool { return s.Name == name })
	return c.specimens[at]
}

// newErrors complains about what ARC's checks of the newer release say of the
// upgraded file and those of ARC 6 do not say of the old one.
func newErrors(t *testing.T, release string, after, before *specimen) {
	t.Helper()
	for _, msg := range after.arc {
		b, _ := blameOf(msg.Text)
		old := slices.ContainsFunc(before.arc, func(m message) bool {
			a, known := blameOf(m.Text)
			return known && a.option == b.option && (a.block == b.block || a.block == "" || b.block == "")
		})
		if !old && !after.excused(msg.Text, b) {
			t.Errorf("%s: ARC %s says %q after the upgrade, and ARC 6.17 did not before\n%s",
				after.Name, release, msg.Text, after.text)
		}
	}
}

// excused are errors that no arc.conf causes, as the recipe says: the chroot lacks the
// package with the scripts, and the check does not know lines that the release reads.
func (s *specimen) excused(text string, b blame) bool {
	if strings.Contains(text, "lrms requires installing") || strings.HasSuffix(text, "is not an allowed lrms name") {
		return slices.ContainsFunc(s.findings, func(f lint.Finding) bool { return f.Rule == "conf/lrms-backend" })
	}
	return slices.ContainsFunc(s.findings, func(f lint.Finding) bool {
		_, option, _ := strings.Cut(f.Subject, " ")
		return f.Rule == "conf/validator-false-alarm" && option == b.option
	})
}

// section lists every error of arclint with what confirmed it, and the upgrades.
func (r *corpusReport) section() string {
	var b strings.Builder
	b.WriteString(r.line() + "\n")
	files, findings := 0, 0
	var rows strings.Builder
	for _, suite := range lab.Suites() {
		c := r.of[suite.Measured]
		for _, s := range c.specimens {
			if s.upgraded {
				continue
			}
			files++
			for _, f := range s.errors {
				findings++
				fmt.Fprintf(&rows, "| `%s` | `%s` at %s | %s |\n", s.Name, f.Rule, where(f), s.confirmed(f))
			}
		}
	}
	fmt.Fprintf(&b, "`fixtures/corpus` has %d arc.conf files in the shape of those that sites publish, "+
		"each judged as the release for which it was written. ", files)
	b.WriteString("ARC's own checks of that release find no error in them that arclint does not find, " +
		"but for what they read twice in arc.conf.d (arc-behaviour C13). ")
	fmt.Fprintf(&b, "arclint has %d errors, none of them false and no two for one cause "+
		"(`lint/catalog/testdata/corpus.txt` has the warnings too):\n\n", findings)
	b.WriteString("| file | error of arclint | confirmed by |\n|---|---|---|\n" + rows.String())
	b.WriteString("\nThe files of ARC 6, and what the recipe upgrade makes of them: nine visitors ask ARC 6.17 with the old file " +
		"and ARC 7 with the new one, and each CE answers as `whoami` says. " +
		"ARC's own checks find no error in the new file that they did not find in the old one, " +
		"but for lines of which `conf/validator-false-alarm` says that they are right, " +
		"and for batch systems whose package the recipe says to install. `fixtures/corpus/upgrade` has the changes that an administrator decided.\n\n")
	b.WriteString("| file |" + columns(func(s lab.Suite) string { return "ARC " + s.Measured }))
	b.WriteString("\n|---|" + strings.Repeat("---|", len(r.of)) + "\n")
	for _, s := range r.of["7.2.0"].specimens {
		if s.upgraded {
			letIn := func(suite lab.Suite) string { return r.of[suite.Measured].specimen(s.Name).letIn() }
			fmt.Fprintf(&b, "| `%s` |%s\n", s.Name, columns(letIn))
		}
	}
	return b.String()
}

func where(f lint.Finding) string {
	if f.Span.IsZero() {
		return f.Path
	}
	return fmt.Sprintf("line %d", f.Span.Begin().Line)
}

// confirmed says what shows that an error of arclint is one.
func (s *specimen) confirmed(f lint.Finding) string {
	for _, msg := range s.arc {
		if b, known := blameOf(msg.Text); known && b.answeredBy(s.loaded, s.onCE(f)) {
			return msg.By + ": " + strings.ReplaceAll(corpusPath.ReplaceAllString(msg.Text, "/etc/"), "|", `\|`)
		}
	}
	switch {
	case s.asked && s.failed != nil:
		return "the CE does not start"
	case s.asked:
		return fmt.Sprintf("the CE lets in %s, as `whoami` says", s.letIn())
	}
	return "no web interface to ask"
}

// corpusPath is where a file of the corpus stands on the CE.
var corpusPath = regexp.MustCompile(`/corpus/\d+/`)

// onCE is a finding of the fixture as it was made on the CE.
func (s *specimen) onCE(f lint.Finding) lint.Finding {
	for _, g := range s.findings {
		if g.Rule == f.Rule && filepath.Base(g.Path) == filepath.Base(f.Path) && g.Span.Text() == f.Span.Text() {
			return g
		}
	}
	return lint.Finding{}
}

// letIn counts the visitors who are let in.
func (s *specimen) letIn() string {
	switch {
	case !s.asked:
		return "no web interface"
	case s.failed != nil:
		return "does not start"
	}
	n := 0
	for _, p := range s.served {
		if p.got.Accepted() {
			n++
		}
	}
	return fmt.Sprintf("%d of %d", n, len(s.served))
}
