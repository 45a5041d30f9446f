package main

import (
	"io"
	"strings"
	"testing"

	"arclint/internal/release"
)

func TestFlagsFirst(t *testing.T) {
	app := newApp(io.Discard, io.Discard, release.Default())
	for _, c := range []struct{ given, want string }{
		{"arclint", "arclint"},
		{"arclint --version", "arclint --version"},
		{"arclint unknown a --flag", "arclint unknown a --flag"},
		{"arclint recipe trust-issuer --root ce", "arclint recipe --root ce trust-issuer"},
		{"arclint recipe --root ce trust-issuer --prove", "arclint recipe --root ce --prove trust-issuer"},
		{"arclint recipe x --format=diff y", "arclint recipe --format=diff x y"},
		{"arclint fmt - --check", "arclint fmt --check -"},
		{"arclint fmt --check -- --strange.conf", "arclint fmt --check -- --strange.conf"},
		{"arclint fmt a.conf -- --check", "arclint fmt -- a.conf --check"},
		{"arclint recipe x --root", "arclint recipe --root x"},
		{"arclint recipe x --nothing y", "arclint recipe --nothing x y"},
	} {
		if got := strings.Join(flagsFirst(app, strings.Fields(c.given)), " "); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.given, got, c.want)
		}
	}
}
