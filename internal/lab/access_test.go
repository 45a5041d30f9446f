//go:build lab

package lab_test

import (
	"flag"
	"math/rand/v2"
	"testing"

	"arclint/fixtures/policies"
	"arclint/internal/lab"
)

// What docs/fidelity.md speaks of.
const (
	documentedPairs      = 300
	documentedAccessSeed = 5
)

var (
	pairs      = flag.Int("pairs", documentedPairs, "how many pairs of a configuration and a visitor each release answers at least")
	accessSeed = flag.Uint64("access-seed", documentedAccessSeed, "which ones")
)

// perPolicy is how many visitors ask before the CE gets another arc.conf.
const perPolicy = 25

// TestAccess lets visitors ask CEs with drawn configurations: arclint whoami says
// who is let in, as which account, in which groups and with which status of a
// refusal. A disagreement is made as small as it gets and written as a fixture.
func TestAccess(t *testing.T) {
	found := newVisits()
	t.Logf("seed %d, %d pairs a release", *accessSeed, *pairs)
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			g, v := newGate(t, s, chroot), newVisit()
			for n := uint64(0); v.pairs < *pairs; n++ {
				r := rand.New(rand.NewPCG(*accessSeed, n))
				p := policies.Draw(r, s.Measured)
				g.install(p)
				if g.failed != nil {
					v.notStarted(g)
					continue
				}
				for range perPolicy {
					v.add(g, v.twice(g, policies.DrawVisitor(r, p, now)))
				}
			}
			v.report(t)
			found.add(g, v)
		})
	})
	found.compare(t)
}
