package trust_test

import (
	"os"
	"strings"
	"testing"

	"arclint/fixtures/world"
	"arclint/internal/trust"
)

// attributesSay is what arclint says of the attributes of the client of a world, in the
// words of testdata/voms.tsv, and why.
func attributesSay(t testing.TB, w *world.World, release string) (word, why string) {
	s := load(t, w, release)
	chain := certificates(t, w.ClientChain())
	if v := trust.Chain(s, trust.Client, chain); !v.Accepted {
		return "connection ends", string(v.Reason)
	}
	word = "attributes dropped"
	for _, a := range trust.AttributesIn(s, chain) {
		why += string(a.Answer) + ": " + a.Why + "; "
		switch {
		case a.Answer == trust.Unknown:
			return "not known", why
		case trust.Processing(s).Ends(a):
			return "connection ends", why
		case a.Answer == trust.Accepted:
			word = "attributes count"
		}
	}
	return word, why
}

// TestMemberships rebuilds every scenario of VOMS attributes that real CEs were asked
// about, and wants the measured answer. The lab writes the table.
func TestMemberships(t *testing.T) {
	data, err := os.ReadFile("testdata/voms.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	releases := strings.Split(lines[0], "\t")[1:]
	left := world.Memberships()
	for _, line := range lines[1:] {
		f := strings.Split(line, "\t")
		build, ok := left[f[0]]
		if !ok || len(f) != len(releases)+1 {
			t.Errorf("%q: no such scenario, or %d columns", f[0], len(f))
			continue
		}
		delete(left, f[0])
		for i, release := range releases {
			if f[i+1] == "-" {
				continue // the CE does not start
			}
			w := worlds.World()
			build(w)
			if got, why := attributesSay(t, w, release); got != f[i+1] {
				t.Errorf("%s, %s: %s, measured: %s (%s)", f[0], release, got, f[i+1], why)
			}
		}
	}
	for name := range left {
		t.Errorf("%q is a scenario without a row", name)
	}
}
