package prose

import "testing"

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 CAs", 1: "1 CA", 2: "2 CAs"} {
		if got := Plural(n, "CA"); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestFill(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "",
		" a\n b ":                         "a b",
		"four five six":                   "four\nfive six",
		"eleventeen a":                    "eleventeen\na",
		"12345678 123456789":              "12345678\n123456789",
		"see `arclint check --x y`, then": "see\n`arclint check --x y`,\nthen",
		"a ` b c d e":                     "a ` b c\nd e",
	} {
		if got := Fill(text, 8); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
