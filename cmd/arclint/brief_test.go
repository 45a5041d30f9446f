package main

import (
	"io"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"arclint/internal/release"
)

// TestBriefHelp: the help of each command is at most a screen, has an example and says
// how to see all flags.
func TestBriefHelp(t *testing.T) {
	for _, command := range newApp(io.Discard, io.Discard, release.Default()).Commands {
		if len(command.Flags) == 0 || command.Hidden {
			continue
		}
		help := briefHelp(command)
		lines := strings.Split(strings.TrimSuffix(help, "\n"), "\n")
		if len(lines) > screen {
			t.Errorf("%s: %d lines", command.Name, len(lines))
		}
		for _, line := range lines {
			if n := runewidth.StringWidth(line); n > columnsOf && !strings.HasPrefix(line, "   arclint ") { // a command is to be copied
				t.Errorf("%s: %d columns: %s", command.Name, n, line)
			}
		}
		if !strings.Contains(help, "\n   arclint "+command.Name) || !strings.Contains(help, "--help --all`") {
			t.Errorf("%s: no example, or no way to all flags:\n%s", command.Name, help)
		}
	}
}
