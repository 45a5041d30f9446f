package gridsec

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// wantProblems compares the problems with lines and beginnings of messages,
// such as "3: the subject is".
func wantProblems(t *testing.T, got []Problem, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(want):
			t.Errorf("problem %d: %s, want none", got[i].Span.Begin().Line, got[i].Message)
		case i >= len(got):
			t.Errorf("no problem %q", want[i])
		default:
			if text := fmt.Sprintf("%d: %s", got[i].Span.Begin().Line, got[i].Message); !strings.HasPrefix(text, want[i]) {
				t.Errorf("problem %q, want %q", text, want[i])
			}
		}
	}
}

// headlines are misread lines as problems; each says what happens and what to do.
func headlines(t *testing.T, lines []Misread) []Problem {
	t.Helper()
	var found []Problem
	for _, m := range lines {
		if m.Effect == "" || m.Action == "" {
			t.Errorf("no effect or no action: %+v", m)
		}
		found = append(found, Problem{Span: m.Span, Message: m.Headline})
	}
	return found
}

func TestMapFile(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // "subject|account"
		problems   []string
	}{
		{"grid-mapfile", "\"" + userDN + "\" jane\n\"/x\"  bob\n", []string{userDN + "|jane", "/x|bob"}, nil},
		{"list", "\"" + userDN + "\"\n/x\n", []string{userDN + "|", "/x|"}, nil},
		{"comments and empty lines", "# c\n\n  # d\n \t \n/x y\n", []string{"/x|y"}, nil},
		{"no newline at the end", "/x y", []string{"/x|y"}, nil},
		{"token user", "\"https://iss.example.org/sub\" jane\n", []string{"https://iss.example.org/sub|jane"}, nil},
		{"more words", "\"/x\" y z\n", []string{"/x|y"}, nil},
		{"words of a comment", "/x y # z\n", []string{"/x|y"}, nil},
		{"hash later is no comment", "/x # y\n", []string{"/x|#"}, nil},
		{"empty subject", "\"\" y\n", nil, []string{"1: the subject is empty"}},
		{"no quotes", userDN + " jane\n", []string{"/DC=org/DC=lab/CN=Jane|Doe"}, []string{"1: the subject has a space"}},
		{"no quotes, no account", userDN + "\n", []string{"/DC=org/DC=lab/CN=Jane|Doe"}, nil}, // nothing tells it from a mapping
		{"no quotes, longer", "/C=x/O=A B/CN=y jane\n", []string{"/C=x/O=A|*/**=*"}, []string{"1: the subject has a space"}},
		{"tab", "\"/x\"\tjane\n", []string{"/x|\tjane"}, []string{"1: the line has a tab or"}},
		{"tab after a bare subject", "/x\tjane\n", []string{"/x\tjane|"}, []string{"1: the line has a tab or"}},
		{"tab before", "\t/x jane\n", []string{"/x|jane"}, nil},
		{"CRLF", "\"/x\" jane\r\n", []string{"/x|jane\r"}, []string{"1: the line has a tab or"}},
		{"quote without partner", "\"/x jane\n", []string{"\"/x|jane"}, []string{"1: the double quote has n"}},
		{"quoted account", "/x \"a b\"\n", []string{"/x|* *"}, nil},
		{"no space after the quote", "\"/x\"jane\n", []string{"/x|jane"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := parseMapFile(source.New("/m", []byte(test.text)))
			var got []string
			for _, e := range m.Entries {
				got = append(got, e.Subject.Text+"|"+e.Account.Text)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			wantProblems(t, headlines(t, m.Problems), test.problems)
		})
	}
}

func TestReadMapFile(t *testing.T) {
	fsys := rootfs.NewMem()
	must(t, fsys.WriteFile("/real", []byte("/x y\n"), 0o640), fsys.Symlink("real", "/map"))
	m := NewReader(fsys).MapFile("/map")
	if m.Err != nil || m.Info.Mode != 0o640 || len(m.Entries) != 1 || m.Source.Path != "/map" {
		t.Errorf("%+v", m)
	}
	if m := NewReader(fsys).MapFile("/missing"); !errors.Is(m.Err, fs.ErrNotExist) {
		t.Errorf("%+v", m)
	}
}

func TestLSC(t *testing.T) {
	const server, ca = "/DC=org/CN=voms.example.org", "/DC=org/CN=Example CA"
	tests := []struct {
		name, text string
		want       []string // chains, names joined by "|"
		problems   []string
	}{
		{"good", server + "\n" + ca + "\n", []string{server + "|" + ca}, nil},
		{"no newline at the end", server + "\n" + ca, []string{server + "|" + ca}, nil},
		{"empty lines", "\n" + server + "\n\n" + ca + "\n\n", []string{server + "|" + ca}, nil},
		{"two chains", server + "\n" + ca + "\n------ NEXT CHAIN ------\n/a\n/b\n", []string{server + "|" + ca, "/a|/b"}, nil},
		{"separator first", "------NEXT CHAIN------\n/a\n/b\n", []string{"/a|/b"}, nil},
		{"three names", "/a\n/b\n/c\n", []string{"/a|/b|/c"}, nil},
		{"one name", "/a\n", []string{"/a"}, nil},
		{"comment", "# c\n/a\n/b\n", []string{"/a|/b"}, []string{"1: this line is a comment"}},
		{"CRLF", "/a\r\n/b\r\n", []string{"/a|/b"}, []string{"1: the line ends with a ca", "2: the line ends with a ca"}},
		{"blank at the end", "/a \n/b\n", []string{"/a|/b"}, []string{"1: the name has blanks aro"}},
		{"line of blanks", "/a\n \n/b\n", []string{"/a|/b"}, []string{"2: the line has blanks"}},
		{"empty", "", nil, []string{"1: the file names no VOMS server"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := parseLSC(source.New("/v/voms.example.org.lsc", []byte(test.text)))
			var got []string
			for _, chain := range l.Chains {
				var texts []string
				for _, line := range chain {
					texts = append(texts, line.Text)
				}
				got = append(got, strings.Join(texts, "|"))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("chains (-want +got):\n%s", diff)
			}
			wantProblems(t, l.Problems, test.problems)
			if l.Host != "voms.example.org" {
				t.Errorf("host %q", l.Host)
			}
		})
	}
}

func TestVOMSDir(t *testing.T) {
	m := rootfs.NewMem()
	must(t,
		m.WriteFile("/etc/vomsdir/dune/voms.example.org.lsc", []byte("/a\n/b\n"), 0o644),
		m.WriteFile("/etc/vomsdir/dune/voms.pem", testUser.PEM(), 0o644),
		m.Symlink("nowhere", "/etc/vomsdir/dune/gone.lsc"),
		m.Mkdir("/etc/vomsdir/empty", 0o755),
		m.Symlink("dune", "/etc/vomsdir/alias"),
		m.WriteFile("/etc/vomsdir/old.pem", testUser.PEM(), 0o644),
	)
	d := NewReader(m).VOMSDir("/etc/vomsdir")
	var got []string
	for _, vo := range d.VOs {
		for _, l := range vo.LSCs {
			got = append(got, fmt.Sprint(vo.Name, " ", l.Host, " ", len(l.Chains), " ", l.Err != nil))
		}
		got = append(got, fmt.Sprint(vo.Name, " ", len(vo.Certificates)))
	}
	want := []string{"alias gone 0 true", "alias voms.example.org 1 false", "alias 1", "dune gone 0 true", "dune voms.example.org 1 false", "dune 1", "empty 0"}
	if diff := cmp.Diff(want, got); diff != "" || d.Err != nil || len(d.Files) != 1 {
		t.Errorf("%v, %d files (-want +got):\n%s", d.Err, len(d.Files), diff)
	}
	if d := NewReader(m).VOMSDir("/missing"); !errors.Is(d.Err, fs.ErrNotExist) {
		t.Errorf("%+v", d)
	}
}

func checkLine(t *testing.T, l Line) {
	t.Helper()
	if l.Text != l.Span.Text() {
		t.Errorf("text %q, span %q", l.Text, l.Span.Text())
	}
}

func checkProblems(t *testing.T, problems []Problem) {
	t.Helper()
	for _, p := range problems {
		if p.Message == "" || p.Span.IsZero() || p.Span.Start > p.Span.End || p.Span.End > len(p.Span.File.Data) {
			t.Errorf("problem %+v", p)
		}
	}
}

func FuzzLSC(f *testing.F) {
	f.Add([]byte("/a\r\n/b \n--NEXT CHAIN--\n# c\n\t\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l := parseLSC(source.New("/x.lsc", data))
		for _, chain := range l.Chains {
			for _, line := range chain {
				checkLine(t, line)
			}
		}
		checkProblems(t, l.Problems)
	})
}

func FuzzMapFile(f *testing.F) {
	f.Add([]byte("\"/a b\" c\n/d\te\r\n\"f\n\"\" g\n # h\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m := parseMapFile(source.New("/m", data))
		for _, e := range m.Entries {
			checkLine(t, e.Subject)
			checkLine(t, e.Account)
			if e.Subject.Text == "" {
				t.Error("an empty subject")
			}
		}
		checkProblems(t, headlines(t, m.Problems))
	})
}

// parseLSC reads the text of an LSC file.
func parseLSC(f *source.File) *LSC {
	l := &LSC{Path: f.Path, Source: f}
	l.Host = strings.TrimSuffix(f.Path[strings.LastIndexByte(f.Path, '/')+1:], ".lsc")
	l.parse()
	return l
}

// parseMapFile reads the text of a grid-mapfile or a list of subjects.
func parseMapFile(f *source.File) *MapFile {
	m := &MapFile{Path: f.Path, Source: f}
	m.parse()
	return m
}
