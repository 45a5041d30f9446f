package recipes

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// FuzzQuote asks the real shell for the value of the word.
func FuzzQuote(f *testing.F) {
	for _, v := range []string{"", "a", "a b", "'", "''", "\\", "\n", "a\n", "$(id)", "`id`", "-n", "~", "%s", "\x80\x88", "*", "=", "!"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsRune(value, 0) || len(value) > 1<<15 {
			return // no argument of a shell
		}
		out, err := exec.Command("sh", "-c", "printf %s. "+quote(value)).CombinedOutput()
		if err != nil || string(out) != value+"." {
			t.Errorf("quote(%q) is %q to the shell, %v: %s", value, quote(value), err, out)
		}
	})
}

func TestComment(t *testing.T) {
	for in, want := range map[string]string{"a\nrm x": "a?rm x", "a\rb": "a?b", "\u202etxt": "?txt", "é": "é", "\xff": "?", "\u2028x": "?x"} {
		if got := comment(in); got != want {
			t.Errorf("comment(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestLibrary: every function that a script may call is in the library, and
// each one that it needs.
func TestLibrary(t *testing.T) {
	for _, lib := range []string{shellLibrary, shellLibrary + "\n" + rollbackStart} {
		order, text, needs := sections(lib)
		for _, name := range order {
			if !slices.Contains([]string{"arguments", "state", "base", "edit", "back", "fits"}, name) && !strings.Contains(text[name], name+"() {") {
				t.Errorf("section %s does not define it", name)
			}
			for _, n := range needs[name] {
				if text[n] == "" {
					t.Errorf("section %s needs %s, which is not there", name, n)
				}
			}
		}
	}
}
