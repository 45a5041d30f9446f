package evidence

import (
	"testing"

	"arclint/internal/rootfs"
)

// TestKeySets: a key set is found by the host and the port of its issuer, and by
// nothing else.
func TestKeySets(t *testing.T) {
	dir := rootfs.NewMem()
	for _, name := range []string{"a.example.org.jwks.json", "b.example.org_8443.jwks.json", "a.example.org.pem", "jwks.json", "..jwks.json", "notes.json"} {
		if err := dir.WriteFile("/"+name, []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sets := ReadKeySets(dir)
	for issuer, want := range map[string]string{
		"https://a.example.org/dune":       "a.example.org.jwks.json",
		"https://A.example.org":            "a.example.org.jwks.json",
		"a.example.org":                    "a.example.org.jwks.json",
		"https://a.example.org:8443":       "",
		"https://b.example.org:8443/x":     "b.example.org_8443.jwks.json",
		"https://b.example.org":            "",
		"http://a.example.org":             "",
		"https://a.example.org@c.example":  "",
		"https://a.example.org.evil.net/x": "",
		"":                                 "",
	} {
		got := ""
		if k := sets.Of(issuer); k != nil {
			got = string(k.Data)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", issuer, got, want)
		}
	}
	if err := dir.WriteFile("/c.example.org.jwks.json", []byte(`{"arclint_probe":"https://c.example.org/one","keys":[]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	probed := ReadKeySets(dir)
	if probed.Of("https://c.example.org/one") == nil || probed.Of("https://c.example.org/two") != nil {
		t.Error("a key set that the probe got from one issuer, want it for that one only")
	}
	if len(sets) != 2 {
		t.Errorf("%d key sets, want 2", len(sets))
	}
}

// TestPinnedIssuers: the issuer in the file counts byte for byte, and only of what
// ARC reads (arc-behaviour G2).
func TestPinnedIssuers(t *testing.T) {
	pinned := PinnedIssuers{{Issuer: "https://a\n"}, {Issuer: "https://b", Err: errEmpty}, {Issuer: "https://c", Dir: "1"}, {Issuer: "https://c", Dir: "2"}}
	for issuer, want := range map[string]int{"https://a": 0, "https://b": 0, "https://c": 2} {
		if got := len(pinned.For(issuer)); got != want {
			t.Errorf("%s: %d directories, want %d", issuer, got, want)
		}
	}
}
