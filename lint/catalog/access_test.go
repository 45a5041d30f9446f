package catalog_test

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"arclint/fixtures/golden"
	"arclint/internal/admission"
	"arclint/internal/mint"
	"arclint/internal/report/doors"
	"arclint/internal/site"
)

// pages are the sites whose access matrix is also kept as JSON and Markdown.
func pages() []string {
	return []string{"ok-wlcg-igtf-7.2", "neglected-7.2", "nasty-7.2", "upgraded-6-to-7", "dune-before-7.2"}
}

// made are the chains that arclint negtest makes up. They are made once an hour
// of the sites, as keys take long.
func made(t *testing.T, s *site.Site) admission.Made {
	t.Helper()
	minting.Lock()
	defer minting.Unlock()
	if m, ok := minted[s.Now]; ok {
		return m
	}
	set, err := mint.Make(s.Now)
	if err != nil {
		t.Fatal(err)
	}
	minted[s.Now] = admission.Made{Root: set.Root, Chains: set.ByID()}
	return minted[s.Now]
}

var (
	minting sync.Mutex
	minted  = map[time.Time]admission.Made{}
)

// TestSitesAccess: who gets into every site is in its file want.access, and what
// it lets in that it should not in want.negtest. UPDATE=1 writes them.
func TestSitesAccess(t *testing.T) {
	for _, name := range siteNames(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := loadNamed(t, name).load(t)
			who := admission.Doors(s)
			page := func(file string, write func(io.Writer) error) {
				t.Helper()
				var b strings.Builder
				if err := write(&b); err != nil {
					t.Fatal(err)
				}
				golden.Check(t, filepath.Join(sitesDir, name, file), b.String())
				clean(t, b.String())
			}
			page("want.access", func(w io.Writer) error { return doors.AccessText(w, s, who) })
			page("want.negtest", func(w io.Writer) error { return doors.NegativeText(w, s, admission.Static(s, made(t, s))) })
			if slices.Contains(pages(), name) {
				page("want.access.json", func(w io.Writer) error { return doors.AccessJSON(w, who) })
				page("want.access.md", func(w io.Writer) error { return doors.AccessMarkdown(w, s, who) })
			}
		})
	}
}
