package evidence

import (
	"fmt"
	"slices"
	"strings"
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
	tree := rootfs.NewMem()
	pin := func(dir, issuer, keys string) {
		for name, text := range map[string]string{"issuer": issuer, "metadata": "{}", "keys": keys} {
			if err := tree.WriteFile("/c/tokenissuers/"+dir+"/"+name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	const keys = `{"keys":[]}`
	pin("0", "https://a.example.org\n", keys)
	pin("1", "https://b.example.org", "")
	pin("2", "https://c.example.org", keys)
	pin("3", "https://c.example.org", keys)
	pin("4", "c", keys)
	pinned := ReadPinned(tree, "/c")
	for issuer, want := range map[string]int{"https://a.example.org": 0, "https://b.example.org": 0, "https://c.example.org": 2, "c": 1, "": 0} {
		if got := len(pinned.For(issuer)); got != want {
			t.Errorf("%s: %d directories, want %d", issuer, got, want)
		}
	}
}

// TestOddIssuers: of what is no URL of an issuer, no byte is kept.
func TestOddIssuers(t *testing.T) {
	odd := []string{
		"-----BEGIN PRIVATE KEY-----\nMIIE\n", "root:$y$j9T$x:20000:0:99999:7:::\n", "secret", "https://", "https://a b", "file:///etc/shadow",
		"https://user:password@a.example.org", "https://token@a.example.org", "https://a.example.org\nsecond", "https://a.example.org/\x1b[2J",
		"https://a.example.org/" + strings.Repeat("x", maxIssuer), "https://a.example.org/\u202e", "://", "\n",
	}
	for _, text := range append(odd, "https://a.example.org", " http://a.example.org:8443/x \n") {
		tree := rootfs.NewMem()
		if err := tree.WriteFile("/c/tokenissuers/a/issuer", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		p := ReadPinned(tree, "/c")[0]
		if slices.Contains(odd, text) {
			if want := fmt.Sprintf("not an issuer URL, %d bytes", len(text)); p.Issuer != "" || len(p.Source.Data) > 0 || p.Odd != want || !p.Is(text) {
				t.Errorf("%q is kept: %q, %q, %q", text, p.Issuer, p.Source.Data, p.Odd)
			}
		} else if p.Issuer != text || p.Odd != "" {
			t.Errorf("%q: %q, %q", text, p.Issuer, p.Odd)
		}
	}
}
