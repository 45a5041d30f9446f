package recipes_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/source"
	"arclint/lint"
	"arclint/recipes"
)

func hostile() []string {
	return []string{
		"$(touch x)", "`touch x`", "a;touch x", "a|touch x", "a&touch x&", "a\ntouch x\n", "'", "'; touch x; '", `'\''`, `"`, `"; touch x; "`, `\`, `a\`, `\n`,
		"-rf", "--", "--help", "-", "~", "~root", "*", "?", "[a]", "{a,b}", "$HOME", "${x}", "$1", "$@", "!", "!!", "%s", "%n%d", "%", "#", "# x", "a #b", " ", "  a  ", "\t",
		"EOF", "PYTHON", "=", "a=b", "if", "done", "é", "\u202e", "\u00a0", "\x80\x81\x82\x83\x84\x85\x86\x87\x88", "\xff\xfe", "\x01", "\x1b[31m", "\r", "a\r\n", "<(touch x)", ">x", "2>x", "a>x",
		"\u202edlrow", "a\u2066b", "\x9b2J", "\u009b", "x\x1b]0;t\x07", "-\x1b", "\x7f", "a\u200bb", "\u00ad",
		"\n", "a\n\n", strings.Repeat("a'", 50), "''", "$'\\n'", "'\n'", "\\\n",
	}
}

// places are the actions that write a value into every place of a script that
// takes one, below the directory base.
type places struct {
	value, gone string
	conf        *source.File
	file        recipes.WriteFile
	link        recipes.Link
	actions     []recipes.Action
}

func placesFor(base, value string) (p places) {
	name := strings.ReplaceAll(value, "/", "_")
	if name == "" || name == "." || name == ".." || len(name) > 100 {
		name = "n"
	}
	dir := base + "/" + name
	p.value, p.gone = value, base+"/gone"+name
	p.conf = source.New(base+"/conf"+name, []byte("first\nsecond\nthird"))
	p.file = recipes.WriteFile{Path: dir + "/file" + name, Content: []byte(value), Mode: 0o640, Owner: recipes.Owner{Like: dir}}
	p.link = recipes.Link{Path: dir + "/link", Target: value + "/" + name}
	p.actions = []recipes.Action{
		recipes.Mkdir{Path: dir, Mode: 0o755},
		p.file,
		p.link,
		recipes.EditConf{Path: p.conf.Path, Edits: []source.Edit{{Span: p.conf.Line(2), New: value}}},
		recipes.Chmod{Path: p.conf.Path, Mode: 0o600},
		recipes.Remove{Path: p.gone},
		recipes.Run{Argv: []string{"true", name}, Why: name, Expect: name},
	}
	return p
}

func (p places) tree() tree { return tree{p.conf.Path: string(p.conf.Data), p.gone: "-> nowhere"} }

func (p places) check(t *testing.T, root string) {
	t.Helper()
	if data, err := os.ReadFile(root + p.file.Path); err != nil || string(data) != p.value {
		t.Errorf("the file holds %q, %v, want %q", data, err, p.value)
	}
	if data, err := os.ReadFile(root + p.conf.Path); err != nil || string(data) != "first\n"+p.value+"\nthird" {
		t.Errorf("the edited file holds %q, %v, want %q in it", data, err, p.value)
	}
	if target, err := os.Readlink(root + p.link.Path); err != nil || target != p.link.Target {
		t.Errorf("the link leads to %q, %v, want %q", target, err, p.link.Target)
	}
	if _, err := os.Lstat(root + p.gone); err == nil {
		t.Errorf("%q is still there", p.gone)
	}
}

// checkHostile runs one script with all the values, and takes it back.
func checkHostile(t *testing.T, values ...string) {
	text := strings.Join(values, "\n")
	plan := recipes.Plan{Recipe: "test", Title: text, Why: text, Strategy: text, Notes: values, Before: values, After: values}
	files, all := newWorld().tree(), []places{}
	for i, v := range values {
		p := placesFor(fmt.Sprintf("/etc/%d", i), v)
		all, files = append(all, p), files.with(p.tree())
		plan.Actions = append(plan.Actions, p.actions...)
	}
	root, script := files.write(t), writeScript(t, plan)
	if text, err := os.ReadFile(script); err != nil || !visible(string(text)) {
		t.Errorf("error %v, or the script has what a terminal obeys:\n%q", err, text)
	}
	before := snapshot(t, root)
	out := mustRun(t, script, root, nil)
	if strings.IndexFunc(out, func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }) >= 0 {
		t.Errorf("what the script says has more than printable ASCII:\n%q", out)
	}
	for _, p := range all {
		p.check(t, root)
	}
	if out := mustRun(t, script, root, nil); !strings.Contains(out, "nothing to change") {
		t.Errorf("the second run changed something:\n%s", out)
	}
	mustRun(t, backups(t, root)[0], root, nil)
	if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
		t.Errorf("-before +after the rollback\n%s", diff)
	}
}

// visible says whether each character of a text can be seen.
func visible(text string) bool {
	return utf8.ValidString(text) &&
		strings.IndexFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }) < 0
}

// TestHostileValues: no path, text or title of a site is executed, and each
// arrives byte for byte.
func TestHostileValues(t *testing.T) {
	needTools(t, "sh", "sha256sum")
	checkHostile(t, hostile()...)
}

func FuzzScript(f *testing.F) {
	for _, v := range []string{"'", "a\n", "$(touch x)", "\x81\x88", "-n", "\\"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsRune(value, 0) {
			if err := recipes.Shell(os.Stderr, recipes.Plan{Actions: []recipes.Action{recipes.Link{Path: "/a", Target: value}}}); err == nil {
				t.Error("a NUL byte in a link was not refused")
			}
			return
		}
		if value == "second" || strings.Contains(value, "/") || len(value) > 1<<16 {
			return // an edit without effect, or another path
		}
		checkHostile(t, value)
	})
}

// TestNulIsRefused: no argument can hold a NUL byte, so none is rendered.
func TestNulIsRefused(t *testing.T) {
	for _, a := range []recipes.Action{
		recipes.WriteFile{Path: "/etc/a\x00b"}, recipes.Link{Path: "/a", Target: "b\x00"}, recipes.Run{Argv: []string{"a\x00"}},
		recipes.Remove{Path: "/a\x00"}, recipes.Chown{Path: "/a", Owner: recipes.Owner{Name: "a\x00:b"}}, recipes.Chmod{Path: "\x00"},
	} {
		if err := recipes.Shell(os.Stderr, recipes.Plan{Recipe: "test", Actions: []recipes.Action{a}}); err == nil {
			t.Errorf("%#v was rendered", a)
		}
	}
}

// TestPathsAreRefused: a path must be the one that is shown.
func TestPathsAreRefused(t *testing.T) {
	for _, p := range []string{"", "etc", "-rf", "/", "/etc/../tmp", "/etc//a", "/etc/", "./a"} {
		s := recipes.Plan{Recipe: "test", Actions: []recipes.Action{recipes.Remove{Path: p}}}
		if err := recipes.Shell(os.Stderr, s); err == nil {
			t.Errorf("path %q was rendered", p)
		}
	}
}

// TestHostileSite: an issuer and a control directory of arc.conf that are made
// to break out of the scripts, with the tool run as well.
func TestHostileSite(t *testing.T) {
	needTools(t, "sh", "curl", "python3")
	w := newWorld()
	for _, v := range []string{"$(touch x)", "`touch x`", "'; touch x; '", `"; touch x; "`, "%25s", "-rf", "a b", "é", "*"} {
		t.Run(v, func(t *testing.T) {
			conf := strings.Replace(arcConf, "[arex]\n", "[arex]\ncontroldir=/var/"+v+"\n", 1)
			files := w.tree().with(tree{"/etc/arc.conf": conf, "/var/" + v + "/.keep": "-> nowhere"})
			s := w.load(t, files.mem(t), "7.2.0")
			p := makeOn(t, "pin-issuer", s, recipes.Params{Issuer: "https://127.0.0.1:1/" + v})
			root := files.write(t)
			env := []string{"ARCLINT_CA_FILE=" + root + "/etc/grid-security/hostcert.pem"}
			out, err := run(t, writeScript(t, p), root, env)
			if err == nil || !strings.Contains(out, "cannot fetch https://127.0.0.1:1/") {
				t.Errorf("error %v, want a fetch that fails:\n%s", err, out)
			}
		})
	}
}

// TestHostileFindings: what a finding says is data too.
func TestHostileFindings(t *testing.T) {
	for _, owner := range []string{"$(id)", "a b:c", "-R:x", "root", ":", "a:b\nc"} {
		r, _ := recipes.Find("fix-modes")
		w := newWorld()
		p := recipes.Params{Findings: []lint.Finding{{Path: "/etc/a", Args: map[string]string{"path": "/etc/a", "owner": owner}}}}
		plan, err := r.Make(w.load(t, w.tree().mem(t), "7.2.0"), p)
		if err != nil {
			continue
		}
		script := render(t, recipes.Shell, plan)
		if out, err := exec.Command("sh", "-n", "-c", string(script)).CombinedOutput(); err != nil {
			t.Errorf("owner %q: %s", owner, out)
		}
		if owner != "$(id)" {
			t.Errorf("owner %q was accepted", owner)
		}
	}
}
