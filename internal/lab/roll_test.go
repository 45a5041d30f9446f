//go:build lab

package lab_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"arclint/internal/lab"
)

// roll says which CEs a run has asked.
type roll struct {
	mu     sync.Mutex
	suites map[string]lab.Suite // by the release that was measured
	texts  map[string]string    // their versions
}

// sign adds a CE.
func (r *roll) sign(t *testing.T, ce *lab.CE) {
	t.Helper()
	const query = `dpkg-query -W -f '${Version}' nordugrid-arc-arex; echo; openssl version`
	out, err := ce.Command(t.Context(), "sh", "-c", query).Output()
	ok(t, err)
	words := strings.Fields(string(out))
	if len(words) < 3 {
		t.Fatalf("%q are no versions", out)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.suites == nil {
		r.suites, r.texts = map[string]lab.Suite{}, map[string]string{}
	}
	r.suites[ce.Measured] = ce.Suite
	r.texts[ce.Measured] = fmt.Sprintf("%s: ARC %s, OpenSSL %s", ce.Name, words[0], words[2])
}

// whole says whether every suite was asked and has the release that the pages
// speak of, so that they can be compared.
func (r *roll) whole(t *testing.T) bool {
	for _, s := range lab.Suites() {
		switch got, asked := r.suites[s.Measured]; {
		case !asked:
			return false // a part was asked for
		case got.Unmeasured():
			t.Logf("%s has an unmeasured ARC %s: no page is compared", s.Name, got.Release)
			return false
		}
	}
	return !t.Failed()
}

// line says when the run was, and with which versions.
func (r *roll) line() string {
	var texts []string
	for _, s := range lab.Suites() {
		texts = append(texts, r.texts[s.Measured])
	}
	return fmt.Sprintf("Measured on %s with %s.\n", now.Format("2006-01-02"), strings.Join(texts, "; "))
}
