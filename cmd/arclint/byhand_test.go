package main

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"arclint/lint/catalog"
)

// TestByHandCommands: each `arclint ...` line of an explanation is a command
// line of this program. They run on the example in the binary; a file of the
// administrator's may be missing there, a flag may not.
func TestByHandCommands(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := errors.Join(os.Mkdir("evidence", 0o755), os.WriteFile("evidence/vo.example.org.pem", nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, rule := range catalog.All() {
		for line := range strings.Lines(rule.ByHand) {
			command, ok := strings.CutPrefix(line, "    arclint ")
			if !ok || seen[command] {
				continue
			}
			seen[command] = true
			words := append([]string{"arclint"}, shellWords(command)...)
			if words[1] == "probe" {
				words = append(words, "--no-such-flag") // it opens connections: only its flags are looked at
			} else if !slices.Contains([]string{"diff", "explain", "rules"}, words[1]) {
				words = slices.Insert(words, 2, "--example", "upgrade")
			}
			var stdout, stderr bytes.Buffer
			code := run(words, &stdout, &stderr)
			switch {
			case words[1] == "probe" && !strings.Contains(stderr.String(), "no-such-flag"):
				t.Errorf("%s: %s: %s", rule.ID, strings.TrimSpace(line), &stderr)
			case words[1] != "probe" && code == exitUsage:
				t.Errorf("%s: %s: %s", rule.ID, strings.TrimSpace(line), &stderr)
			}
		}
	}
	if len(seen) < 5 {
		t.Errorf("only %d commands were found", len(seen))
	}
}

// shellWords splits a command line at blanks outside double quotes.
func shellWords(line string) []string {
	var words []string
	for i, part := range strings.Split(strings.TrimSpace(line), `"`) {
		if i%2 == 0 {
			words = append(words, strings.Fields(part)...)
		} else {
			words = append(words, part)
		}
	}
	return words
}
