package report

import "arclint/internal/prose"
import "testing"

func TestSafe(t *testing.T) {
	for text, want := range map[string]string{
		"plain ç 漢\ttab":     "plain ç 漢\ttab",
		"\x1b[31mred":        `\x1B[31mred`,
		"line\nbreak\r":      `line\x0Abreak\x0D`,
		"latin \xe9":         `latin \xE9`,
		"right\u202eto left": `right\u{202E}to left`,
		"zero\u200bwidth":    `zero\u{200B}width`,
		"c1 \u009b":          `c1 \u{9B}`,
	} {
		if got := prose.Safe(text); got != want {
			t.Errorf("prose.Safe(%q) = %q, want %q", text, got, want)
		}
	}
}
