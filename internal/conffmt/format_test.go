package conffmt

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"arclint/fixtures/confgen"
	"arclint/fixtures/golden"
	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/source"
)

const name = "/etc/arc.conf"

// TestFormat: what testdata/*.txtar show. UPDATE=1 rewrites them.
func TestFormat(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range cases {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := checked(t, false, a.Files[0].Data)
		a.Files[1].Data = got
		golden.Check(t, path, txtar.Format(a))
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"[common]\n\nthis is nothing\n", "3: neither header, option nor comment"},
		{"[common]\n  # comment\n", "2: a comment that does not begin in column 1"},
		{"[common]\n; comment\n", "2: a comment that begins with ;"},
		{"# head\na=1\n[common]\n", "2: an option above all headers"},
		{"[common\na=1\n", "1: a header that is none"},
		{"[common] # x\n", "1: a header that is none"},
		{"[common]\n# \xe4\n", "2: the file is not UTF-8"},
		{"\ufeff[common]\n", "1: the file begins with a byte order mark"},
		{"\ufeff# c\n[common]\n", "1: the file begins with a byte order mark"},
		{"[common]\na=b\rc=d\n", "2: a CR stands alone"},
		{"[common]\n\na=b\r\n", "3: the line ends in CR LF"},
		{"[common]\na=\x00\n", "2: a NUL byte"},
		{"[common]\na=1\n[arex]\n[common]\na=2\n", "1: [common] stands again in line 4"},
		{"[authgroup:a]\n[authgroup: a ]\n", "1: [authgroup:a] stands again in line 2"},
		{"[ common ]\n", "1: blanks stand in the name [ common ]"},
		{"[authgroup :a]\n", "1: blanks stand in the name [authgroup :a]"},
		{"[authgroup: ]\n", "1: blanks stand in the name [authgroup: ]"},
		{"[common]\n  #a=b\n", "2: an option whose name begins with #"},
		{"[common]\n#-----BEGIN RSA PRIVATE KEY-----\nMIIE=\n", "2: a private key stands here"},
		{"[b\n[common]\nx y\n", "1: a header that is none"},
		{"[arex]\na=$VAR{[common]hostname}\n[common]\n", "2: the blocks are not in ARC's order, want them put in order by hand: the value is a reference"},
		{"[gridftpd]\n[common]\nhostname=a\n", "1: the blocks are not in ARC's order, want them put in order by hand: the gridftpd of ARC 6"},
		{"[common]\n[lrms]\n[mapping]\n[authgroup:a]\n[gridftpd/jobs]\n", "3: the blocks are not in ARC's order"},
	} {
		out, err := Format(source.New(name, []byte(tt.text)), false)
		var refused *Error
		if !errors.As(err, &refused) || out != nil || !strings.HasPrefix(err.Error(), name+":"+tt.want) {
			t.Errorf("%q: %q and error %v, want %s", tt.text, out, err, tt.want)
		}
	}
}

// TestAccepted: what looks odd and is read alike by all of ARC.
func TestAccepted(t *testing.T) {
	for text, want := range map[string]string{
		"[common]\na=$VAR{b}\n[arex]":                          "[common]\na=$VAR{b}\n\n[arex]\n",
		"\x0c[authgroup:\u3000a\x1c]\u0085\n;a = \"b\"":        "[authgroup:a]\n;a=\"b\"\n",
		"[common]\na=1\na=1\nb[\n":                             "",
		"[arex]\n[common]\n[authgroup:a]\n[gridftpd]":          "[common]\n\n[authgroup:a]\n\n[arex]\n\n[gridftpd]\n",
		"[mapping]\n[userlist:a]\n[authgroup:a]\n[userlist:b]": "[userlist:a]\n\n[authgroup:a]\n\n[userlist:b]\n\n[mapping]\n",
		"[common]\na=1\nb=2\na=3\n":                            "[common]\na=1\nb=2\na=3\n",
	} {
		out, err := Format(source.New(name, []byte(text)), false)
		if (err != nil) != (want == "") || string(out) != want {
			t.Errorf("%q: %q and error %v, want %q", text, out, err, want)
		}
	}
}

// TestConfD: in arc.conf.d a directive on top is about the block below it.
func TestConfD(t *testing.T) {
	const text = "# head\n\n# arclint:ignore conf/unknown-option why\n\n[arex]\nx=1\n\n[common]\n"
	const moved = "# head\n\n[common]\n\n# arclint:ignore conf/unknown-option why\n[arex]\nx=1\n"
	if got := string(checked(t, true, []byte(text))); got != moved {
		t.Errorf("%q, want %q", got, moved)
	}
}

// checked formats a file, and tests what holds of every file that is formatted.
// It gives nil for one that is refused.
func checked(t *testing.T, confD bool, data []byte) []byte {
	t.Helper()
	f := source.New(name, data)
	out, err := Format(f, confD)
	if err != nil {
		var refused *Error
		if !errors.As(err, &refused) || refused.Reason == "" || refused.Span.File != f || refused.Span.Start < 0 || refused.Span.End > len(data) {
			t.Fatalf("%q: error %v, want one that names a place and a reason", data, err)
		}
		return nil
	}
	again, err := Format(source.New(name, out), confD)
	if err != nil || string(again) != string(out) {
		t.Fatalf("%q becomes %q and then %q, %v", data, out, again, err)
	}
	before, after := arcconf.Parse(f), arcconf.Parse(source.New(name, out))
	if len(after.Problems) > 0 {
		t.Errorf("%q becomes %q with problems %v", data, out, after.Problems)
	}
	for _, version := range arcref.Known().Versions() {
		checkRelease(t, version, before, after)
	}
	if diff := cmp.Diff(groups(before), groups(after)); diff != "" {
		t.Errorf("authgroups and userlists:\n%s", diff)
	}
	checkText(t, data, out)
	return out
}

// checkRelease compares what a release holds before and after. ARC 7 orders the
// blocks and drops those that it does not know; in ARC 6 blocks of different
// kinds may change places.
func checkRelease(t *testing.T, version string, before, after *arcconf.Document) {
	t.Helper()
	ref, _ := arcref.Known().For(version)
	known := func(d *arcconf.Document, kind string) (list []string) {
		for _, b := range d.Blocks {
			if b.Kind != kind {
				continue
			}
			list = append(list, "["+b.Name+"]")
			for _, o := range b.Options {
				list = append(list, fmt.Sprintf("%s %v %q", o.Name.Text, o.HasEquals, o.Value.Text))
			}
			for _, name := range namesOf(ref, b) {
				for _, v := range d.Values(b.Name, name, ref) {
					list = append(list, fmt.Sprintf("%s is %q %s %s", name, v.Text, v.Origin, v.Reason))
				}
			}
		}
		return list
	}
	kinds := func(d *arcconf.Document) (list []string) {
		for _, b := range d.Blocks {
			if !slices.Contains(list, b.Kind) {
				list = append(list, b.Kind)
			}
		}
		slices.Sort(list)
		return list
	}
	if diff := cmp.Diff(kinds(before), kinds(after)); diff != "" {
		t.Fatalf("%s, kinds of blocks:\n%s", version, diff)
	}
	for _, kind := range kinds(before) {
		if diff := cmp.Diff(known(before, kind), known(after, kind)); diff != "" {
			t.Errorf("%s, [%s]:\n%s", version, kind, diff)
		}
	}
	last := 0
	for _, b := range after.Blocks {
		if b.Kind == "userlist" {
			continue // stands with the authgroups
		}
		if i := slices.Index(ref.Blocks, ref.Block(b.Name)); i >= 0 {
			if i < last {
				t.Errorf("%s: [%s] is not in its place", version, b.Name)
			}
			last = max(last, i)
		}
	}
}

// groups are the blocks whose order counts to ARC 6 although they are of two kinds.
func groups(d *arcconf.Document) (names []string) {
	for _, b := range d.Blocks {
		if b.Kind == "authgroup" || b.Kind == "userlist" {
			names = append(names, b.Name)
		}
	}
	return names
}

func namesOf(ref *arcref.Reference, b *arcconf.Block) []string {
	names := map[string]bool{}
	for _, o := range b.Options {
		names[o.Name.Text] = true
	}
	if known := ref.Block(b.Kind); known != nil {
		for _, o := range known.Options {
			names[o.Name] = true
		}
	}
	var list []string
	for name := range names {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// checkText: the same characters but for blanks, in some order of lines; no
// blank at the end of a line, no two empty lines, a newline at the end.
func checkText(t *testing.T, data, out []byte) {
	t.Helper()
	lines := func(text []byte) (list []string) {
		for line := range strings.Lines(string(text)) {
			if line = strings.Join(strings.FieldsFunc(line, func(r rune) bool { return trimBlanks(string(r)) == "" }), ""); line != "" {
				list = append(list, line)
			}
		}
		slices.Sort(list)
		return list
	}
	if diff := cmp.Diff(lines(data), lines(out)); diff != "" {
		t.Errorf("lines but for blanks:\n%s", diff)
	}
	text := string(out)
	if strings.Contains(text, "\n\n\n") || strings.HasPrefix(text, "\n") || text != "" && (!strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n")) {
		t.Errorf("%q has empty lines too many or no line end", out)
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); trimComment(line) != line {
			t.Errorf("line %q ends in blanks", line)
		}
	}
}

// TestGenerated formats what confgen makes. Most of that is unsound, so that the
// lines that Format refuses are taken out, one by one.
func TestGenerated(t *testing.T) {
	root := t.TempDir()
	formatted, moved := 0, 0
	for i := range 1500 {
		dir := filepath.Join(root, fmt.Sprint(i))
		if err := confgen.Write(dir, rand.New(rand.NewPCG(7, uint64(i)))); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, "arc.conf"))
		if err != nil {
			t.Fatal(err)
		}
		data = soundened(data)
		out := checked(t, false, data)
		if t.Failed() {
			t.Fatalf("configuration %d: %q becomes %q", i, data, out)
		}
		if out != nil {
			formatted++
			if d := arcconf.Parse(source.New(name, data)); len(d.Blocks) > 1 && d.Blocks[0].Name != arcconf.Parse(source.New(name, out)).Blocks[0].Name {
				moved++
			}
		}
	}
	t.Logf("%d formatted, %d with another first block", formatted, moved)
	if formatted < 1400 || moved < 100 {
		t.Error("the generator has gone astray: little was compared")
	}
}

// soundened is the text without the lines that Format refuses.
func soundened(data []byte) []byte {
	data = []byte(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data)))
	for {
		f := source.New(name, data)
		_, err := Format(f, false)
		var refused *Error
		if !errors.As(err, &refused) {
			return data
		}
		line := source.Span{File: f, Start: refused.Span.Start, End: max(refused.Span.End, refused.Span.Start+1)}.Lines()
		data = append(data[:line.Start:line.Start], data[line.End:]...)
	}
}

// TestFixtures formats every arc.conf that stands in a file of the fixtures.
func TestFixtures(t *testing.T) {
	formatted := 0
	err := filepath.WalkDir("../../fixtures", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		texts := [][]byte{data}
		if filepath.Ext(path) == ".txtar" {
			texts = nil
			for _, f := range txtar.Parse(data).Files {
				if strings.Contains(f.Name, "arc.conf") {
					texts = append(texts, f.Data)
				}
			}
		} else if !strings.Contains(path, "arc.conf") {
			return nil
		}
		for _, text := range texts {
			if checked(t, false, text) != nil {
				formatted++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files formatted", formatted)
	if formatted < 50 {
		t.Error("few files of the fixtures are formatted")
	}
}

func FuzzFormat(f *testing.F) {
	cases, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range cases {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(a.Files[0].Data, false)
	}
	f.Add([]byte("#a=1\n#c\n[b]\n\n# arclint:ignore x y\n#b=\n\n# c\n[common]\n#d=\n# arclint:ignore x y"), true)
	f.Fuzz(func(t *testing.T, data []byte, confD bool) {
		checked(t, confD, data)
	})
}
