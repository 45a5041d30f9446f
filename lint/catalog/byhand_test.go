package catalog_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/lint"
	"arclint/lint/catalog"
)

const (
	maxColumns = 80
	maxWords   = 25
)

// TestByHand: a rule that no recipe repairs says how to do it, with lines to
// write. Who follows it needs no other page.
func TestByHand(t *testing.T) {
	for _, r := range catalog.All() {
		if r.ByHand == "" {
			if r.Recipe == lint.Manual {
				t.Errorf("%s is repaired by hand, and ByHand does not say how", r.ID)
			}
			continue
		}
		prose, blocks := partsOf(t, r)
		if len(blocks) == 0 {
			t.Errorf("%s: ByHand has no line to write, and no command", r.ID)
		}
		checkProse(t, r, prose)
		for _, block := range blocks {
			checkLines(t, r, block.lines)
		}
	}
}

// block is lines to write, and what the sentence before them says.
type block struct {
	intro string
	lines []string
}

// TestByHandRest: so does a rule whose recipe repairs some of its findings only.
func TestByHandRest(t *testing.T) {
	for _, r := range catalog.All() {
		if r.ByHand != "" {
			continue
		}
		c, err := fixtures.LoadRule(filepath.Join(fixtureDir, r.ID+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range c.Variants {
			if v.Kind != fixtures.Bad {
				continue
			}
			for _, f := range run(t, r, load(t, v.Site)) {
				if len(f.Recipes) == 0 || f.Recipes[0] == "edit-arc-conf" && len(f.Edits) == 0 {
					t.Errorf("%s: no recipe repairs this, and ByHand does not say how: %s", r.ID, f.Message())
				}
			}
		}
	}
}

// partsOf cuts ByHand into its prose and the blocks of indented lines, which
// stand between empty lines: so Markdown reads it too.
func partsOf(t *testing.T, r *lint.Rule) (prose []string, blocks []block) {
	t.Helper()
	after := false // lines to write, which the paragraph follows
	for paragraph := range strings.SplitSeq(r.ByHand, "\n\n") {
		lines := strings.Split(paragraph, "\n")
		for _, line := range lines {
			if len(line) > maxColumns {
				t.Errorf("%s: %q is longer than %d columns", r.ID, line, maxColumns)
			}
			if line == "" || line != strings.TrimRight(line, " \t") || strings.Contains(line, "\t") {
				t.Errorf("%s: an empty line, a tab or a blank at the end: %q", r.ID, line)
			}
		}
		code := func(line string) bool { return strings.HasPrefix(line, "    ") }
		switch {
		case !slices.ContainsFunc(lines, code):
			prose, after = append(prose, strings.Join(lines, " ")), false
		case slices.ContainsFunc(lines, func(line string) bool { return !code(line) }):
			t.Errorf("%s: no empty line between prose and lines to write:\n%s", r.ID, paragraph)
		default:
			for i := range lines {
				lines[i] = lines[i][4:]
			}
			if last := len(blocks) - 1; after && lines[0][0] == '[' && blocks[last].lines[0][0] == '[' {
				blocks[last].lines = append(blocks[last].lines, lines...) // one arc.conf with several blocks
				continue
			}
			blocks, after = append(blocks, block{intro: lastSentence(prose), lines: lines}), true
		}
	}
	return prose, blocks
}

func lastSentence(prose []string) string {
	if len(prose) == 0 {
		return ""
	}
	sentences := strings.Split(prose[len(prose)-1], ". ")
	return sentences[len(sentences)-1]
}

// banned are words that style.md forbids, and coinages of this project.
var banned = regexp.MustCompile(`(?i)\b(wants?|wanted|stands?|doors?|holes?|crowds?|persons?|takes \w+ for)\b`)

// imperatives may begin a sentence, or what follows its condition.
var imperatives = strings.Fields("Add Admit Ask Begin Change Check Close Compare Convert Copy Correct Create Enable Exclude Expect Fetch Find Get " +
	"Generate Give Install Join Keep Leave Let List Look Make Map Merge Move Name Order Pin Point Protect Put Quote Read Refresh Refuse " +
	"Remove Rename Renew Replace Report Request Restore Restrict Run See Send Set Shorten Show Split Start Take Tell Try Turn Type " +
	"Update Upgrade Use Wait Write")

var (
	sentenceEnd = regexp.MustCompile(`\. +|[.:]$`)
	condition   = regexp.MustCompile(`^(?:If|On|For|Where|Once|Before|After|Until|With|In) .*?, `)
)

func checkProse(t *testing.T, r *lint.Rule, prose []string) {
	t.Helper()
	for _, paragraph := range prose {
		if !strings.HasSuffix(paragraph, ".") && !strings.HasSuffix(paragraph, ":") {
			t.Errorf("%s: no period and no colon ends %q", r.ID, paragraph)
		}
		if word := banned.FindString(paragraph); word != "" {
			t.Errorf("%s: say %q otherwise: %s", r.ID, word, paragraph)
		}
		for _, sentence := range sentenceEnd.Split(paragraph, -1) {
			if sentence == "" {
				continue
			}
			if n := len(strings.Fields(sentence)); n > maxWords {
				t.Errorf("%s: %d words: %s", r.ID, n, sentence)
			}
			if !isImperative(sentence) {
				t.Errorf("%s: does not begin by telling what to do: %s", r.ID, sentence)
			}
		}
	}
}

// isImperative looks behind each comma of a condition: "On ARC 6, if X, do Y".
func isImperative(sentence string) bool {
	for rest := sentence; ; {
		first, _, _ := strings.Cut(rest, " ")
		first = strings.Trim(first, ",:.")
		if first != "" && slices.Contains(imperatives, strings.ToUpper(first[:1])+first[1:]) {
			return true
		}
		if !condition.MatchString(sentence) {
			return false
		}
		var more bool
		if _, rest, more = strings.Cut(rest, ", "); !more {
			return false
		}
	}
}
