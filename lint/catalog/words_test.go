package catalog_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"arclint/lint"
	"arclint/lint/catalog"
)

const maxHeadline = 90 // characters

// checkWords holds what a finding says to how arclint speaks.
func checkWords(t *testing.T, where string, f lint.Finding) {
	t.Helper()
	if n := utf8.RuneCountInString(f.Headline); n > maxHeadline {
		t.Errorf("%s: the headline has %d characters: %s", where, n, f.Headline)
	}
	if begins := []rune(f.Headline + "  "); unicode.IsUpper(begins[0]) && unicode.IsLower(begins[1]) && !slices.Contains(names, firstWord(f.Headline)) {
		t.Errorf("%s: the headline begins with a capital letter: %s", where, f.Headline)
	}
	checkText(t, where, "headline", f.Headline+".")
	checkText(t, where, "effect", f.Effect)
	checkText(t, where, "action", f.Action)
	if !isImperative(f.Action) {
		t.Errorf("%s: the action does not begin with an imperative: %s", where, f.Action)
	}
}

// names begin with a capital letter wherever they are.
var names = []string{"OpenSSL", "Argus", "Slurm", "Debian", "Globus"}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return strings.TrimRight(word, ".,:;")
}

// checkText holds sentences to their length and to plain words.
func checkText(t *testing.T, where, part, text string) {
	t.Helper()
	if strings.TrimSpace(text) == "" {
		t.Errorf("%s: no %s", where, part)
		return
	}
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "`") {
		t.Errorf("%s: the %s does not end with a period: %s", where, part, text)
	}
	for _, sentence := range sentenceEnd.Split(text, -1) {
		if n := len(strings.Fields(sentence)); n > maxWords {
			t.Errorf("%s: a sentence of %d words in the %s: %s", where, n, part, sentence)
		}
	}
	if word := banned.FindString(text); word != "" {
		t.Errorf("%s: the word %q in the %s: %s", where, word, part, text)
	}
}

// TestWords: what a rule explains is held to how arclint speaks.
func TestWords(t *testing.T) {
	for _, r := range catalog.All() {
		checkText(t, r.ID, "title", r.Title+".")
		checkText(t, r.ID, "explanation", r.Why)
	}
}
