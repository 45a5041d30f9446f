// Package sandbox takes from this process what reading a site does not need, so
// that a site that breaks a reader gains nothing by it.
package sandbox

import (
	"fmt"
	"strings"
)

// Held is what the kernel has taken.
type Held struct {
	Files    bool   // nothing opens but below the directories, for reading (Landlock)
	Network  bool   // no TCP (Landlock ABI 4)
	Programs bool   // no program starts, no socket opens, no other process is touched (seccomp)
	Missing  string // why something of it is not held, "" where all is
}

// String says it in one sentence for who asked with --verbose.
func (h Held) String() string {
	var held []string
	for _, part := range []struct {
		holds bool
		text  string
	}{
		{h.Files, "opens files below the site only, and none for writing (Landlock)"},
		{h.Network, "has no TCP (Landlock)"},
		{h.Programs, "starts no program and opens no socket (seccomp)"},
	} {
		if part.holds {
			held = append(held, part.text)
		}
	}
	switch text := strings.Join(held, ", "); {
	case text == "":
		return "not confined by the kernel: " + h.Missing
	case h.Missing != "":
		return fmt.Sprintf("confined: this process %s; not all is held: %s", text, h.Missing)
	default:
		return "confined: this process " + text
	}
}
