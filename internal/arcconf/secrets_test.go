package arcconf

import (
	"strings"
	"testing"
	"unicode/utf8"

	"arclint/internal/rootfs"
)

func isPassword(name string) bool { return strings.Contains(name, "pass") }

// TestHide: what is a secret is written over, every other byte stays, and so does
// what tells how ARC reads the line.
func TestHide(t *testing.T) {
	for line, want := range map[string]string{
		"db_pass=Hunter2":                            "db_pass=*******",
		"db_pass = \"Hun ter2\"":                     "db_pass = \"*** ****\"",
		"db_pass=Hunter2 # why":                      "db_pass=******* # ***",
		"  #db_pass=Hunter2":                         "  #db_pass=*******",
		"# db_pass of the database":                  "# db_pass of the database",
		"db_pass Hunter2":                            "db_pass *******",
		"db_pass=a$EXEC{cat x}b":                     "db_pass=*$EXEC{*****}*",
		"db_pass":                                    "db_pass",
		"db_pass=":                                   "db_pass=",
		"-db_pass=é日":                                "-db_pass=·•",
		"db_pass=x\\":                                "db_pass=*\\",
		"http_proxy=http://me:pw@proxy:3128/":        "http_proxy=http://*****@proxy:3128/",
		"url=https://a.example.org/x@y":              "url=https://a.example.org/x@y",
		"mail=ops@example.org":                       "mail=ops@example.org",
		"url=https://a/?x=1&access_token=abc&y=2":    "url=https://a/?x=1&access_token=***&y=2",
		"plugin=10 /bin/x --password=abc --user=me":  "plugin=10 /bin/x --password=*** --user=me",
		"plugin=10 /bin/x --password abc -t me":      "plugin=10 /bin/x --password *** -t me",
		"authtokens=subject issuer aud scope groups": "authtokens=subject issuer aud scope groups",
	} {
		whole := "[lrms]\n" + line + "\r\nlrms=fork\n"
		f := Hide("/etc/arc.conf", []byte(whole), isPassword)
		if got := f.Line(2).Text(); got != want {
			t.Errorf("%q is shown as %q, want %q", line, got, want)
		}
		if string(f.Real()) != whole || len(f.Data) != len(whole) || utf8.RuneCount(f.Data) != utf8.RuneCountInString(whole) {
			t.Errorf("%q: what stands around it has moved: %q", line, f.Data)
		}
	}
}

// TestReadHides: no part of a document shows a secret, neither of arc.conf nor of
// arc.conf.d.
func TestReadHides(t *testing.T) {
	m := rootfs.NewMem()
	for path, text := range map[string]string{
		"/etc/arc.conf":          "db_pass=CANARY\n[lrms]\ndb_pass=CANARY\ndb_pass CANARY\n#db_pass=CANARY\n",
		"/etc/arc.conf.d/a.conf": "[lrms]\ndb_pass=\"CANARY\"\n",
	} {
		if err := m.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d, err := Read(m, "/etc/arc.conf", Options{ConfD: true, Secret: isPassword})
	if err != nil {
		t.Fatal(err)
	}
	checkDocument(t, d)
	if text := outline(d) + problems(d); strings.Contains(text, "CANARY") || strings.Count(text, "******") != 2 {
		t.Errorf("%s", text)
	}
	for _, f := range d.Files {
		if strings.Contains(string(f.Data), "CANARY") {
			t.Errorf("%s: %s", f.Path, f.Data)
		}
	}
}

func FuzzHide(f *testing.F) {
	f.Add("[lrms]\n db_pass = \"x\"\nhttp://a:b@c ?password=x --token y")
	f.Fuzz(func(t *testing.T, text string) {
		hidden := Hide("f", []byte(text), isPassword)
		if string(hidden.Real()) != text || len(hidden.Data) != len(text) || utf8.RuneCount(hidden.Data) != utf8.RuneCountInString(text) {
			t.Errorf("%q is shown as %q", text, hidden.Data)
		}
	})
}
