package recipes_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/golden"
	"arclint/recipes"
)

// part is a text of recipes/shell that many scripts hold, and the line that
// stands for it in their golden files.
type part struct{ mark, text string }

// parts are the functions of the libraries and the programs that scripts
// install, these as the shell quotes them. Longer ones come first, since a
// shorter one may stand in them.
func parts(t testing.TB) []part {
	t.Helper()
	var all []part
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join("shell", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	for _, name := range []string{"frame.sh", "lib.sh", "rollback.sh"} {
		for section := range strings.SplitSeq("\n"+read(name), "\n### ") {
			if head, body, ok := strings.Cut(section, "\n"); ok && head != "" {
				function, _, _ := strings.Cut(head, ":")
				all = append(all, part{name + " " + function, strings.Trim(body, "\n")})
			}
		}
	}
	program := func(name, text string) {
		all = append(all, part{name, strings.ReplaceAll(strings.TrimSpace(text), "'", `'\''`)})
	}
	_, sync, _ := strings.Cut(read("sync-client-certificates.py"), "\n") // the first line stands behind the quote that opens the text
	program("sync-client-certificates.py", sync)
	program("refresh-issuer.py", read("refresh-issuer.py"))
	_, paths, _ := strings.Cut(sync, "--- paths")
	paths, _, _ = strings.Cut(paths, "# --- end of paths")
	_, paths, _ = strings.Cut(paths, "\n")
	program("sync-client-certificates.py paths", paths)
	slices.SortStableFunc(all, func(a, b part) int { return len(b.text) - len(a.text) })
	return all
}

// body is the script with each part as a line of its own.
func body(script string, parts []part) string {
	script = "\n" + script
	for _, p := range parts {
		script = strings.ReplaceAll(script, "\n"+p.text+"\n", "\n"+p.line()+"\n")
	}
	return script[1:]
}

// whole is the script of a body.
func whole(body string, parts []part) string {
	body = "\n" + body
	for _, p := range slices.Backward(parts) {
		body = strings.ReplaceAll(body, "\n"+p.line()+"\n", "\n"+p.text+"\n")
	}
	return body[1:]
}

func (p part) line() string { return "# <shell/" + p.mark + ">" }

// checkScript holds a script against its golden file, which has the libraries as
// marks, and the script that library and file make against the script, byte for
// byte.
func checkScript(t testing.TB, file string, script []byte) {
	t.Helper()
	parts := parts(t)
	golden.Check(t, file, body(string(script), parts))
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if again := whole(string(kept), parts); again != string(script) {
		t.Errorf("%s and recipes/shell together are not the script that the recipe emits", file)
	}
}

// TestEveryPartIsUsed: no function of the library is in no script, so that the
// golden files show each.
func TestEveryPartIsUsed(t *testing.T) {
	var all bytes.Buffer
	parts := parts(t)
	for _, c := range cases(t) {
		all.WriteString(body(string(render(t, recipes.Shell, c.plan)), parts))
	}
	for _, p := range parts {
		if p.mark == "lib.sh content64" {
			continue // for a file that is no text: no golden file has one
		}
		if !strings.Contains(all.String(), p.line()+"\n") {
			t.Errorf("%s is in no script", p.mark)
		}
	}
}
