package recipes_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arclint/internal/source"
	"arclint/recipes"
)

// hiding is a file that hides what stands behind "secret=".
func hiding(lines []string) *source.File {
	real := []byte(strings.Join(lines, "\n"))
	shown := bytes.Clone(real)
	for at := 0; ; {
		n := bytes.Index(shown[at:], []byte("secret="))
		if n < 0 {
			return source.NewHidden("etc/arc.conf", shown, real)
		}
		at += n + len("secret=")
		end := at
		for end < len(shown) && shown[end] != '\n' {
			end++
		}
		source.Hide(shown[at:end])
	}
}

// TestDiffBesideSecrets: patch(1) makes of the file what is to become of it, or
// leaves it alone where the diff says so, and no secret is shown. A secret that
// stays where it is never hinders, be there ten of them.
func TestDiffBesideSecrets(t *testing.T) {
	needTools(t, "patch")
	r := rand.New(rand.NewPCG(1, 2))
	applied, refused := 0, 0
	for i := range 300 {
		touches := i%4 == 0
		before := drawLines(r)
		after := change(r, before, touches)
		if slices.Equal(before, after) {
			continue
		}
		f, g := hiding(before), hiding(after)
		diff := recipes.FileDiff("/etc/arc.conf", f, g, "the script makes the change")
		if bytes.Contains(diff, []byte("CANARY")) {
			t.Fatalf("a secret is shown:\n%s", diff)
		}
		patched, ok := patch(t, f.Real(), diff)
		comment := bytes.HasPrefix(diff, []byte("# Line "))
		switch {
		case comment && !touches:
			t.Errorf("not applied, although no secret is touched:\n%s", diff)
		case comment:
			refused++
			if ok || !bytes.Equal(patched, f.Real()) || !bytes.Contains(diff, []byte("holds a secret, which is shown as asterisks here: patch cannot apply this, the script makes the change.")) {
				t.Errorf("patch makes %q of %q by\n%s", patched, f.Real(), diff)
			}
		default:
			applied++
			if !ok || !bytes.Equal(patched, g.Real()) {
				t.Errorf("patch makes %q of %q, want %q, by\n%s", patched, f.Real(), g.Real(), diff)
			}
		}
	}
	if applied < 150 || refused < 20 {
		t.Errorf("%d diffs were applied and %d were not to be: that is too few of either", applied, refused)
	}
}

func drawLines(r *rand.Rand) []string {
	lines := make([]string, 1+r.IntN(30))
	for i := range lines {
		lines[i] = fmt.Sprintf("option=%d", r.IntN(6)) // lines alike, too
		if r.IntN(4) == 0 {
			lines[i] = fmt.Sprintf("secret=CANARY%d", r.IntN(10))
		}
	}
	return append(lines, []string{"", "end"}[r.IntN(2)])
}

// change edits a few lines, of the secrets only where it may.
func change(r *rand.Rand, lines []string, secrets bool) []string {
	lines = slices.Clone(lines)
	for range 1 + r.IntN(3) {
		i := r.IntN(len(lines))
		isSecret := strings.HasPrefix(lines[i], "secret=")
		switch n := r.IntN(3); {
		case isSecret && !secrets || lines[i] == "":
		case n == 0 && i == len(lines)-1: // the line above, which may hold a secret, would lose its end
		case n == 0 && len(lines) > 2:
			lines = slices.Delete(lines, i, i+1)
		case n == 1 && isSecret:
			lines[i] += "x"
		case n == 1:
			lines[i] = "changed=" + lines[i]
		default:
			lines = slices.Insert(lines, i, fmt.Sprintf("new=%d", r.IntN(6)))
		}
	}
	return lines
}

// patch is what patch(1) makes of a text, and whether it says that it could.
func patch(t *testing.T, text, diff []byte) ([]byte, bool) {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, "etc/arc.conf")
	if err := os.Mkdir(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("patch", "-p1", "--batch", "--no-backup-if-mismatch")
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(diff)
	failed := cmd.Run()
	patched, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return patched, failed == nil
}
