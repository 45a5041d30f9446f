package gridsec

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"arclint/internal/rootfs"
)

// confs are configurations that set one cipher for every program, in the ways that
// config(5) knows, or do not.
var confs = map[string]struct{ text, want string }{
	"plain":         {head + "[d]\nCipherString = AES256-SHA256\n", "AES256-SHA256"},
	"comment":       {head + "[d]\nCipherString = AES256-SHA256 # not AES128-SHA256\n", "AES256-SHA256"},
	"quotes":        {head + "[d]\nCipherString = \"AES256-SHA256\"\n", "AES256-SHA256"},
	"continued":     {head + "[d]\nCipherString = AES256\\\n-SHA256\n", "AES256-SHA256"},
	"twice":         {head + "[d]\nCipherString = AES128-SHA256\nCipherString = AES256-SHA256\n", "AES256-SHA256"},
	"two sections":  {head + "[d]\nCipherString = AES128-SHA256\n[x]\n[ d ]\nCipherString = AES256-SHA256\n", "AES256-SHA256"},
	"other section": {head + "[x]\nd::CipherString = AES256-SHA256\n", "AES256-SHA256"},
	"variable":      {"c = AES256\n" + head + "[d]\nCipherString = $c-SHA256\n", "AES256-SHA256"},
	"braces":        {head + "[v]\nc = AES256-SHA256\n[d]\nCipherString = ${v::c}\n", "AES256-SHA256"},
	"included":      {head + ".include DIR/more.cnf\n", "AES256-SHA256"},
	"assigned":      {head + "[d]\n.include = DIR/lines.cnf\n", "AES256-SHA256"},
	"directory":     {head + ".include DIR/more.d\n", "AES256-SHA256"},
	"unnamed":       {"openssl_conf = i\n[i]\nssl_conf = s\n[s]\n[d]\nCipherString = AES256-SHA256\n", ""},
	"no start":      {"[i]\nssl_conf = s\n[s]\nsystem_default = d\n[d]\nCipherString = AES256-SHA256\n", ""},
}

const head = "openssl_conf = i\n[i]\nssl_conf = s\n[s]\nsystem_default = d\n"

// TestOpenSSLConf holds the reader against openssl itself, which lists the ciphers
// that its configuration leaves.
func TestOpenSSLConf(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"more.cnf": "[d]\nCipherString = AES256-SHA256\n", "lines.cnf": "CipherString = AES256-SHA256\n",
		"more.d/a.cnf": "[d]\nCipherString = AES256-SHA256\n", "more.d/b.txt": "[d]\nCipherString = AES128-SHA256\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := rootfs.Dir("/")
	if err != nil {
		t.Fatal(err)
	}
	tool, missing := exec.LookPath("openssl")
	for name, tt := range confs {
		file := filepath.Join(dir, "openssl.cnf")
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(tt.text, "DIR", dir)), 0o644); err != nil {
			t.Fatal(err)
		}
		c := NewReader(tree).OpenSSLConf(file)
		if got := c.Options["cipherstring"].Text; got != tt.want || c.Err != nil || c.Unread != "" {
			t.Errorf("%s: %q (error %v, unread %q), want %q", name, got, c.Err, c.Unread, tt.want)
		}
		if missing != nil {
			continue
		}
		cmd := exec.Command(tool, "ciphers", "-s", "-tls1_2")
		cmd.Env = append(os.Environ(), "OPENSSL_CONF="+file)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := strings.TrimSpace(string(out)); (got == "AES256-SHA256") != (tt.want != "") {
			t.Errorf("%s: openssl leaves the ciphers %q, want it to read %q", name, got, tt.want)
		}
	}
}

// TestOpenSSLConfBounds: what is included in a circle, is not there, or leads out of
// the root, ends.
func TestOpenSSLConfBounds(t *testing.T) {
	m := rootfs.NewMem()
	must(t,
		m.WriteFile("/a.cnf", []byte(".include /a.cnf\n.include /b.cnf\n"+head+"[d]\nCipherString = DEFAULT@SECLEVEL=3\n"), 0o644),
		m.WriteFile("/b.cnf", []byte(".include /a.cnf\n"), 0o644),
		m.WriteFile("/c.cnf", []byte(".include ../../gone.cnf\n"+head+"[d]\nCipherString = ${ENV::HOME}$(x)$\n"), 0o644),
	)
	c := NewReader(m).OpenSSLConf("/a.cnf")
	if level, at, ok := c.Level(); level != 3 || !ok || at.Text() != "CipherString = DEFAULT@SECLEVEL=3" || len(c.Files) > maxConfFiles {
		t.Errorf("%d, %v, %d files", level, ok, len(c.Files))
	}
	if c := NewReader(m).OpenSSLConf("/c.cnf"); c.Unread != "/gone.cnf" || c.Options["cipherstring"].Text != "" {
		t.Errorf("%+v", c)
	}
	if c := NewReader(m).OpenSSLConf("/none.cnf"); c.Err == nil {
		t.Error("a file that is not there has no error")
	}
	var none *OpenSSLConf
	if _, _, ok := none.Level(); ok {
		t.Error("no configuration sets a level")
	}
}

// FuzzOpenSSLConf: any text ends, and what is read stands in it.
func FuzzOpenSSLConf(f *testing.F) {
	for _, tt := range confs {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := rootfs.NewMem()
		must(t, m.WriteFile("/openssl.cnf", []byte(text), 0o644))
		c := NewReader(m).OpenSSLConf("/openssl.cnf")
		if len(c.Files) > maxConfFiles {
			t.Errorf("%d files", len(c.Files))
		}
		for name, line := range c.Options {
			if !line.Span.IsZero() && line.Span.Text() == "" {
				t.Errorf("%s stands nowhere", name)
			}
		}
	})
}
