package recipes_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arclint/fixtures/pki"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

const issuerURL = "https://token.example.org/vo"

// world is the PKI of the tests: a grid CA, and an issuer under a public one.
type world struct {
	grid, host           *pki.Entity
	public, inter, token *pki.Entity
}

func newWorld() world {
	var w world
	isCA, later := true, time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	w.grid = pki.New(pki.Spec{Subject: "/DC=org/DC=example/CN=Example Grid CA", Key: "rsa1", NotAfter: later})
	w.host = pki.New(pki.Spec{Subject: "/DC=org/DC=example/CN=ce.example.org", Issuer: w.grid, NotAfter: later, DNSNames: []string{"ce.example.org"}})
	w.public = pki.New(pki.Spec{Subject: "/C=XX/O=Example Trust Services/CN=Example Public Root 1", Key: "rsa2"})
	w.inter = pki.New(pki.Spec{Subject: "/C=XX/O=Example Trust Services/CN=Example TLS CA", Key: "rsa3", Issuer: w.public, IsCA: &isCA})
	w.token = pki.New(pki.Spec{Subject: "/CN=token.example.org", Key: "rsa1", Issuer: w.inter, DNSNames: []string{"token.example.org"}})
	return w
}

const arcConf = `# A small CE.
[common]
hostname = ce.example.org

[authgroup: vo]
authtokens = * https://token.example.org/vo * compute.create *

[mapping]
map_to_user = vo nobody

[lrms]
lrms = fork

[arex]
[arex/ws]
wsurl = https://ce.example.org:443/arex
[arex/ws/jobs]
allowaccess = vo
[queue:fork]
`

// tree is the files of a test site: a text, or "-> TARGET" for a link.
type tree map[string]string

func (w world) tree() tree {
	grid := "/etc/grid-security/certificates/"
	return tree{
		"/etc/arc.conf":                                arcConf,
		"/etc/arc.conf.d/.keep":                        "",
		"/etc/os-release":                              "ID=debian\n",
		"/etc/passwd":                                  "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n",
		"/etc/group":                                   "root:x:0:\nnogroup:x:65534:\n",
		"/etc/systemd/system/.keep":                    "",
		"/etc/grid-security/hostcert.pem":              string(w.host.PEM()),
		"/etc/grid-security/hostkey.pem":               string(w.host.KeyPEM()),
		grid + "ExampleGridCA.pem":                     string(w.grid.PEM()),
		grid + "ExampleGridCA.info":                    "alias = ExampleGridCA\n",
		grid + w.grid.Hash() + ".0":                    "-> ExampleGridCA.pem",
		grid + w.grid.Hash() + ".r0":                   string(pki.NewCRL(w.grid, pki.CRLSpec{NextUpdate: time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)}).PEM()),
		grid + w.grid.Hash() + ".signing_policy":       "access_id_CA X509 '" + w.grid.DN() + "'\npos_rights globus CA:sign\ncond_subjects globus '\"/DC=org/DC=example/*\"'\n",
		"/usr/local/sbin/.keep":                        "",
		"/usr/lib/ssl/certs/" + w.public.Hash() + ".0": string(w.public.PEM()),
		"/var/spool/arc/jobstatus/.keep":               "",
	}
}

// with gives a copy in which some files are others; "" removes one.
func (t tree) with(changes tree) tree {
	all := tree{}
	for name, text := range t {
		all[name] = text
	}
	for name, text := range changes {
		if text == "" {
			delete(all, name)
		} else {
			all[name] = text
		}
	}
	return all
}

// write puts the files into a new directory.
func (t tree) write(tb testing.TB) string {
	tb.Helper()
	root := tb.TempDir()
	for name, text := range t {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			tb.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(target, file)
		} else {
			err = os.WriteFile(file, []byte(text), 0o644)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(root, "/etc/grid-security/hostkey.pem"), 0o400); err != nil {
		tb.Fatal(err)
	}
	return root
}

// mem gives the files as a tree in memory.
func (t tree) mem(tb testing.TB) *rootfs.Mem {
	tb.Helper()
	m := rootfs.NewMem()
	for name, text := range t {
		var err error
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			err = m.Symlink(target, name)
		} else {
			err = m.WriteFile(name, []byte(text), 0o644)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	return m
}

// load reads the files as a site of the release, with the chain of the issuer
// as evidence.
func (w world) load(tb testing.TB, fsys rootfs.FS, release string) *site.Site {
	tb.Helper()
	return w.loadFor(tb, fsys, release, "")
}

// loadFor is load for an upgrade to the target.
func (w world) loadFor(tb testing.TB, fsys rootfs.FS, release, target string) *site.Site {
	tb.Helper()
	evidence := rootfs.NewMem()
	if err := evidence.WriteFile("/token.example.org.pem", pki.Chain(w.token, w.inter), 0o644); err != nil {
		tb.Fatal(err)
	}
	s, err := site.Load(fsys, site.Options{ARCVersion: release, Target: target, Now: pki.Now, Evidence: evidence})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
