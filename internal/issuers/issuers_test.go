package issuers

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKnown(t *testing.T) {
	all := Known().All()
	if len(all) < 60 {
		t.Fatalf("%d issuers, want the whole table", len(all))
	}
	seen := map[string]bool{}
	for _, issuer := range all {
		if seen[issuer.URL] {
			t.Errorf("%s stands twice in the table", issuer.URL)
		}
		seen[issuer.URL] = true
		if u, err := url.Parse(issuer.URL); err != nil || u.Scheme != "https" || u.Host == "" {
			t.Errorf("%q is no issuer: want an https URL", issuer.URL)
		}
		checkValues(t, issuer)
	}
}

func checkValues(t *testing.T, issuer Issuer) {
	t.Helper()
	if !slices.Contains([]Status{Production, Test, Legacy, Retired, StatusUnknown}, issuer.Status) {
		t.Errorf("%s: status is %q", issuer.URL, issuer.Status)
	}
	if !slices.Contains([]Answer{Yes, No, Unknown}, issuer.IGTF) {
		t.Errorf("%s: igtf is %q", issuer.URL, issuer.IGTF)
	}
	for name, cell := range map[string]string{"vo": issuer.VO, "jwks": issuer.JWKS, "tls_root": issuer.TLSRoot, "source": issuer.Source, "date": issuer.Date} {
		if cell == "" {
			t.Errorf("%s: %s is empty, want a value or %q", issuer.URL, name, unknownValue)
		}
	}
	if issuer.TLSRoot == unknownValue != (issuer.IGTF == Unknown) {
		t.Errorf("%s: root %q with igtf %q: a CA that is not known is neither in IGTF nor out of it", issuer.URL, issuer.TLSRoot, issuer.IGTF)
	}
	if issuer.JWKS != unknownValue && !strings.HasPrefix(issuer.JWKS, "https://") {
		t.Errorf("%s: jwks is %q", issuer.URL, issuer.JWKS)
	}
	if issuer.ReplacedBy != "" {
		if next, ok := Known().Lookup(issuer.ReplacedBy); !ok || next.Superseded() || !issuer.Superseded() {
			t.Errorf("%s (%s): replaced by %q, want a known issuer in use", issuer.URL, issuer.Status, issuer.ReplacedBy)
		}
	}
}

func TestLookup(t *testing.T) {
	got, ok := Known().Lookup("https://chtc.cs.wisc.edu/icecube")
	if !ok || !got.ECOnly() || got.VO != "IceCube" {
		t.Errorf("IceCube's issuer: %+v, %t, want a set of EC keys only", got, ok)
	}
	if got, ok := Known().Lookup("https://demo.scitokens.org"); !ok || !got.Open {
		t.Errorf("SciTokens demo: %+v, %t, want an open issuer", got, ok)
	}
	if got, ok := Known().Lookup("https://scitokens.org/ligo"); !ok || got.ECOnly() {
		t.Errorf("LIGO's issuer: %+v, %t, want RSA keys too", got, ok)
	}
	if got, ok := Known().Lookup("https://cilogon.org/dune/"); ok {
		t.Errorf("with a slash: %+v, want nothing: ARC compares iss byte for byte", got)
	}
	if got, ok := Known().Lookup(""); ok {
		t.Errorf("empty URL: %+v, want nothing", got)
	}
}

func TestAllIsACopy(t *testing.T) {
	Known().All()[0].URL = "changed"
	if Known().All()[0].URL == "changed" {
		t.Error("All shares its memory with the registry")
	}
}

func TestNear(t *testing.T) {
	type answer struct {
		URL        string
		Difference Difference
	}
	none := answer{}
	tests := map[string]answer{
		"https://cilogon.org/dune":          none,
		"https://alice-auth.cern.ch/":       none,
		"https://issuer.example.org/":       none,
		"":                                  none,
		"https://":                          none,
		"https://cilogon.org/juno":          none, // no misspelt dune
		"https://cilogon.org/dune/":         {"https://cilogon.org/dune", TrailingSlash},
		"https://alice-auth.cern.ch":        {"https://alice-auth.cern.ch/", TrailingSlash},
		"https://CILogon.org/dune":          {"https://cilogon.org/dune", LetterCase},
		"https://cilogon.org/DUNE":          {"https://cilogon.org/dune", LetterCase},
		"HTTPS://cilogon.org/dune":          {"https://cilogon.org/dune", LetterCase},
		"http://cilogon.org/dune":           {"https://cilogon.org/dune", Scheme},
		"cilogon.org/dune":                  {"https://cilogon.org/dune", Scheme},
		"https://cilogon.org:443/dune":      {"https://cilogon.org/dune", Port},
		"https://cilogon.org:443":           {"https://cilogon.org", Port},
		"https://atlice-auth.cern.ch/":      {"https://alice-auth.cern.ch/", Spelling},
		"https://atlice-auth.cern.ch":       {"https://alice-auth.cern.ch/", Spelling},
		"https://cilogon.org/fermilba":      {"https://cilogon.org/fermilab", Spelling},
		"https://cilogom.org/dune":          {"https://cilogon.org/dune", Spelling},
		"http://CILogon.org:443/dune/":      {"https://cilogon.org/dune", Spelling},
		"https://cilogon.org/ligo":          {"https://cilogon.org/igwn", Generation},
		"https://aai.egi.eu/oidc/":          {"https://aai.egi.eu/auth/realms/egi", Generation},
		"https://atlas-auth.web.cern.ch/":   {"https://atlas-auth.cern.ch/", Generation},
		"https://dteam-auth.web.cern.ch/":   {"https://dteam-auth.cern.ch/", Generation},
		"https://alice-auth.web.cern.ch":    {"https://alice-auth.web.cern.ch/", TrailingSlash},
		"https://b2access.eudat.eu/oauth2":  none, // the port belongs to it, and is five bytes
		"https://aai-devel.egi.eu/auth/":    none,
		strings.Repeat("https://x/", 1<<16): none,
	}
	for asked, want := range tests {
		issuer, difference := Known().Near(asked)
		if diff := cmp.Diff(want, answer{issuer.URL, difference}); diff != "" {
			t.Errorf("Near(%.60q) (-want +got):\n%s", asked, diff)
		}
	}
}

// TestNearNearest: not the first issuer that is near enough, but the nearest.
func TestNearNearest(t *testing.T) {
	r := newRegistry([]Issuer{{URL: "https://example.org/abcdefgh"}, {URL: "https://example.org/abcdefxy"}})
	got, _ := r.Near("https://example.org/abcdefx")
	if want := "https://example.org/abcdefxy"; got.URL != want {
		t.Errorf("nearest is %s, want %s", got.URL, want)
	}
}

func TestEdits(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"abc", "abc", 0}, {"abc", "acb", 1},
		{"abc", "abd", 1}, {"abcd", "bcd", 1}, {"abc", "xyz", 3}, {"abcdef", "a", 3},
	}
	for _, tt := range tests {
		if got := edits(tt.a, tt.b, maxEdits); got != tt.want {
			t.Errorf("edits(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := edits(tt.b, tt.a, maxEdits); got != tt.want {
			t.Errorf("edits(%q, %q) = %d, want %d", tt.b, tt.a, got, tt.want)
		}
	}
}

// FuzzNear: a known URL never has a spelling suggestion, a suggestion is
// always a known issuer and never the URL asked for.
func FuzzNear(f *testing.F) {
	for _, issuer := range Known().All() {
		f.Add(issuer.URL)
	}
	f.Fuzz(func(t *testing.T, asked string) {
		issuer, difference := Known().Near(asked)
		if (difference == None) != (issuer.URL == "") {
			t.Fatalf("Near(%q) = %q, %q", asked, issuer.URL, difference)
		}
		if difference != None && issuer.URL == asked {
			t.Fatalf("Near(%q) suggests itself", asked)
		}
		if _, known := Known().Lookup(asked); known && difference != None && difference != Generation {
			t.Fatalf("Near(%q), which is known, says %q", asked, difference)
		}
	})
}
