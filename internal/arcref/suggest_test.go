package arcref

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestSuggest(t *testing.T) {
	options := []string{"all", "allowaccess", "allownew", "authgroup", "authtokens", "authtokensgen", "denyaccess", "file", "hostname", "no", "subject", "voms", "x509_cert_dir", "x509_host_cert", "yes"}
	for _, tt := range []struct {
		name, want string
		among      []string
	}{
		{"allowacces", "allowaccess", options},             // one left out
		{"allowacccess", "allowaccess", options},           // one too many
		{"hsotname", "hostname", options},                  // swapped
		{"x509-cert-dir", "x509_cert_dir", options},        // two replaced
		{"X509_CERT_DIR", "x509_cert_dir", options},        // wrong case costs nothing
		{"NO", "no", options},                              // even in a short name
		{"AuthTokens", "authtokens", options},              //
		{"authtoken", "authtokens", options},               // the nearest, not the first
		{"vosm", "voms", options},                          //
		{"flie", "file", options},                          //
		{"fi", "", options},                                // too short
		{"vo", "", options},                                //
		{"fyle2", "", options},                             // two edits in a short name
		{"x509_cert_directory", "", options},               // too far
		{"hostname", "", []string{"hostname"}},             // is not its own typo
		{"ab_cd1", "ab_cd2", []string{"ab_cd3", "ab_cd2"}}, // ties: alphabetical
		{"ab_cd1", "ab_cd2", []string{"ab_cd2", "ab_cd3"}},
		{"", "", options},
		{"a", "", []string{""}},
		{"größe1", "größe2", []string{"größe2"}},
	} {
		got, ok := Suggest(tt.name, tt.among)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("Suggest(%q) is %q (%v), want %q", tt.name, got, ok, tt.want)
		}
	}
}

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"ab", "ba", 1}, {"abc", "cab", 2}, {"ca", "abc", 3},
		{"kitten", "sitting", 3}, {"abcdef", "abdcfe", 2}, {"a", "abcd", 3},
	} {
		for _, pair := range [][2]string{{tt.a, tt.b}, {tt.b, tt.a}} {
			if got := edits([]rune(pair[0]), []rune(pair[1])); got != tt.want {
				t.Errorf("edits(%q, %q) is %d, want %d", pair[0], pair[1], got, tt.want)
			}
		}
	}
}

// TestEditsFar: what ends early gives what the whole table gives, as far as it counts.
func TestEditsFar(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	draw := func() []rune {
		text := make([]rune, r.IntN(7))
		for i := range text {
			text[i] = 'a' + rune(r.IntN(3))
		}
		return text
	}
	for range 20000 {
		a, b := draw(), draw()
		want := alignment(a, b, len(a), len(b))
		if got := edits(a, b); min(got, maxEdits+1) != min(want, maxEdits+1) {
			t.Fatalf("edits(%q, %q) is %d, want %d", string(a), string(b), got, want)
		}
		if letters(a).lacks(letters(b)) > want {
			t.Fatalf("%q and %q lack %d letters of each other, and are %d edits apart", string(a), string(b), letters(a).lacks(letters(b)), want)
		}
	}
}

// alignment is the distance of the first n and m runes by its definition.
func alignment(a, b []rune, n, m int) int {
	if n == 0 || m == 0 {
		return n + m
	}
	least := min(alignment(a, b, n-1, m), alignment(a, b, n, m-1)) + 1
	changed := alignment(a, b, n-1, m-1)
	if a[n-1] != b[m-1] {
		changed++
	}
	if n > 1 && m > 1 && a[n-1] == b[m-2] && a[n-2] == b[m-1] {
		changed = min(changed, alignment(a, b, n-2, m-2)+1)
	}
	return min(least, changed)
}

// FuzzSuggest: the answer is on the list, is not the name, and does not depend
// on the order of the list.
func FuzzSuggest(f *testing.F) {
	f.Add("authtoken", "authtokens", "authgroup")
	f.Add("\xff\xfe", strings.Repeat("a", 300), "")
	f.Fuzz(func(t *testing.T, name, a, b string) {
		got, ok := Suggest(name, []string{a, b})
		again, _ := Suggest(name, []string{b, a})
		if got != again {
			t.Errorf("%q and %q, want the same in any order", got, again)
		}
		if ok && (got == name || got != a && got != b) || !ok && got != "" {
			t.Errorf("%q (%v) is no suggestion for %q from %q and %q", got, ok, name, a, b)
		}
	})
}

// TestIsTypo: one slip, and no name of ARC 5 that is only like one of today.
func TestIsTypo(t *testing.T) {
	for _, tt := range []struct {
		name, near string
		want       bool
	}{
		{"AllowAccess", "allowaccess", true},
		{"denyacess", "denyaccess", true},
		{"lrsm", "lrms", true},
		{"x509_cert_dirr", "x509_cert_dir", true},
		{"wslogfile", "logfile", false},
		{"logsize", "logfile", false},
		{"slapadd", "slapd", false},
		{"sizelimit", "timelimit", false},
		{"atlas2", "atlas1", false},
		{"infosys/glue12", "infosys/glue1", false},
	} {
		if got := IsTypo(tt.name, tt.near); got != tt.want {
			t.Errorf("IsTypo(%q, %q) = %v, want %v", tt.name, tt.near, got, tt.want)
		}
	}
}
