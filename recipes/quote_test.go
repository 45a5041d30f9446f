package recipes

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// FuzzQuote asks the real shell for the value of the word.
func FuzzQuote(f *testing.F) {
	for _, v := range []string{"", "a", "a b", "'", "''", "\\", "\n", "a\n", "$(id)", "`id`", "-n", "~", "%s", "\x80\x88", "*", "=", "!",
		"\x1b[2K", "\u202ea", "\x9b", "-\x01", "a\x7f'%\\n\n\n", "\r\n", "\u00a0"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsRune(value, 0) || len(value) > 1<<15 {
			return // no argument of a shell
		}
		if !isVisible(quote(value)) {
			t.Errorf("quote(%q) is %q, which a terminal may obey", value, quote(value))
		}
		out, err := exec.Command("sh", "-c", "printf %s. "+quote(value)).CombinedOutput()
		if err != nil || string(out) != value+"." {
			t.Errorf("quote(%q) is %q to the shell, %v: %s", value, quote(value), err, out)
		}
	})
}

// TestQuoteIsRead: a reader sees what stands in the word.
func TestQuoteIsRead(t *testing.T) {
	for value, want := range map[string]string{
		"a b\n":            "'a b\n'",
		"x\x1b[2K\u202e%'": `"$(printf 'x\033[2K\342\200\256%%'\''')"`,
		"-\x9b\\\n\n":      `"$(printf '\055\233\\')"'` + "\n\n'",
		"\n\r\n":           `"$(printf '\012\015')"'` + "\n'",
		"Müller":           "'Müller'",
	} {
		if got := quote(value); got != want {
			t.Errorf("quote(%q) is %s, not %s", value, got, want)
		}
	}
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
