package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"arclint/fixtures/golden"
)

// TestRulesPage: docs/rules.md is what `make docs` writes.
func TestRulesPage(t *testing.T) {
	const page = "../../docs/rules.md"
	var want, stderr bytes.Buffer
	if code := run([]string{"arclint", "rules", "--format", "markdown"}, &want, &stderr); code != exitClean {
		t.Fatalf("exit %d: %s", code, &stderr)
	}
	golden.Check(t, page, want.Bytes())
}

// TestReleasesPage: docs/releases.md is what `make docs` writes.
func TestReleasesPage(t *testing.T) {
	const page = "../../docs/releases.md"
	var want, stderr bytes.Buffer
	if code := run([]string{"arclint", "releases", "--format", "markdown"}, &want, &stderr); code != exitClean {
		t.Fatalf("exit %d: %s", code, &stderr)
	}
	golden.Check(t, page, want.Bytes())
}

// TestReadme: what README.md and the pages of docs show below
// "$ arclint ... --example NAME" or "$ arclint diff ..." is what the program says.
// With UPDATE=1 it is written there.
func TestReadme(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	if shown := showsTrue(t, "../../README.md"); shown == 0 {
		t.Error("README.md shows no `$ arclint ... --example dune` in a code block")
	}
	shown := 0
	for _, page := range pages {
		shown += showsTrue(t, page)
	}
	if shown < 5 {
		t.Errorf("the pages of docs show %d sessions", shown)
	}
}

// showsTrue holds a page to what the program says, and counts what it shows.
func showsTrue(t *testing.T, page string) int {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	sessions := sessionsOf(string(text))
	fresh := strings.SplitAfter(string(text), "\n")
	for _, s := range sessions {
		var stdout, stderr bytes.Buffer
		if code := run(strings.Fields(s.command), &stdout, &stderr); code == exitUsage || code == exitUnreadable {
			t.Errorf("%s:%d: %s: exit %d: %s", page, s.line, s.command, code, &stderr)
		}
		for i := s.first; i < s.end; i++ {
			fresh[i] = ""
		}
		fresh[s.first-1] += stdout.String()
	}
	golden.Check(t, page, []byte(strings.Join(fresh, "")))
	return len(sessions)
}

// TestReadmeIsShort: the first minute ends before it does.
func TestReadmeIsShort(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(text, []byte("\n")); lines > 150 || len(text) > 10_000 {
		t.Errorf("README.md has %d lines and %d bytes; 150 and 10,000 are the most", lines, len(text))
	}
}

// TestLinks: every page that README.md and the pages of docs link to is there.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../../README.md", "../../CONTRIBUTING.md", "../../SECURITY.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range regexp.MustCompile(`\]\(([\w./-]+)(#[^)]*)?\)`).FindAllSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), string(link[1]))); err != nil {
				t.Errorf("%s links to %s: %v", page, link[1], err)
			}
		}
	}
}

// session is a command in a code block and what the page says it answers.
type session struct {
	line       int // of the command, counted from 1
	command    string
	first, end int // the lines of the output, counted from 0
}

// sameEverywhere says whether a command reads nothing but what is in the binary.
func sameEverywhere(command string) bool {
	return strings.HasPrefix(command, "arclint diff ") || strings.HasPrefix(command, "arclint ") && strings.Contains(command, "--example")
}

// sessionsOf finds the commands in the code blocks of a page that say the same
// on every machine. One empty line before the next
// command is not part of an answer.
func sessionsOf(page string) []session {
	var found []session
	lines := strings.SplitAfter(page, "\n")
	inBlock := false
	for i, line := range lines {
		if strings.HasPrefix(line, "```") {
			inBlock = !inBlock
			continue
		}
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ ")
		if !inBlock || !ok || !sameEverywhere(command) {
			continue
		}
		end := i + 1
		for end < len(lines) && !strings.HasPrefix(lines[end], "```") && !strings.HasPrefix(lines[end], "$ ") {
			end++
		}
		if end < len(lines) && strings.HasPrefix(lines[end], "$ ") && strings.TrimSpace(lines[end-1]) == "" {
			end--
		}
		found = append(found, session{line: i + 1, command: command, first: i + 1, end: end})
	}
	return found
}
