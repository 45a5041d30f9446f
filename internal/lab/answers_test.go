//go:build lab

package lab_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// answers collects what each visitor was answered, by release and site.
type answers struct {
	roll
	mu sync.Mutex
	of map[string]map[string]map[string]string
}

func newAnswers() *answers { return &answers{of: map[string]map[string]map[string]string{}} }

func (a *answers) add(release, site string, found map[string]string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of[release] == nil {
		a.of[release] = map[string]map[string]string{}
	}
	a.of[release][site] = found
}

// compare holds every release against ARC 6.17, where that was asked.
func (a *answers) compare(t *testing.T) {
	before := a.of["6.17.0"]
	if before == nil {
		t.Log("ARC 6.17 was not asked: there is nothing to compare with")
		return
	}
	for site, found := range before {
		in := 0
		for _, answer := range found {
			if answer != refused {
				in++
			}
		}
		if in == 0 || in == len(found) {
			t.Errorf("%s: %d of %d are let in by ARC 6.17: the visitors have gone astray", site, in, len(found))
		}
	}
	for _, release := range slices.Sorted(maps.Keys(a.of)) {
		if diff := cmp.Diff(before, a.of[release]); diff != "" {
			t.Errorf("after the upgrade to %s others are let in (-ARC 6.17 +ARC %s):\n%s", release, release, diff)
		}
	}
	if a.whole(t) {
		compareSection(t, "The upgrade", a.section(before))
	}
}

// refused is the answer to whoever is not let in.
const refused = "refused"

func (a *answers) section(found map[string]map[string]string) string {
	var b strings.Builder
	b.WriteString(a.line() + "\n")
	b.WriteString("Three sites of ARC 6.17 (`fixtures/sites`), and the arc.conf that `arclint recipe --target 7.2.0 upgrade` makes of theirs (`after.conf` there). ARC 6.17 is asked with the first, ARC 7.0.0 and 7.2.0 with the second: all three give these answers. ")
	b.WriteString("No Argus server is at hand, so its block is left out of upgrade-condor-6.17.\n\n| |")
	for _, site := range upgraded {
		fmt.Fprintf(&b, " %s |", site)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(upgraded)) + "\n")
	for _, who := range slices.Sorted(maps.Keys(found[upgraded[0]])) {
		fmt.Fprintf(&b, "| %s |", who)
		for _, site := range upgraded {
			fmt.Fprintf(&b, " %s |", found[site][who])
		}
		b.WriteString("\n")
	}
	return b.String()
}
