//go:build lab

package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"arclint/fixtures/policies"
)

// meeting is a policy and a visitor.
type meeting struct {
	policy  policies.Policy
	visitor policies.Visitor
}

// smaller makes a meeting as small as it gets while the two still disagree. Each
// step starts the CE anew, so that there are so many at most.
func smaller(m meeting, disagree func(meeting) bool, steps int) meeting {
	for {
		again := false
		for _, n := range m.simpler() {
			if steps--; steps < 0 {
				return m
			}
			if disagree(n) {
				m, again = n, true
				break
			}
		}
		if !again {
			return m
		}
	}
}

func (m meeting) simpler() []meeting {
	var all []meeting
	for _, p := range m.policy.Simpler() {
		all = append(all, meeting{p, m.visitor})
	}
	for _, v := range m.visitor.Simpler() {
		all = append(all, meeting{m.policy, v})
	}
	return all
}

// keepMeeting writes a disagreement, made small, to fixtures/access.
func (g *gate) keepMeeting(dir, name string, p pair) string {
	last := p
	small := smaller(meeting{g.policy, p.visitor}, func(m meeting) bool {
		g.install(m.policy)
		if g.failed != nil {
			return false
		}
		q := g.visit(m.visitor)
		if q.disagrees() == "" {
			return false
		}
		last = q
		return true
	}, 100)
	a := policies.Answer{Status: last.got.Status, Account: last.got.Account, Groups: unique(last.got.Groups), Job: last.got.Job}
	story := fmt.Sprintf("Found by the lab: ARC %s and arclint disagree about %s.\narclint: %s (%s)", g.ce.Measured, last.disagrees(), last.said.Outcome(), last.said.Reason)
	text, err := policies.Keep(g.back.Replace(story), small.policy, small.visitor, a, now).Text()
	ok(g.t, err)
	ok(g.t, os.MkdirAll(dir, 0o755))
	path := filepath.Join(dir, name+".txtar")
	ok(g.t, os.WriteFile(path, text, 0o644))
	return path
}

// TestSmaller: what does not matter goes, what matters stays.
func TestSmaller(t *testing.T) {
	m := meeting{
		policies.Policy{Release: "7.2.0", Blocks: []policies.Block{
			{Header: "[common]", Lines: []string{"hostname=ce.example.org"}},
			{Header: "[authgroup:a]", Lines: []string{"all=no", "all=yes", "file=/x"}},
			{Header: "[authgroup:b]", Lines: []string{"all=yes"}},
		}},
		policies.Visitor{Subject: "/CN=x", Submits: true, Claims: []policies.Claim{{Name: "iss", Value: `"i"`}, {Name: "sub", Value: `"s"`}}},
	}
	has := func(p policies.Policy, line string) bool {
		for _, b := range p.Blocks {
			for _, l := range b.Lines {
				if l == line {
					return true
				}
			}
		}
		return false
	}
	got := smaller(m, func(m meeting) bool {
		return has(m.policy, "all=no") && len(m.visitor.Claims) > 0 && m.visitor.Claims[len(m.visitor.Claims)-1].Name == "sub"
	}, 100)
	want := "[common]\nhostname=ce.example.org\n\n[authgroup:a]\nall=no\n\n"
	if got.policy.Text() != want || got.visitor.JSON() != `{"sub":"s"}` || got.visitor.Subject != "" || got.visitor.Submits {
		t.Errorf("got %s%+v", got.policy.Text(), got.visitor)
	}
}
