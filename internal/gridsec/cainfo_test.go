package gridsec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// infoFiles are texts of .info files; plain says whether go-ini need not be asked.
var infoFiles = []struct {
	text  string
	plain bool
}{
	{"", true},
	{"# \xc3\xa9t\xc3\xa9\n\n;x\nalias = Example\nversion=1.2\r\n  subjectdn\t= \"/CN=Example\"\nno key here\n", true},
	{"version = 1\nversion = 2\nrequires = Root >= 1.1, Other\ncrl_url = http://crl.example.org/#a;b\nsha1fp.0 =\nalias = 'a' 'b'\n", true},
	{"alias = Example, \\\n  Other\nversion = 1", true},
	{"requires = A >= 1, B, \\\n  C, D\\\n\nversion = 1\nalias = a\\", true},
	{"requires = A = 1, \\\n  version of B = 2\n", true},
	{"requires = A, \\\n# B\\\n  'C'\n", true},
	{"requires = A, \\\nversion = 2\nversion = 1\n", true},
	{"version = 1\nrequires = A, \\\nversion = 2, \\\nrequires = B\n", true},
	{"# a = \\\nversion = 1\n= \\\n[x]\n", false},
	{"# a = \\\nversion = 1\nb\\\nalias = a\n", true},
	{"subjectdn = \"/CN=A\", \\\n  \"/CN=B\", \\\n  [C], \\\n  `D`\nalias = a\n", true},
	{"= a \\\n[C\n", false},
	{"requires = A, \\\n\xc3\xa9\n", false},
	{"alias = `a\nb`\n", false},
	{"alias = \"\"\"a\nb\"\"\"\n", false},
	{"\"alias\" = a\n", false},
	{"`alias` = a\n", false},
	{"version = 1\n[section]\nversion = 2\n", false},
	{"[section\n", false},
	{"\xef\xbb\xbfalias = a\n", false},
	{"alias\xc2\xa0= a\n\x0bversion = 1\n", false},
}

// TestPlainInfo compares readPlain with go-ini, which reads all of them.
func TestPlainInfo(t *testing.T) {
	for _, c := range infoFiles {
		if plain := samePlain(t, []byte(c.text)); plain != c.plain {
			t.Errorf("%q: plain is %v", c.text, plain)
		}
	}
}

func FuzzInfo(f *testing.F) {
	for _, c := range infoFiles {
		f.Add([]byte(c.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) { samePlain(t, data) })
}

func samePlain(t *testing.T, data []byte) (plain bool) {
	t.Helper()
	file := source.New("/x.info", data)
	var fast, slow CAInfo
	if !fast.readPlain(file) {
		return false
	}
	slow.readINI(file)
	if diff := cmp.Diff(slow, fast, cmp.Comparer(func(a, b source.Span) bool { return a == b })); diff != "" {
		t.Errorf("%q (-go-ini +plain):\n%s", data, diff)
	}
	return true
}

// TestInfoSpends: go-ini, which copies what it has of a value with each line that
// it goes on, is asked as far as the budget goes. What is plain costs nothing.
func TestInfoSpends(t *testing.T) {
	long := "requires = `" + strings.Repeat("\n", 1<<16)
	for _, c := range []struct {
		text   string
		budget int64
		fails  bool
	}{
		{strings.Repeat("requires = a, \\\n", 1<<12), 0, false},
		{"alias = `a\nb`\n", 1, false},
		{long, 32 << 20, true},
		{long, 33 << 20, false},
	} {
		budget := rootfs.NewBudget(c.budget)
		info, err := parseCAInfo(source.New("/x.info", []byte(c.text)), budget.Take)
		if (err != nil) != c.fails || (info == nil) != c.fails {
			t.Errorf("%.20q with a budget of %d: %v, %v", c.text, c.budget, info, err)
		}
	}
}
