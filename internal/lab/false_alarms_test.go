//go:build lab

package lab_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"arclint/fixtures/faults"
	"arclint/internal/arcref"
	"arclint/internal/lab"
	"arclint/lint"
)

// TestFalseAlarms: where arclint says that ARC's own check calls a line an error that is
// none, that check does so, of each release and each option of its reference, with
// values of several forms.
func TestFalseAlarms(t *testing.T) {
	found := &foretold{counts: map[string]int{}}
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			found.add(newChecker(t, s, chroot))
		})
	})
	found.compare(t)
}

// foretold counts the false alarms of ARC's checks, by release.
type foretold struct {
	roll
	mu     sync.Mutex
	counts map[string]int
}

func (f *foretold) add(c *checker) {
	ref, known := arcref.Known().For(c.ce.Measured)
	if !known {
		c.t.Fatalf("no reference of %s", c.ce.Measured)
	}
	parts := partsOf(ref)
	crashed, alarms := c.foretell(ref, parts)
	var alone []confPart
	for _, p := range crashed {
		for _, line := range p.lines {
			alone = append(alone, confPart{p.header, []string{line}})
		}
	}
	_, more := c.foretell(ref, alone)
	c.t.Logf("%d parts of arc.conf, and %d lines alone: %d false alarms of ARC's checks foretold", len(parts), len(alone), alarms+more)
	if alarms+more == 0 {
		c.t.Error("no false alarm was foretold: nothing was compared")
	}
	f.sign(c.t, c.ce)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.counts[c.ce.Measured] = alarms + more
}

// compare holds docs/fidelity.md against the run. Each false alarm that was counted is
// one that ARC raised, else the run has failed.
func (f *foretold) compare(t *testing.T) {
	if !f.whole(t) {
		return
	}
	compareSection(t, "False alarms of ARC's own checks", f.line()+"\nEvery option of the reference with values of nine forms. Where `conf/validator-false-alarm` says that ARC's own check calls the line an error, it does.\n\n"+
		"| |"+columns(func(s lab.Suite) string { return "ARC " + s.Measured })+"\n|---|"+strings.Repeat("---|", len(f.counts))+
		"\n| false alarms that arclint foretells, all raised by ARC |"+columns(func(s lab.Suite) string { return fmt.Sprint(f.counts[s.Measured]) })+"\n")
}

// foretell lets ARC's checks and arclint judge the parts. It gives those at which the
// checks crashed, and counts the false alarms that arclint foretold of the others.
func (c *checker) foretell(ref *arcref.Reference, parts []confPart) (crashed []confPart, alarms int) {
	c.sites = nil
	for i, p := range parts {
		c.write(faults.WithLines(ref, fmt.Sprintf("/alarms/%d", i), c.ce.Port, checkCredentials(), p.header, p.lines))
	}
	for i, said := range c.askARC() {
		if slices.ContainsFunc(said, func(m message) bool { return m.Level == "CRASH" }) && len(parts[i].lines) > 1 {
			crashed = append(crashed, parts[i])
			continue
		}
		alarms += c.hold(c.sites[i], said)
	}
	return crashed, alarms
}

// hold counts what arclint foretells of ARC's checks and holds each against what they
// have said.
func (c *checker) hold(m *faults.Site, said []message) (alarms int) {
	_, findings := c.lint(m)
	for _, f := range findings {
		if f.Rule != "conf/validator-false-alarm" {
			continue
		}
		alarms++
		if !slices.ContainsFunc(said, func(msg message) bool { return msg.isError() && speaksOf(msg, f) }) {
			disagree(c.t, c.ce.Suite, "%s: arclint foretells an error about %s, ARC's checks say %v\n%s", m.Dir, f.Subject, said, m.Text())
		}
	}
	return alarms
}

// speaksOf says whether a message is about the block and the option of the finding.
func speaksOf(msg message, f lint.Finding) bool {
	b, known := blameOf(msg.Text)
	block, option, _ := strings.Cut(f.Subject, " ")
	return known && b.option == option && (b.block == "" || sameKind(block, b.block))
}

// confPart is a block of arc.conf.
type confPart struct {
	header string
	lines  []string
}

// partsOf gives each block of the reference with all its options, once for each form
// of a value.
func partsOf(ref *arcref.Reference) (parts []confPart) {
	for _, b := range ref.Blocks {
		if b.Free {
			continue
		}
		header := "[" + b.Name + "]"
		if b.Named {
			header = "[" + b.Name + ":x]"
		}
		for _, form := range forms {
			p := confPart{header: header}
			for _, o := range b.Options {
				if line := form(o); line != "" {
					p.lines = append(p.lines, line)
				}
			}
			if len(p.lines) > 0 {
				parts = append(parts, p)
			}
		}
	}
	return parts
}

// forms make lines of an option, "" where there is none of that form.
var forms = []func(*arcref.Option) string{
	with(func(one, _ string) string { return one }),
	with(func(one, two string) string { return one + " " + two }),
	with(func(one, two string) string { return one + "," + two }),
	with(func(one, _ string) string { return `"` + one + `"` }),
	with(func(one, two string) string { return `"` + one + `" ` + two }),
	with(func(string, string) string { return "*" }),
	with(func(one, _ string) string { return strings.ToUpper(one) }),
	ruleWith("-"), ruleWith("!"),
}

func with(value func(one, two string) string) func(*arcref.Option) string {
	return func(o *arcref.Option) string {
		one, two := "one", "two"
		if n := len(o.Allowed); n > 0 {
			one, two = o.Allowed[0], o.Allowed[n-1]
		}
		return o.Name + "=" + value(one, two)
	}
}

func ruleWith(prefix string) func(*arcref.Option) string {
	return func(o *arcref.Option) string {
		if !o.Rule {
			return ""
		}
		return prefix + o.Name + "=one"
	}
}
