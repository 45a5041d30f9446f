package arcconf

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the generator makes configurations of: what administrators write, what
// they mistype, and characters on which two readers could disagree.
var (
	blanks   = []string{" ", "\t", "  ", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\u0085", "\u00a0", "\u1680", "\u2007", "\u2028", "\u2029", "\u202f", "\u3000"}
	nonBlank = []string{"\u180e", "\u200b", "\ufeff", "\x00", "\x01", "\x1a", "\x1b", "\x7f", "é", "日", "\U0001f600"}
	lineEnds = []string{"\n", "\n", "\n", "\n", "\n", "\n", "\r\n", "\r\n", "\r", "\n\r", "\r\r\n", "\n\n"}
	headers  = []string{
		"common", "common", "mapping", "lrms", "arex", "arex", "arex/ws", "arex/ws/jobs", "arex/data-staging", "infosys/ldap", "infosys/cluster",
		"queue:a", "queue: a", "queue:b", "authgroup:a", "authgroup: a", "authgroup :a", " authgroup:a ", "authgroup:a b", "authgroup:a:b", "AuthGroup:a",
		"authgroup:", ":a", "", " ", "authgroup: ", "Common", " common ", "custom:x", "unknown", "x#y", "a=b", "a\u00a0:\u2003b",
	}
	names = []string{
		"hostname", "loglevel", "loglevel", "x509_cert_dir", "x509_host_key", "subject", "-subject", "!authtokens", "map_to_user", "allowaccess",
		"controldir", "timelimit", "benchmark", "forcedefaultvoms", "advertisedvo", "user", "a", "b", "#a", ";a", "a#", "a:b", "a.b", "\"a\"", "a'b", "+", "#",
	}
	values = []string{
		"", "a", "b c", "yes", "/etc/grid-security/certificates", "ce.example.org", "DEBUG", "Info", "FATAL", "3", "6400", "a # c", "#c", "; c", "\"a b\"", "'a'", "\"a\" b \"c\"",
		"[a]", "a=b", "=", "HEPSPEC:1.0", "HEPSPEC 1.0 x", "* https://issuer.example.org/ * * *", "C:\\", "a\\", "%(b)s", "${a}", "$a",
		"$VAR{a}", "$VAR{b}/x", "$VAR{[common]hostname}", "$VAR{[arex]controldir}/y", "$VAR{[queue:a]a}$VAR{a}", "$VAR{a}$VAR{a}", "$VAR{none}", "$VAR{[none]a}", "$VAR{}", "$VAR{[a]}",
		"$EVAL{1+1}", "$EVAL{2*(3-5)}x", "$EVAL{$VAR{timelimit} + 1}", "$EVAL{}", "$EVAL{1", "$EVAL{1 1}", "$EVAL{nothing}", "$EVAL{7/2}", "$EVAL{1}$EVAL{2}$EVAL{1}", "$EXEC{echo a}", "$EXEC{}",
		"undefined",
	}
)

// writer makes one configuration.
type writer struct{ *rand.Rand }

func (w writer) one(of []string) string { return of[w.IntN(len(of))] }

// maybe gives one of them once in n times.
func (w writer) maybe(n int, of []string) string {
	if w.IntN(n) > 0 {
		return ""
	}
	return w.one(of)
}

func (w writer) blank() string { return w.maybe(3, blanks) + w.maybe(6, blanks) }

func (w writer) header() string {
	open, end := "[", "]"
	switch w.IntN(25) {
	case 0:
		open = ""
	case 1:
		end = ""
	case 2:
		open += "["
	case 3:
		end += "]"
	case 4:
		end += " # comment"
	case 5:
		end += "=x"
	case 6:
		open = w.one(nonBlank) + open
	}
	return w.maybe(5, blanks) + open + w.maybe(20, blanks) + w.one(headers) + w.maybe(20, blanks) + end + w.maybe(5, blanks)
}

func (w writer) option() string {
	name := w.maybe(40, nonBlank) + w.one(names) + w.maybe(40, []string{"]", "[", " x", "\u00a0x"})
	if w.IntN(12) == 0 {
		return w.maybe(3, blanks) + name + w.blank()
	}
	value := w.one(values)
	if w.IntN(8) == 0 {
		value += w.one(nonBlank) + w.one(blanks) + w.one(values)
	}
	return w.maybe(4, blanks) + name + w.blank() + "=" + w.blank() + value + w.blank()
}

// noise is a line of pieces without any sense.
func (w writer) noise() string {
	var b strings.Builder
	for range w.IntN(6) {
		b.WriteString(w.one([]string{"[", "]", "=", ":", "#", ";", "a", "common", "\\", "\"", w.one(blanks), w.one(nonBlank), w.one(values)}))
	}
	return b.String()
}

func (w writer) line() string {
	switch n := w.IntN(20); {
	case n < 5:
		return w.header()
	case n < 15:
		return w.option()
	case n < 16:
		return "#" + w.maybe(2, blanks) + w.one(values)
	case n < 17:
		return w.one(blanks) + "# " + w.one(values)
	case n < 18:
		return w.blank()
	}
	return w.noise()
}

func (w writer) file() string {
	var b strings.Builder
	b.WriteString(w.maybe(30, []string{"\ufeff"}))
	if w.IntN(4) > 0 {
		b.WriteString("[" + w.one(headers[:16]) + "]\n")
	}
	only := w.maybe(8, []string{"\r", "\r\n"})
	for range w.IntN(14) {
		end := only
		if end == "" {
			end = w.one(lineEnds)
		}
		b.WriteString(w.line() + end)
	}
	b.WriteString(w.maybe(4, []string{"a=b", "[common]", "\r", "# c"}))
	b.WriteString(w.maybe(60, []string{"# \xe4", "\x85", "a=\xed\xa0\x80"}))
	return b.String()
}

// writeCase writes arc.conf and sometimes arc.conf.d below dir. No directory has
// two sub-directories, since ARC reads those in the order of the file system.
func writeCase(t *testing.T, dir string, r *rand.Rand) {
	t.Helper()
	w := writer{r}
	write := func(path string) {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(w.file()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("arc.conf")
	if w.IntN(2) == 0 {
		return
	}
	if w.IntN(20) == 0 {
		write("arc.conf.d/e.conf")
		gone := filepath.Join(dir, "arc.conf.d", w.one([]string{"gone.conf", "gone"}))
		if err := os.Symlink("nothing", gone); err != nil {
			t.Fatal(err)
		}
	}
	for range w.IntN(4) {
		sub := w.maybe(4, []string{"sub.conf/", "sub.conf/.sub/"})
		write(fmt.Sprintf("arc.conf.d/%s%s", sub, w.one([]string{"10-a.conf", "9-b.conf", "B.conf", ".hidden.conf", "c.conf~", "d.cfg", "dconf", "e.conf", ".conf"})))
	}
}
