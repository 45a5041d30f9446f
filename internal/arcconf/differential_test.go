package arcconf

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"arclint/fixtures/confgen"
	"arclint/internal/rootfs"
	"arclint/internal/source"

	"github.com/google/go-cmp/cmp"
)

var differentialCases = flag.Int("arcconf.cases", 400, "how many configurations are compared with ARC's reader")

// TestAgainstARC compares Read and Values with ARC's own reader over
// configurations that a seeded generator makes. ARCLINT_ARC_PYTHON lists
// directories with the Python packages of ARC releases (…/dist-packages);
// without it an installed ARC is used.
func TestAgainstARC(t *testing.T) {
	python, dirs := "python3", filepath.SplitList(os.Getenv("ARCLINT_ARC_PYTHON"))
	if len(dirs) == 0 {
		python, dirs = installedARC(t)
	}
	if _, err := exec.LookPath(python); err != nil {
		t.Skip("python3 is not installed: install python3")
	}
	for _, dir := range dirs {
		t.Run(releaseOf(dir), func(t *testing.T) { compareWithARC(t, python, dir) })
	}
}

// installedARC gives the directory of the installed ARC's Python packages, and
// the python that has it: another one may stand before Debian's in PATH.
func installedARC(t *testing.T) (python string, dirs []string) {
	const where = "import arc.utils.config, os; print(os.path.realpath(os.path.join(os.path.dirname(arc.utils.config.__file__), '..', '..')))"
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if out, err := exec.Command(python, "-B", "-c", where).Output(); err == nil {
			return python, []string{strings.TrimSpace(string(out))}
		}
	}
	t.Skip("no python3 here has ARC's module arc.utils.config: install nordugrid-arc-arcctl, or set ARCLINT_ARC_PYTHON")
	return "", nil
}

func releaseOf(dir string) string {
	data, _ := os.ReadFile(filepath.Join(dir, "arc/paths_dist.py"))
	_, after, _ := strings.Cut(string(data), "ARC_VERSION = '")
	version, _, _ := strings.Cut(after, "'")
	return version
}

// answer is one line of testdata/arcread.py.
type answer struct {
	Read, Running held
}

// held is a list of blocks, each a name and a list of options and values, or an
// error.
type held struct {
	Blocks []heldBlock
	Error  string
}

type heldBlock struct {
	Name    string
	Options [][2]string
}

func (h *held) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte("{")) {
		failed := struct{ Error *string }{&h.Error}
		return json.Unmarshal(data, &failed)
	}
	return json.Unmarshal(data, &h.Blocks)
}

func (b *heldBlock) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&b.Name, &b.Options})
}

func compareWithARC(t *testing.T, python, dir string) {
	defaults := filepath.Join(dir, "../../../share/arc/arc.parser.defaults")
	data, err := os.ReadFile(defaults)
	if err != nil {
		t.Skipf("ARC's table of defaults is not where its package has it: install nordugrid-arc-arcctl (%v)", err)
	}
	root := t.TempDir()
	for i := range *differentialCases {
		if err := confgen.Write(filepath.Join(root, fmt.Sprint(i)), rand.New(rand.NewPCG(20261123, uint64(i)))); err != nil {
			t.Fatal(err)
		}
	}
	answers := askARC(t, python, dir, defaults, root)
	fsys, err := rootfs.Dir(root)
	if err != nil {
		t.Fatal(err)
	}
	defer fsys.Close()
	c := &comparison{defaults: parserDefaults{Parse(source.New(defaults, data))}}
	c.release7 = bytes.Contains(mustRead(t, filepath.Join(dir, "arc/utils/config.py")), []byte("get_arc_conf_d"))
	for i, want := range answers {
		d, err := Read(fsys, fmt.Sprintf("/%d/arc.conf", i), Options{ConfD: c.release7})
		if err != nil {
			t.Fatal(err)
		}
		checkDocument(t, d)
		c.read(t, d, want.Read)
		c.running(t, d, want.Running)
		if t.Failed() {
			t.Fatalf("this is configuration %d:\n%s", i, caseText(d))
		}
	}
	t.Logf("%d configurations: ARC gives up on %d as it reads them, on %d at the latest as it works out values; %d options, %d values, %d of them unresolved",
		len(answers), c.failed, c.stopped, c.options, c.values, c.unresolved)
	if n := len(answers); n >= 100 && (c.failed == 0 || c.stopped > n/4 || c.options < n || c.values < n || c.unresolved > c.values/2) {
		t.Error("the generator has gone astray: these numbers show that little was compared")
	}
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func caseText(d *Document) string {
	var b strings.Builder
	for _, f := range d.Files {
		fmt.Fprintf(&b, "%s:\n%q\n", f.Path, f.Data)
	}
	return b.String()
}

// askARC runs ARC's reader once over all configurations.
func askARC(t *testing.T, python, dir, defaults, root string) []answer {
	var paths bytes.Buffer
	for i := range *differentialCases {
		fmt.Fprintf(&paths, "%s/%d/arc.conf\n", root, i)
	}
	cmd := exec.Command(python, "-B", "-W", "ignore", "testdata/arcread.py", dir, defaults)
	cmd.Env = append(os.Environ(), "PYTHONUTF8=1")
	cmd.Stdin = &paths
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ARC's reader: %v\n%s", err, stderr.Bytes())
	}
	var answers []answer
	for line := range bytes.Lines(out) {
		var a answer
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != *differentialCases {
		t.Fatalf("ARC's reader gives %d answers to %d configurations", len(answers), *differentialCases)
	}
	return answers
}

// parserDefaults are ARC's defaults, from the file that config.py reads.
type parserDefaults struct{ doc *Document }

func (p parserDefaults) Default(kind, option string) (string, bool) {
	o := p.doc.exactly(kind).First(option)
	if o == nil || o.Value.Text == "undefined" {
		return "", false
	}
	return o.Value.Text, true
}

// comparison compares the configurations of one release and counts.
type comparison struct {
	defaults parserDefaults
	release7 bool

	failed, stopped, options, values, unresolved int
}

func (c *comparison) read(t *testing.T, d *Document, want held) {
	t.Helper()
	unreadable := false
	for _, p := range d.Problems {
		unreadable = unreadable || p.Kind == NotUTF8 || p.Kind == Unreadable
	}
	if unreadable != (want.Error != "") {
		t.Errorf("ARC's reader gives the error %q, our problems are\n%s", want.Error, problems(d))
	}
	if want.Error != "" {
		c.failed++
		return
	}
	var got []heldBlock
	for _, b := range d.Blocks {
		h := heldBlock{Name: b.Name, Options: [][2]string{}}
		for _, o := range b.Options {
			h.Options = append(h.Options, [2]string{o.Name.Text, o.Value.Text})
		}
		c.options += len(b.Options)
		got = append(got, h)
	}
	if diff := cmp.Diff(want.Blocks, got); diff != "" && len(want.Blocks)+len(got) > 0 {
		t.Errorf("blocks (-ARC +arclint):\n%s", diff)
	}
}

// running compares values. ARC's reader may stop at an expression, with an
// error that Python's eval raises.
func (c *comparison) running(t *testing.T, d *Document, want held) {
	t.Helper()
	if want.Error != "" {
		c.stopped++
		return
	}
	for _, b := range want.Blocks {
		values := map[string][]string{}
		for _, o := range b.Options {
			values[o[0]] = append(values[o[0]], o[1])
		}
		for _, option := range c.optionsOf(d, b) {
			c.values++
			c.value(t, d, b.Name, option, values[option])
		}
	}
}

// optionsOf lists the options that ARC, the defaults or the document know.
func (c *comparison) optionsOf(d *Document, b heldBlock) []string {
	seen := map[string]bool{}
	var names []string
	add := func(name string) {
		if !seen[name] {
			names = append(names, name)
		}
		seen[name] = true
	}
	for _, o := range b.Options {
		add(o[0])
	}
	ours := d.exactly(b.Name)
	for _, o := range ours.Options {
		add(o.Name.Text)
	}
	for _, o := range c.defaults.doc.exactly(ours.Kind).orEmpty() {
		add(o.Name.Text)
	}
	return names
}

func (b *Block) orEmpty() []*Option {
	if b == nil {
		return nil
	}
	return b.Options
}

func (c *comparison) value(t *testing.T, d *Document, block, option string, want []string) {
	t.Helper()
	if option == "benchmark" && !c.release7 {
		return // 6.17 hands it on as written
	}
	var got []string
	for _, v := range d.Values(block, option, c.defaults) {
		if v.Origin == Unresolved {
			if !strings.Contains(v.Text, "$") || v.Reason == "" {
				t.Errorf("[%s] %s=%s is unresolved: %s", block, option, v.Text, v.Reason)
			}
			c.unresolved++
			return
		}
		got = append(got, v.Text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("[%s] %s (-ARC +arclint):\n%s", block, option, diff)
	}
}
