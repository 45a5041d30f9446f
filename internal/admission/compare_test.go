package admission

import (
	"slices"
	"strings"
	"testing"

	"arclint/internal/access"
)

// TestCompare: who is shut out, let in or given another account by a change of
// the rules, and nobody by one that means the same.
func TestCompare(t *testing.T) {
	const rule = "authtokens=* " + issuer + " * * *"
	for _, tt := range []struct {
		name, before, after string
		want                []string // before, after
	}{
		{"nothing", rule, rule, nil},
		{"the same in quotes", rule, `authtokens=* "` + issuer + `" * * *`, nil},
		{"narrower", rule, "authtokens=* " + issuer + " ce * *", []string{"allow as dune; deny"}},
		{"wider", "authtokens=jane " + issuer + " * * *", rule, []string{"deny; allow as dune"}},
		{"another subject", "subject=/CN=a", "subject=/CN=b", []string{"allow as dune; deny", "deny; allow as dune"}},
		{"an exclusion", rule, "-authtokens=jane " + issuer + " * * *\n" + rule, []string{"allow as dune; deny"}},
		{"two rules at once", "voms=vo.example.org * * *\nsubject=/CN=a", "-subject=/CN=a\nvoms=vo.example.org * * *", []string{"allow as dune; deny"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Compare(conf(t, "7.2.0", tt.before), conf(t, "7.2.0", tt.after))
			var got []string
			for _, change := range c.Changes {
				if text := change.Before + "; " + change.After; !slices.Contains(got, text) {
					got = append(got, text)
				}
				if change.ShutOut() == change.LetIn() {
					t.Errorf("%+v: neither shut out nor let in", change)
				}
			}
			if !slices.Equal(got, tt.want) || c.Asked == 0 || c.Same() != (tt.want == nil) {
				t.Errorf("%v of %d clients, want %v", got, c.Asked, tt.want)
			}
		})
	}
}

// TestCompareStopped: where the service does not start there is nobody to ask.
func TestCompareStopped(t *testing.T) {
	sound := conf(t, "6.17.0", "all=yes")
	stopped := conf(t, "6.17.0", "nosuchrule=1")
	if c := Compare(stopped, sound); !strings.Contains(c.Unknown, "before") || c.Same() {
		t.Errorf("%+v, want it unknown", c)
	}
	if c := Compare(sound, stopped); !strings.Contains(c.Unknown, "afterwards") {
		t.Errorf("%+v, want it unknown", c)
	}
}

// TestCompareMore: clients whom no rule names are asked as well.
func TestCompareMore(t *testing.T) {
	before, after := conf(t, "7.2.0", "!subject=/CN=a"), conf(t, "7.2.0", "!file=/nosuch")
	c := Compare(before, after, Person{Subject: "/CN=b"})
	last := c.Changes[len(c.Changes)-1]
	if last.Who != "client 1" || last.Operation != access.JobCreate {
		t.Errorf("%+v, want the client that was given", last)
	}
}
