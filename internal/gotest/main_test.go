package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// module is one with a package for each way in which tests end.
var module = map[string]string{
	"go.mod":       "module example.org/m\n\ngo 1.21\n",
	"none/none.go": "package none\n",
	"good/good_test.go": `package good

import "testing"

func TestGood(t *testing.T) { t.Log("chatter") }
`,
	"skips/skips_test.go": `package skips

import "testing"

func TestLogs(t *testing.T) { t.Log("looked for it"); t.Skip("x is not installed: install y") }

func TestSub(t *testing.T) {
	t.Run("one", func(t *testing.T) { t.Skipf("x is not installed: %s", "install y") })
	t.Run("two", func(t *testing.T) { t.Skip("two\nlines") })
	t.Run("three", func(t *testing.T) { t.SkipNow() })
}
`,
	"fails/fails_test.go": `package fails

import "testing"

func TestGood(t *testing.T) { t.Log("chatter") }

func TestBad(t *testing.T) {
	t.Run("right", func(t *testing.T) { t.Log("chatter") })
	t.Run("wrong", func(t *testing.T) { t.Error("one is not two") })
}
`,
	"panics/panics_test.go": "package panics\n\nimport \"testing\"\n\nfunc TestPanic(t *testing.T) { panic(\"at the disco\") }\n",
	"broken/broken_test.go": "package broken\n\nvar x int = \"no number\"\n",
}

// tested runs the tests of packages of the module.
func tested(t *testing.T, ci bool, args ...string) (string, int) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range module {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	var stdout, stderr bytes.Buffer
	code := run(args, ci, &stdout, &stderr)
	return regexp.MustCompile(`\t[\d.]+s\b|\t\(cached\)`).ReplaceAllString(stdout.String()+stderr.String(), "\tTIME"), code
}

func TestFine(t *testing.T) {
	const want = "?   \texample.org/m/none\t[no test files]\nok  \texample.org/m/good\tTIME\nNo test was skipped.\n"
	if out, code := tested(t, true, "-p=1", "./none", "./good"); code != 0 || out != want {
		t.Errorf("exit %d, and it prints\n%s\nwant 0 and\n%s", code, out, want)
	}
}

func TestSkips(t *testing.T) {
	const want = "ok  \texample.org/m/skips\tTIME\n" + `
Skipped tests: 4
  x is not installed: install y
    example.org/m/skips TestLogs
    example.org/m/skips TestSub/one
  two
  lines
    example.org/m/skips TestSub/two
  no reason is given
    example.org/m/skips TestSub/three
`
	if out, code := tested(t, false, "./skips"); code != 0 || out != want {
		t.Errorf("exit %d, and it prints\n%s\nwant 0 and\n%s", code, out, want)
	}
	if out, code := tested(t, true, "./skips"); code != 1 || !strings.HasPrefix(out, want+"CI fails: ") {
		t.Errorf("in CI: exit %d, and it prints\n%s\nwant 1 and the same with CI's word", code, out)
	}
}

// TestFailures: what failed is shown, and nothing of what did not.
func TestFailures(t *testing.T) {
	for name, want := range map[string][]string{
		"fails":  {"--- FAIL: TestBad (", "--- FAIL: TestBad/wrong (", "fails_test.go:9: one is not two\n", "FAIL\texample.org/m/fails\tTIME\n"},
		"panics": {"panic: at the disco", "FAIL\texample.org/m/panics\tTIME\n"},
		"broken": {"broken_test.go:3:", "FAIL\texample.org/m/broken [build failed]\n"},
		"absent": {"absent"},
	} {
		t.Run(name, func(t *testing.T) {
			out, code := tested(t, false, "./"+name)
			if code == 0 {
				t.Error("exit 0")
			}
			for _, text := range want {
				if !strings.Contains(out, text) {
					t.Errorf("%q is missing in\n%s", text, out)
				}
			}
			for _, text := range []string{"chatter", "=== ", "right", "ok  \t"} {
				if strings.Contains(out, text) {
					t.Errorf("%q stands in\n%s", text, out)
				}
			}
		})
	}
}
