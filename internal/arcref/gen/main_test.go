package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arclint/internal/arcref"

	"github.com/google/go-cmp/cmp"
)

// referenceDir names a directory with 6.17.0/, 7.0.0/ and 7.2.0/, each with the
// arc.conf.reference of that release and, for TestDefaults, its
// arc.parser.defaults.
const referenceDir = "ARCLINT_ARC_REFERENCE_DIR"

// A release is what is installed of one ARC release.
type release struct {
	version, reference, defaults string
}

// installed finds the references on this machine and skips the test where
// there is none.
func installed(t *testing.T) []release {
	t.Helper()
	var found []release
	if dir := os.Getenv(referenceDir); dir != "" {
		for _, version := range arcref.Known().Versions() {
			sub := filepath.Join(dir, version)
			found = append(found, release{version, filepath.Join(sub, "arc.conf.reference"), filepath.Join(sub, "arc.parser.defaults")})
		}
		return found
	}
	paths, err := filepath.Glob("/usr/share/doc/libarccommon*/arc.conf.reference")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		version, err := packagedVersion(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		if _, known := arcref.Known().For(version); known {
			found = append(found, release{version, path, "/usr/share/arc/arc.parser.defaults"})
		}
	}
	if len(found) == 0 {
		t.Skipf("no arc.conf.reference of a known release is in /usr/share/doc/libarccommon*: install nordugrid-arc-arcctl with its documents, or set %s", referenceDir)
	}
	return found
}

// TestTablesAreFresh makes the tables again.
func TestTablesAreFresh(t *testing.T) {
	for _, r := range installed(t) {
		t.Run(r.version, func(t *testing.T) {
			got, err := makeTable(r.version, r.reference)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join("..", "tables", r.version+".tsv"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("run go run ./internal/arcref/gen %s=%s\n-committed +made:\n%s", r.version, r.reference, diff)
			}
		})
	}
}

// TestDefaults holds the reading of the reference against what ARC's own
// extractor made of the same file when the release was built: the same blocks
// in the same order, and in each the same options with the same defaults.
func TestDefaults(t *testing.T) {
	for _, r := range installed(t) {
		t.Run(r.version, func(t *testing.T) {
			want, err := os.ReadFile(r.defaults)
			if errors.Is(err, fs.ErrNotExist) {
				t.Skip("no arc.parser.defaults is beside the reference: install nordugrid-arc-arcctl")
			}
			if err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(r.reference)
			if err != nil {
				t.Fatal(err)
			}
			ref, err := arcref.ParseReference(r.version, data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(listing(string(want)), defaultsOf(ref)); diff != "" {
				t.Errorf("-ARC +arclint:\n%s", diff)
			}
		})
	}
}

// listing drops the comments and the empty lines.
func listing(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// defaultsOf writes a reference as ARC's extractor does.
func defaultsOf(ref *arcref.Reference) []string {
	var lines []string
	for _, b := range ref.Blocks {
		lines = append(lines, "["+b.Name+"]")
		for _, o := range b.Options {
			if o.Unlisted {
				continue
			}
			value := "undefined"
			if o.HasDefault {
				value = o.Default
			}
			lines = append(lines, o.Name+"="+value)
		}
	}
	return lines
}

const minimal = "#example_config_option=56\n#[common]\n\n## hostname = name - Its name.\n## default: undefined\n#hostname=ce.example.org\n"

func TestRun(t *testing.T) {
	dir := t.TempDir()
	reference := filepath.Join(dir, "arc.conf.reference")
	writeFile(t, reference, []byte(minimal))
	writeFile(t, filepath.Join(dir, "changelog.Debian.gz"), gzipped(t, "nordugrid-arc (9.1.0-2) unstable; urgency=medium\n\n"))
	for _, arg := range []string{reference, "9.2.0=" + reference} {
		if err := run([]string{"-o", dir, arg}, os.Stderr); err != nil {
			t.Fatal(err)
		}
	}
	for _, version := range []string{"9.1.0", "9.2.0"} {
		got, err := os.ReadFile(filepath.Join(dir, version+".tsv"))
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("# ARC %s: block, option, default, allowed values, flags. Made by internal/arcref/gen, do not edit.\n", version) +
			"common\t-\t-\t-\tmandatory\ncommon\thostname\tundefined\t-\t-\n"
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

func TestRunErrors(t *testing.T) {
	dir := t.TempDir()
	other, empty := filepath.Join(dir, "other"), filepath.Join(dir, "empty")
	writeFile(t, other, []byte("[common]\n"))
	for _, sub := range []string{"plain", "foreign"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	writeFile(t, filepath.Join(dir, "plain", "changelog.Debian.gz"), []byte("nordugrid-arc (9.1.0-2)\n"))
	writeFile(t, filepath.Join(dir, "foreign", "changelog.Debian.gz"), gzipped(t, "bash (5.2-1) unstable\n"))
	for name, args := range map[string][]string{
		"no file":           {},
		"no changelog":      {other},
		"not compressed":    {filepath.Join(dir, "plain", "arc.conf.reference")},
		"another package":   {filepath.Join(dir, "foreign", "arc.conf.reference")},
		"missing":           {"7.2.0=" + empty},
		"not a reference":   {"7.2.0=" + other},
		"no such directory": {"-o", empty, "7.2.0=" + other},
	} {
		t.Run(name, func(t *testing.T) {
			if err := run(args, &bytes.Buffer{}); err == nil {
				t.Error("no error, want one")
			}
		})
	}
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
