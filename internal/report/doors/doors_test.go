package doors

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode"

	"arclint/fixtures/golden"
	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

func load(t testing.TB, release, conf string) *site.Site {
	t.Helper()
	tree := rootfs.NewMem()
	for name, text := range map[string]string{
		"/etc/arc.conf": conf, "/etc/passwd": "root:x:0:0::/:/bin/sh\ngrid:x:1000:1000::/:/bin/sh\n", "/etc/list": "\"/DC=org/CN=a\"\nhttps://i.example.org/jane\nnot-for-reports\n",
	} {
		if err := tree.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := site.Load(tree, site.Options{Root: "/", ARCVersion: release, Now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func conf(rules string) string {
	return "[common]\n[authtokens]\n[authgroup:g]\n" + rules + "\n[mapping]\nmap_to_user=g grid\n[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=g\n[queue:a]\n[queue:b]\nallowaccess=h\n"
}

// writers are all of this package, for a site and one client.
func writers(s *site.Site, a admission.Answer) map[string]func(io.Writer) error {
	who, negative := admission.Doors(s), admission.Static(s, admission.Made{})
	return map[string]func(io.Writer) error{
		"access.txt":   func(w io.Writer) error { return AccessText(w, s, who) },
		"access.json":  func(w io.Writer) error { return AccessJSON(w, who) },
		"access.md":    func(w io.Writer) error { return AccessMarkdown(w, s, who) },
		"negtest.txt":  func(w io.Writer) error { return NegativeText(w, s, negative) },
		"negtest.json": func(w io.Writer) error { return NegativeJSON(w, negative) },
		"whoami.txt":   func(w io.Writer) error { return WhoamiText(w, a) },
		"whoami.json":  func(w io.Writer) error { return WhoamiJSON(w, a) },
	}
}

// checkWriters: what is written is text that no terminal acts on, JSON without
// null, and complete or an error.
func checkWriters(t *testing.T, s *site.Site, a admission.Answer) {
	t.Helper()
	for name, write := range writers(s, a) {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".json") {
			if !json.Valid(b.Bytes()) || bytes.Contains(b.Bytes(), []byte(": null")) {
				t.Errorf("%s: no JSON, or null: %s", name, &b)
			}
		} else {
			for _, r := range b.String() {
				if r != '\n' && r != '\t' && !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
					t.Errorf("%s holds %q", name, r)
					break
				}
			}
		}
		if err := write(golden.Room(b.Len() - 1)); !errors.Is(err, golden.ErrFull) {
			t.Errorf("%s: error %v, want that of the writer", name, err)
		}
	}
}

func TestWriters(t *testing.T) {
	rules := "authtokens=* https://i.example.org * * *\nsubject=/CN=\x1b[2J|<b>`\nplugin=10 /bin/x\nfile=/etc/list\nvoms=a|b * * *\nall=yes"
	for _, release := range []string{"6.17.0", "7.0.0", "7.2.0"} {
		s := load(t, release, conf(rules))
		a := admission.Ask(s, admission.Person{Subject: "/CN=\x1b[2J|<b>`"}, access.JobCreate)
		checkWriters(t, s, a)
	}
}

// TestNoContent: a file that arc.conf names is not shown, but for the subjects in
// it that have the form of one.
func TestNoContent(t *testing.T) {
	s := load(t, "7.2.0", conf("file=/etc/list"))
	for name, write := range writers(s, admission.Ask(s, admission.Person{Subject: "/CN=x"}, access.JobCreate)) {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "not-for-reports") {
			t.Errorf("%s shows a line of the file: %s", name, b.String())
		}
	}
}

// TestMarkdown: what a site holds stays text in a page and in a table.
func TestMarkdown(t *testing.T) {
	for text, want := range map[string]string{
		"a|b":          `a\|b`,
		"<script>":     `&lt;script\>`,
		"[x](y)":       `\[x\](y)`,
		"a\x1b[2J":     `a\\x1B\[2J`,
		"*&_":          `\*&amp;\_`,
		"plain, 1 (x)": "plain, 1 (x)",
	} {
		if got := escaped(text); got != want {
			t.Errorf("escaped(%q) is %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"a": "`a`", "": "", "a`b": "``a`b``", "`": "`` ` ``", "a|b": "`a\\|b`", "``x": "``` ``x ```",
	} {
		if got := code(text); got != want {
			t.Errorf("code(%q) is %q, want %q", text, got, want)
		}
	}
}

// FuzzWriters: whatever stands in arc.conf and in claims, who gets in is worked
// out and written.
func FuzzWriters(f *testing.F) {
	f.Add(conf("authtokens=* https://i.example.org * * *\nall=yes"), `{"iss":"https://i.example.org","sub":"a"}`, "7.2.0")
	f.Add(conf("!voms=a * * *\nplugin=1 x\nfile=/etc/list"), `{}`, "6.17.0")
	f.Add(conf(`authtokensgen=((iss~"https://[a-z]+") ^ (sub="x")) & !(aud="y")`), `{"aud":["a",1]}`, "7.2.0")
	f.Add(conf("subject=https://\nsubject=/\nauthgroup=g h\nuserlist=u\nname=x"), `{"exp":"x"}`, "7.0.0")
	f.Fuzz(func(t *testing.T, conf, claims, release string) {
		if release != "6.17.0" && release != "7.0.0" {
			release = "7.2.0"
		}
		s := load(t, release, conf)
		person := admission.Person{Subject: "/CN=a"}
		if c, err := access.ParseClaims([]byte(claims)); err == nil {
			person.Claims = c
		}
		checkWriters(t, s, admission.Ask(s, person, access.JobCreate))
	})
}
