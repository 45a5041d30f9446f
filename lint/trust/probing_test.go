package trust

import "testing"

// TestProbing: a command that is printed runs as it is printed.
func TestProbing(t *testing.T) {
	for issuer, want := range map[string]string{
		"https://issuer.example.org:8443/a-b": "arclint probe https://issuer.example.org:8443/a-b",
		"https://issuer.example.org/;id":      "arclint probe ISSUER",
		"https://issuer.example.org/$(id)":    "arclint probe ISSUER",
		"https://issuer.example.org/\x1b]0;x": "arclint probe ISSUER",
		"https://issuer.example.org/ä":        "arclint probe ISSUER",
	} {
		if got := probing(issuer); got != want {
			t.Errorf("%q: %s, want %s", issuer, got, want)
		}
	}
}
