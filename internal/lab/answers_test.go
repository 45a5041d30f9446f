//go:build lab

package lab_test

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// answers collects what each visitor was answered, by release and site.
type answers struct {
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
		for who, answer := range found {
			t.Logf("%s, %s: %s", site, who, answer)
			if answer != "refused" {
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
}
