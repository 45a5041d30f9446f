package prose

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
)

// TestFold: whatever the words and the width, the lines have the words in their order
// with what was between them, and none is too wide but for a word that is.
func TestFold(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	parts := []string{"a", "bc", "", "`arclint recipe x`", "端末の幅", "longer-word", "é"}
	for range 5000 {
		var words []string
		for range 1 + random.IntN(20) {
			words = append(words, parts[random.IntN(len(parts))])
		}
		width := 8 + random.IntN(40)
		lines := Fold(words, width, "    ")
		for i, line := range lines {
			text := strings.TrimPrefix(line, "    ")
			if i > 0 && text == line {
				t.Fatalf("%q: the line %q is not indented", words, line)
			}
			if runewidth.StringWidth(line) > width && !contains(parts, text) {
				t.Fatalf("%q, %d columns: %q is too wide", words, width, line)
			}
		}
		if got, want := strings.Fields(strings.Join(lines, " ")), strings.Fields(strings.Join(words, " ")); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("%q became %q", words, lines)
		}
	}
}

func contains(list []string, s string) bool {
	for _, part := range list {
		if part == strings.TrimSpace(s) {
			return true
		}
	}
	return false
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"the value 10000  -1":  "the|value|10000||-1",
		"run `arclint check` ": "run|`arclint check`|",
		"a lone ` mark":        "a|lone|`|mark",
	} {
		if got := strings.Join(Words(text), "|"); got != want {
			t.Errorf("Words(%q) = %s, and should be %s", text, got, want)
		}
	}
}
