package access

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"arclint/internal/authgroup"
)

// TestCovering: tests are found by what they ask as they are by comparing each.
func TestCovering(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	found := 0
	for range 500 {
		p := Model(load(t, "7.2.0", drawGroups(r)+usedGroups, nil))
		c := newCoverage()
		var all []*authgroup.Rule
		for _, g := range p.Groups {
			all = append(all, g.Rules...)
		}
		for n, rule := range all {
			c.add(rule.Test, int32(n))
		}
		for _, rule := range all {
			var want, got []int32
			for n, other := range all {
				if Covers(other.Test, rule.Test) {
					want = append(want, int32(n))
				}
			}
			for list := range c.covering(rule.Test) {
				got = append(got, list...)
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("%s is covered by %v, want %v", strings.TrimSpace(rule.Option.Line.Text()), got, want)
			}
			found += len(want)
		}
	}
	if found < 5000 {
		t.Errorf("%d tests that cover others were drawn, want more", found)
	}
}

// TestCoverGrows: what a cover says after each group is what one that never was
// asked says, and One is the first group that holds all members alone.
func TestCoverGrows(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	held, alone := 0, 0
	for range 1000 {
		conf := drawGroups(r)
		p := Model(load(t, "7.2.0", conf+usedGroups, nil))
		c := p.NewCover()
		for i := range p.Groups {
			c.Add(p.Groups[i])
			for _, g := range p.Groups {
				want := p.Inside(g, p.Groups[:i+1]...)
				if got := c.Holds(g); got != want {
					t.Fatalf("%s is inside the first %d groups: %v, want %v:\n%s", g.Name, i+1, got, want, conf)
				}
				first := slices.IndexFunc(p.Groups[:i+1], func(o *authgroup.Group) bool { return p.Inside(g, o) })
				if n, known := c.One(g); n != first || !known {
					t.Fatalf("%s is inside group %d (%v), want %d of %d:\n%s", g.Name, n, known, first, i+1, conf)
				}
				if want {
					held++
				}
				if first >= 0 {
					alone++
				}
			}
		}
	}
	if held < 500 || alone < 500 || held == alone {
		t.Errorf("%d groups were held, %d by one group alone, want more", held, alone)
	}
}

// TestEarlier: the first rule that shadows another is the one that comparing each
// finds.
func TestEarlier(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	found := 0
	for range 2000 {
		p := Model(load(t, "7.2.0", drawGroups(r)+usedGroups, nil))
		shadowing := p.NewShadowing()
		for _, g := range p.Groups {
			above := shadowing.Group()
			for i, rule := range g.Rules {
				var want *authgroup.Rule
				if n := slices.IndexFunc(g.Rules[:i], func(e *authgroup.Rule) bool { return p.Shadows(e, rule) }); n >= 0 {
					want = g.Rules[n]
					found++
				}
				if got := above.First(rule); got != want {
					t.Fatalf("%s is shadowed by %v, want %v", strings.TrimSpace(rule.Option.Line.Text()), got, want)
				}
				above.Add(rule)
			}
		}
	}
	if found < 300 {
		t.Errorf("%d shadowed rules were drawn, want more", found)
	}
}

// TestCoverSteps: twice as many groups take about twice the steps, where each is
// asked after each that comes.
func TestCoverSteps(t *testing.T) {
	shapes := map[string]func(i int) string{
		"chain":  func(i int) string { return fmt.Sprintf("authgroup=g%d", i-1) },
		"nested": func(i int) string { return fmt.Sprintf("authgroup=g%d\nsubject=/CN=%d", i-1, i) },
		"sets":   func(i int) string { return fmt.Sprintf("subject=/CN=left %d\nsubject=/CN=right %d", i/30, i%30) },
		"alone":  func(i int) string { return fmt.Sprintf("subject=/CN=%d", i) },
	}
	for name, shape := range shapes {
		steps := func(n int) int {
			var b strings.Builder
			b.WriteString("[authgroup:g0]\nsubject=/CN=first\n")
			for i := 1; i < n; i++ {
				fmt.Fprintf(&b, "[authgroup:g%d]\n%s\n", i, shape(i))
			}
			p := Model(load(t, "7.2.0", b.String()+usedGroups, nil))
			c := p.NewCover()
			for _, g := range p.Groups {
				c.One(g)
				c.Add(g)
			}
			return c.steps
		}
		if small, large := steps(400), steps(800); large > 3*small {
			t.Errorf("%s: %d steps for 400 groups, %d for 800", name, small, large)
		}
	}
}

// Shadows says whether a rule matches whenever the other one does, which stands
// below it in the same group, as far as their texts and those of the groups that
// they name show.
func (p *Policy) Shadows(above, below *authgroup.Rule) bool {
	if above.Inverted || below.Inverted {
		return false
	}
	t, ok := above.Test.(*authgroup.Groups)
	if covers, _ := p.covers(above.Test, below.Test); covers || !ok {
		return covers
	}
	c := p.NewCover()
	for _, g := range c.above(t, above.Group) {
		c.Add(g)
	}
	held, _ := c.rule(below, 0)
	return held
}
