//go:build lab

package lab_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"arclint/fixtures/confgen"
	"arclint/internal/arcconf"
	"arclint/internal/lab"
	"arclint/internal/rootfs"
	"arclint/internal/source"
)

var (
	configurations = flag.Int("configurations", 2000, "how many generated configurations each release reads")
	readingSeed    = flag.Uint64("reading-seed", 1, "which configurations are generated")
)

//go:embed testdata/export.py
var exportProgram string

// TestReading lets ARC's own arcconfig-parser read generated configurations in
// each chroot. arclint holds the same blocks, options, values and order.
func TestReading(t *testing.T) {
	eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
		ce := openBare(t, s, chroot)
		for i := range *configurations {
			ok(t, confgen.Write(ce.Path(fmt.Sprintf("/tmp/conf/%d", i)), rand.New(rand.NewPCG(*readingSeed, uint64(i)))))
		}
		tree, err := rootfs.Dir(ce.Path("/"))
		ok(t, err)
		defer tree.Close()
		r := newReading(t, s, tree)
		var paths []string
		for i := range *configurations {
			paths = append(paths, fmt.Sprintf("/tmp/conf/%d/arc.conf", i))
		}
		for i, want := range exported(t, ce, paths) {
			doc, err := arcconf.Read(tree, fmt.Sprintf("/tmp/conf/%d/arc.conf", i), arcconf.Options{ConfD: r.release7})
			ok(t, err)
			r.compare(doc, want)
			if r.disagrees {
				disagree(t, s, "this is configuration %d of seed %d:\n%s", i, *readingSeed, text(doc))
				return
			}
		}
		t.Logf("%d configurations agree: ARC gives up on %d of them; %d blocks, %d options, %d values, %d of them left unresolved",
			*configurations, r.failed, r.blocks, r.options, r.values, r.unresolved)
		if n := *configurations; n >= 100 && (r.failed > n/4 || r.options < n || r.unresolved > r.values/2) {
			t.Error("the generator has gone astray: these numbers show that little was compared")
		}
	})
}

func text(d *arcconf.Document) string {
	var b strings.Builder
	for _, f := range d.Files {
		fmt.Fprintf(&b, "%s:\n%q\n", f.Path, f.Data)
	}
	return b.String()
}

// export is what arcconfig-parser prints for one configuration.
type export struct {
	Blocks blocks
	Error  string
}

// blocks keep the order of the JSON object that they come from.
type blocks []block

type block struct {
	Name    string
	Options []option
}

type option struct {
	Name   string
	Values []string
}

func (b *blocks) UnmarshalJSON(data []byte) error {
	return eachMember(data, func(name string, d *json.Decoder) error {
		var options json.RawMessage
		if err := d.Decode(&options); err != nil {
			return err
		}
		one := block{Name: name}
		err := eachMember(options, func(name string, d *json.Decoder) error {
			var v any
			if err := d.Decode(&v); err != nil {
				return err
			}
			one.Options = append(one.Options, option{name, valuesOf(v)})
			return nil
		})
		*b = append(*b, one)
		return err
	})
}

func valuesOf(v any) []string {
	list, many := v.([]any)
	if !many {
		list = []any{v}
	}
	var values []string
	for _, item := range list {
		values = append(values, fmt.Sprint(item))
	}
	return values
}

// eachMember visits the members of a JSON object in their order.
func eachMember(data []byte, visit func(name string, d *json.Decoder) error) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if err := visit(name.(string), d); err != nil {
			return err
		}
	}
	return nil
}

// exported is what ARC reads from each of the files.
func exported(t *testing.T, ce *lab.CE, paths []string) []export {
	t.Helper()
	ok(t, ce.Write("/tmp/export.py", exportProgram, 0o644))
	var stderr bytes.Buffer
	cmd := ce.Command(t.Context(), "/usr/bin/env", "PYTHONUTF8=1", "python3", "/tmp/export.py")
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(paths, "\n")+"\n"), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var answers []export
	for line := range bytes.Lines(out) {
		var e export
		ok(t, json.Unmarshal(line, &e))
		answers = append(answers, e)
	}
	if len(answers) != len(paths) {
		t.Fatalf("ARC answers to %d of %d configurations", len(answers), len(paths))
	}
	return answers
}

// reading compares the configurations of one release and counts.
type reading struct {
	t        *testing.T
	suite    lab.Suite
	defaults defaults
	release7 bool

	disagrees bool

	failed, blocks, options, values, unresolved int
}

func newReading(t *testing.T, s lab.Suite, tree rootfs.FS) *reading {
	t.Helper()
	const name = "/usr/share/arc/arc.parser.defaults"
	data, _, err := rootfs.Read(tree, name, 1<<20)
	ok(t, err)
	return &reading{t: t, suite: s, release7: s.Does.ConfD, defaults: defaults{arcconf.Parse(source.New(name, data))}}
}

// defaults are those of ARC, from the file that arcconfig-parser reads.
type defaults struct{ doc *arcconf.Document }

// Default implements arcconf.Defaults.
func (d defaults) Default(kind, option string) (string, bool) {
	o := d.block(kind).First(option)
	if o == nil || o.Value.Text == "undefined" {
		return "", false
	}
	return o.Value.Text, true
}

func (d defaults) block(name string) *arcconf.Block {
	for _, b := range d.doc.Blocks {
		if b.Name == name {
			return b
		}
	}
	return nil
}

func (r *reading) fail(format string, args ...any) {
	r.disagrees = true
	disagree(r.t, r.suite, format, args...)
}

func (r *reading) compare(doc *arcconf.Document, want export) {
	if want.Error != "" {
		r.failed++
		if !r.mayFail(doc) {
			r.fail("ARC gives up with %s, arclint has neither a problem nor an unresolved value", want.Error)
		}
		return
	}
	var got blocks
	for _, b := range r.ordered(doc) {
		got = append(got, r.held(doc, b))
		r.blocks++
	}
	got = r.withUnresolved(got, want.Blocks)
	for i, b := range got {
		if computed(doc, b.Name) && i < len(want.Blocks) {
			byName(b.Options)
			byName(want.Blocks[i].Options)
		}
	}
	if diff := cmp.Diff(want.Blocks, got, cmpopts.EquateEmpty()); diff != "" {
		r.fail("blocks (-ARC +arclint):\n%s", diff)
	}
}

// computed says whether a value of the block is worked out: one that comes to
// nothing changes which of two options is the first.
func computed(doc *arcconf.Document, name string) bool {
	return slices.ContainsFunc(doc.Blocks, func(b *arcconf.Block) bool {
		return b.Name == name && slices.ContainsFunc(b.Options, func(o *arcconf.Option) bool { return strings.Contains(o.Value.Text, "$") })
	})
}

func byName(options []option) {
	slices.SortFunc(options, func(a, b option) int { return strings.Compare(a.Name, b.Name) })
}

// mayFail: ARC's reader stops at bytes that are not UTF-8, at a file that it
// cannot open, and at an expression that raises an error.
func (r *reading) mayFail(doc *arcconf.Document) bool {
	for _, p := range doc.Problems {
		if p.Kind == arcconf.NotUTF8 || p.Kind == arcconf.Unreadable {
			return true
		}
	}
	for _, b := range doc.Blocks {
		for _, name := range r.names(b) {
			for _, v := range doc.Values(b.Name, name, r.defaults) {
				if v.Origin == arcconf.Unresolved {
					return true
				}
			}
		}
	}
	return false
}

// ordered are the blocks as 7.x exports them: in the order of the defaults, and
// those that they do not know are gone. 6.17 leaves them as they are.
func (r *reading) ordered(doc *arcconf.Document) []*arcconf.Block {
	if !r.release7 {
		return doc.Blocks
	}
	var list []*arcconf.Block
	for _, known := range r.defaults.doc.Blocks {
		for _, b := range doc.Blocks {
			if baseOf(b.Name) == known.Name {
				list = append(list, b)
			}
		}
	}
	return list
}

// baseOf is what stands before the colon of a name, without the blanks of Python;
// a name without a colon keeps them.
func baseOf(name string) string {
	base, _, named := strings.Cut(name, ":")
	if !named {
		return name
	}
	return strings.TrimFunc(base, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f })
}

// names are the options of a block, written ones first.
func (r *reading) names(b *arcconf.Block) []string {
	var names []string
	add := func(options []*arcconf.Option) {
		for _, o := range options {
			if !slices.Contains(names, o.Name.Text) {
				names = append(names, o.Name.Text)
			}
		}
	}
	add(b.Options)
	if d := r.defaults.block(baseOf(b.Name)); d != nil {
		add(d.Options)
	}
	return names
}

const unresolved = "\x00unresolved"

func (r *reading) held(doc *arcconf.Document, b *arcconf.Block) block {
	held := block{Name: b.Name}
	for _, name := range r.names(b) {
		o := option{Name: name}
		if name == "benchmark" && !r.release7 {
			o.Values = []string{unresolved} // 6.17 hands it on as written
			held.Options = append(held.Options, o)
			continue
		}
		for _, v := range doc.Values(b.Name, name, r.defaults) {
			if v.Origin == arcconf.Unresolved {
				o.Values = []string{unresolved}
				break
			}
			o.Values = append(o.Values, v.Text)
		}
		if len(o.Values) > 0 {
			held.Options = append(held.Options, o)
			r.options++
			r.values += len(o.Values)
		}
	}
	return held
}

// withUnresolved puts ARC's values where arclint says that it cannot know them;
// there may be none.
func (r *reading) withUnresolved(got, want blocks) blocks {
	for i := range got {
		got[i].Options = slices.DeleteFunc(got[i].Options, func(o option) bool {
			if len(o.Values) != 1 || o.Values[0] != unresolved {
				return false
			}
			r.unresolved++
			return i >= len(want) || !slices.ContainsFunc(want[i].Options, func(w option) bool { return w.Name == o.Name })
		})
		for j, o := range got[i].Options {
			if len(o.Values) == 1 && o.Values[0] == unresolved {
				at := slices.IndexFunc(want[i].Options, func(w option) bool { return w.Name == o.Name })
				got[i].Options[j].Values = want[i].Options[at].Values
			}
		}
	}
	return got
}
