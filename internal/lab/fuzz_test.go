//go:build lab

package lab_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"arclint/fixtures/confgen"
	"arclint/internal/arcconf"
	"arclint/internal/lab"
	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// computes is what ARC's reader runs or works out: bytes that a fuzzer finds are
// not to be run, and TestReading compares these.
var computes = regexp.MustCompile(`EXEC|EVAL`)

// harmless lets ARC's reader run and work out what its own defaults ask for, of
// numbers, and nothing else, should a fuzzer come to such a value all the same.
const harmless = `
def only(do, allowed):
    def wrapped(value):
        if ('EXEC' in value or 'EVAL' in value) and not allowed.fullmatch(value):
            raise ValueError('nothing is run here')
        return do(value)
    return wrapped


config._conf_substitute_exec = only(config._conf_substitute_exec, re.compile(r'\$EXEC\{hostname -f\}|\$EVAL\{.*\}', re.S))
config._conf_substitute_eval = only(config._conf_substitute_eval, re.compile(r'\$EVAL\{[0-9]{1,9}( \+ [0-9]{1,9})*\}|\$EXEC\{hostname -f\}'))

`

const maxFuzzed = 4096 // bytes of a file; the readers are compared, not their limits

// FuzzReading lets ARC's own arcconfig-parser of each chroot read any bytes as
// arc.conf and as a file of arc.conf.d, and holds arclint's reader to it.
func FuzzReading(f *testing.F) {
	if os.Geteuid() != 0 {
		f.Skip("a CE needs root")
	}
	for i := range 200 {
		main, extra := generated(f, uint64(i))
		f.Add(main, extra)
	}
	var readers []*reader
	for _, s := range lab.Suites() {
		readers = append(readers, newReader(f, s))
	}
	f.Fuzz(func(t *testing.T, main, extra []byte) {
		if len(main) > maxFuzzed || len(extra) > maxFuzzed || computes.Match(main) || computes.Match(extra) {
			return
		}
		for _, r := range readers {
			r.check(t, main, extra)
		}
	})
}

// generated is one configuration of the generator of TestReading.
func generated(f *testing.F, seed uint64) (main, extra []byte) {
	dir := f.TempDir()
	if err := confgen.Write(dir, rand.New(rand.NewPCG(9, seed))); err != nil {
		f.Fatal(err)
	}
	main, err := os.ReadFile(filepath.Join(dir, "arc.conf"))
	if err != nil {
		f.Fatal(err)
	}
	more, _ := filepath.Glob(filepath.Join(dir, "arc.conf.d/*.conf"))
	for _, name := range more[:min(len(more), 1)] {
		extra, _ = os.ReadFile(name) // a directory or a link to nothing is no file for this
	}
	return main, extra
}

// reader is ARC's reader of one suite, which answers again and again.
type reader struct {
	ce       *lab.CE
	suite    lab.Suite
	defaults defaults
	ask      io.Writer
	answers  *bufio.Reader
}

func newReader(f *testing.F, s lab.Suite) *reader {
	must := func(err error) {
		f.Helper()
		if err != nil {
			f.Fatal(err)
		}
	}
	chroot, err := chroots[s.Name]()
	must(err)
	s, err = s.WithRelease(chroot)
	must(err)
	ce, err := lab.Open(s, chroot)
	must(err)
	f.Cleanup(ce.Close)
	r := &reader{ce: ce, suite: s}
	data, err := os.ReadFile(ce.Path("/usr/share/arc/arc.parser.defaults"))
	must(err)
	r.defaults = defaults{arcconf.Parse(source.New("defaults", data))}
	must(ce.Write("/tmp/export.py", strings.NewReplacer("\nimport runpy\n", "\nimport re\nimport runpy\n", "\ndef export(", harmless+"\ndef export(").Replace(exportProgram), 0o644))
	must(ce.Mkdir("/tmp/fuzz/arc.conf.d"))
	cmd := ce.Command(f.Context(), "/usr/bin/env", "PYTHONUTF8=1", "python3", "/tmp/export.py")
	r.ask, r.answers = pipes(f, cmd)
	must(cmd.Start())
	return r
}

func pipes(f *testing.F, cmd *exec.Cmd) (io.Writer, *bufio.Reader) {
	in, err := cmd.StdinPipe()
	if err != nil {
		f.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		f.Fatal(err)
	}
	return in, bufio.NewReader(out)
}

// check compares what ARC holds of the two files with what arclint holds.
func (r *reader) check(t *testing.T, main, extra []byte) {
	t.Helper()
	const conf, more = "/tmp/fuzz/arc.conf", "/tmp/fuzz/arc.conf.d/10.conf"
	tree := rootfs.NewMem()
	for name, data := range map[string][]byte{conf: main, more: extra} {
		ok(t, os.WriteFile(r.ce.Path(name), data, 0o644))
		ok(t, tree.WriteFile(name, data, 0o644))
	}
	_, err := fmt.Fprintln(r.ask, conf)
	ok(t, err)
	line, err := r.answers.ReadBytes('\n')
	ok(t, err)
	var want export
	ok(t, json.Unmarshal(line, &want))
	c := &reading{t: t, suite: r.suite, release7: r.suite.Does.ConfD, defaults: r.defaults}
	doc, err := arcconf.Read(tree, conf, arcconf.Options{ConfD: c.release7})
	ok(t, err)
	c.compare(doc, want)
	if c.disagrees {
		t.Fatalf("%s with ARC %s reads otherwise:\n%s", r.suite.Name, r.suite.Release, text(doc))
	}
}
