package probe

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/release"
)

// told is what a test compares of a Result: code, effect and releases of each
// problem, and the verdicts.
type told struct {
	Problems []string
	Verdicts string // of 6.17.0, 7.0.0 and 7.2.0
}

func tell(r Result) told {
	all := release.Default().Versions()
	short := strings.NewReplacer(strings.Join(all, ","), "all", strings.Join(all[1:], ","), "7.x")
	var out told
	for _, p := range r.Problems {
		out.Problems = append(out.Problems, fmt.Sprintf("%s: %s (%s)", p.Code, p.Effect, short.Replace(strings.Join(p.Releases, ","))))
	}
	var verdicts []string
	for _, o := range r.ARC[:3] {
		verdicts = append(verdicts, string(o.Verdict))
	}
	out.Verdicts = strings.Join(verdicts, " ")
	return out
}

const (
	allUsable  = "usable usable usable"
	allPartial = "partial partial partial"
	allRefused = "refused refused refused"
	allUnknown = "unknown unknown unknown"
)

func TestFaults(t *testing.T) {
	tests := []struct {
		name   string
		change func(t *testing.T, f *fixture)
		want   told
	}{
		{"none", func(*testing.T, *fixture) {}, told{nil, allUsable}},
		{"unreachable", func(_ *testing.T, f *fixture) { f.down = true }, told{[]string{"unreachable: unknown (all)"}, allUnknown}},
		{"issuer by http", func(_ *testing.T, f *fixture) { f.issuer = "http://" + host }, told{[]string{"issuer-not-https: refused (all)"}, allRefused}},
		{"issuer without scheme", func(_ *testing.T, f *fixture) { f.issuer = host + "/dune" },
			told{[]string{"issuer-without-scheme: refused (6.17.0)", "issuer-mismatch: unnoticed (all)"}, "refused usable usable"}},
		{"issuer with a slash", func(_ *testing.T, f *fixture) { f.issuer += "/" }, told{[]string{"issuer-mismatch: unnoticed (all)"}, allUsable}},

		{"metadata redirect", func(_ *testing.T, f *fixture) { f.redirect("/dune/.well-known/openid-configuration", "") },
			told{[]string{"redirect: refused (all)"}, allRefused}},
		{"metadata redirect with the JSON as body", func(_ *testing.T, f *fixture) {
			place := "/dune/.well-known/openid-configuration"
			f.redirect(place, f.places[place].body)
		}, told{[]string{"redirect-with-body: unnoticed (all)"}, allUsable}},
		{"keys redirect", func(_ *testing.T, f *fixture) { f.redirect("/dune/jwks", "") }, told{[]string{"redirect: refused (all)"}, allRefused}},
		{"metadata with status 404", func(_ *testing.T, f *fixture) {
			place := "/dune/.well-known/openid-configuration"
			f.places[place] = answer{status: 404, body: f.places[place].body}
		}, told{[]string{"http-status: unnoticed (all)"}, allUsable}},
		{"no metadata", func(_ *testing.T, f *fixture) { delete(f.places, "/dune/.well-known/openid-configuration") },
			told{[]string{"not-json: refused (all)"}, allRefused}},
		{"RFC 8414 only", func(_ *testing.T, f *fixture) {
			f.move("/dune/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/dune")
		}, told{[]string{"not-json: refused (all)", "rfc8414-only: refused (all)"}, allRefused}},
		{"RFC 8414 only, appended", func(_ *testing.T, f *fixture) {
			f.move("/dune/.well-known/openid-configuration", "/dune/.well-known/oauth-authorization-server")
		}, told{[]string{"not-json: refused (all)", "rfc8414-only: refused (all)"}, allRefused}},
		{"metadata with a byte order mark", func(_ *testing.T, f *fixture) {
			f.setMetadata(bom + f.places["/dune/.well-known/openid-configuration"].body)
		}, told{[]string{"byte-order-mark: refused (6.17.0)"}, "refused usable usable"}},
		{"metadata are an array", func(_ *testing.T, f *fixture) { f.setMetadata("[]") }, told{[]string{"not-json: refused (all)"}, allRefused}},
		{"metadata too large", func(_ *testing.T, f *fixture) { f.setMetadata("{" + strings.Repeat(" ", maxBody)) },
			told{[]string{"unreachable: unknown (all)"}, allUnknown}},
		{"text after the metadata", func(_ *testing.T, f *fixture) {
			f.setMetadata(f.places["/dune/.well-known/openid-configuration"].body + "\n<!-- -->")
		}, told{nil, allUsable}},
		{"error member", func(_ *testing.T, f *fixture) {
			f.setMetadata(`{"error":"x","jwks_uri":"https://` + host + `/dune/jwks"}`)
		}, told{[]string{"error-member: refused (7.x)"}, "usable refused refused"}},
		{"error member that is no string", func(_ *testing.T, f *fixture) {
			f.setMetadata(`{"error":null,"jwks_uri":"https://` + host + `/dune/jwks"}`)
		}, told{nil, allUsable}},
		{"issuer is another", func(_ *testing.T, f *fixture) {
			f.setMetadata(`{"issuer":"https://other.example.org","jwks_uri":"https://` + host + `/dune/jwks"}`)
		}, told{[]string{"issuer-mismatch: unnoticed (all)"}, allUsable}},
		{"no jwks_uri", func(_ *testing.T, f *fixture) { f.setMetadata(`{}`) }, told{[]string{"jwks-uri-missing: refused (all)"}, allRefused}},
		{"jwks_uri is a number", func(_ *testing.T, f *fixture) { f.setMetadata(`{"jwks_uri":1}`) }, told{[]string{"jwks-uri-missing: refused (all)"}, allRefused}},
		{"jwks_uri by http", func(_ *testing.T, f *fixture) { f.setMetadata(`{"jwks_uri":"http://` + host + `/dune/jwks"}`) },
			told{[]string{"jwks-uri-not-https: refused (all)"}, allRefused}},
		{"jwks_uri relative", func(_ *testing.T, f *fixture) { f.setMetadata(`{"jwks_uri":"/dune/jwks"}`) },
			told{[]string{"jwks-uri-relative: refused (all)"}, allRefused}},
		{"jwks_uri with a user", func(_ *testing.T, f *fixture) { f.setMetadata(`{"jwks_uri":"https://u:p@` + host + `/dune/jwks"}`) },
			told{[]string{"jwks-uri-unreadable: refused (all)"}, allRefused}},
		{"jwks_uri on another host", func(_ *testing.T, f *fixture) { f.setMetadata(`{"jwks_uri":"https://` + otherHost + `/dune/jwks"}`) },
			told{[]string{"jwks-on-another-host: needs (all)"}, allUsable}},
		{"JWKS_URI", func(_ *testing.T, f *fixture) { f.setMetadata(`{"JWKS_URI":"https://` + host + `/dune/jwks"}`) }, told{nil, allUsable}},

		{"keys with a byte order mark", func(_ *testing.T, f *fixture) {
			f.places["/dune/jwks"] = answer{status: 200, body: bom + f.places["/dune/jwks"].body}
		}, told{[]string{"byte-order-mark: refused (6.17.0)"}, "refused usable usable"}},
		{"no array of keys", func(_ *testing.T, f *fixture) { f.places["/dune/jwks"] = answer{status: 200, body: `{"keys":{}}`} },
			told{[]string{"no-keys: refused (all)"}, allRefused}},
		{"empty array of keys", func(_ *testing.T, f *fixture) { f.setKeys() }, told{[]string{"no-usable-key: refused (all)"}, allRefused}},
		{"EC beside RSA", func(t *testing.T, f *fixture) { f.setKeys(rsaKey(t, "r", 2048), ecKey("e", "P-256")) },
			told{[]string{"ec-key: partial (6.17.0)"}, "partial usable usable"}},
		{"EC only", func(_ *testing.T, f *fixture) { f.setKeys(ecKey("e", "P-256")) },
			told{[]string{"ec-key: partial (6.17.0)", "no-rsa-key: refused (6.17.0)"}, "refused usable usable"}},
		{"EC P-384 only", func(_ *testing.T, f *fixture) { f.setKeys(ecKey("e", "P-384")) },
			told{[]string{"ec-curve: partial (all)", "no-usable-key: refused (all)"}, allRefused}},
		{"RSA-1024", func(t *testing.T, f *fixture) { f.setKeys(rsaKey(t, "k", 1024)) }, told{[]string{"weak-token-key: unnoticed (all)"}, allUsable}},
		{"PS256", func(t *testing.T, f *fixture) { f.setKeys(with(rsaKey(t, "k", 2048), "alg", "PS256")) },
			told{[]string{"ps-algorithm: partial (all)"}, allPartial}},
		{"OKP beside RSA", func(t *testing.T, f *fixture) {
			f.setKeys(map[string]string{"kty": "OKP", "kid": "o", "crv": "Ed25519", "x": "AQ"}, rsaKey(t, "k", 2048))
		}, told{[]string{"unsupported-key: partial (all)"}, allPartial}},
		{"key without kid", func(t *testing.T, f *fixture) { f.setKeys(without(rsaKey(t, "", 2048), "kid"), rsaKey(t, "k", 2048)) },
			told{[]string{"key-without-kid: partial (all)"}, allPartial}},
		{"only a key without kid", func(t *testing.T, f *fixture) { f.setKeys(without(rsaKey(t, "", 2048), "kid")) },
			told{[]string{"key-without-kid: partial (all)", "no-usable-key: refused (all)"}, allRefused}},
		{"duplicate kid", func(t *testing.T, f *fixture) { f.setKeys(rsaKey(t, "k", 2048), rsaKey(t, "k", 3072)) },
			told{[]string{"duplicate-kid: partial (all)"}, allPartial}},
		{"duplicate kid, first is EC", func(t *testing.T, f *fixture) { f.setKeys(ecKey("k", "P-256"), rsaKey(t, "k", 2048)) },
			told{[]string{"ec-key: partial (6.17.0)", "duplicate-kid: partial (7.x)"}, allPartial}},
		{"private key published", func(t *testing.T, f *fixture) { f.setKeys(with(rsaKey(t, "k", 2048), "d", "c2VjcmV0")) },
			told{[]string{"private-key: unnoticed (all)"}, allUsable}},

		{"host name mismatch", func(t *testing.T, f *fixture) {
			f.chain[0] = issue(t, f.chain[1], leaf(func(c *x509.Certificate) { c.DNSNames = []string{"else.example.org"} }))
		}, told{[]string{"host-name-mismatch: unnoticed (all)"}, allUsable}},
		{"leaf only", func(_ *testing.T, f *fixture) { f.chain = f.chain[:1] }, told{[]string{"chain-incomplete: needs (all)"}, allUsable}},
		{"unknown root", func(t *testing.T, f *fixture) { f.trusted = issue(t, nil, ca("Another root")) },
			told{[]string{"unknown-root: needs (all)"}, allUsable}},
		{"unknown root, served", func(t *testing.T, f *fixture) {
			f.trusted, f.chain = issue(t, nil, ca("Another root")), append(f.chain, f.root)
		}, told{[]string{"unknown-root: needs (all)"}, allUsable}},
		{"order of the chain and an extra certificate", func(t *testing.T, f *fixture) {
			f.chain = []*authority{f.chain[0], f.root, issue(t, nil, ca("Extra")), f.chain[1]}
		}, told{nil, allUsable}},
		{"self-signed", func(t *testing.T, f *fixture) { f.chain = []*authority{issue(t, nil, leaf(nil))} },
			told{[]string{"self-signed: needs (all)"}, allUsable}},
		{"expired leaf", func(t *testing.T, f *fixture) {
			f.chain[0] = issue(t, f.chain[1], leaf(func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, 0, -1) }))
		}, told{[]string{"expired: refused (all)", "unknown-root: needs (all)"}, allRefused}},
		{"expired intermediate", func(t *testing.T, f *fixture) {
			f.newMiddle(t, func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, 0, -1) })
		},
			told{[]string{"expired: refused (all)", "unknown-root: needs (all)"}, allRefused}},
		{"leaf not yet valid", func(t *testing.T, f *fixture) {
			f.chain[0] = issue(t, f.chain[1], leaf(func(c *x509.Certificate) { c.NotBefore = now.AddDate(0, 0, 1) }))
		}, told{[]string{"not-yet-valid: refused (all)", "unknown-root: needs (all)"}, allRefused}},
		{"RSA-1024 leaf", func(t *testing.T, f *fixture) {
			f.chain[0] = issueFor(t, f.chain[1], rsaSigner(t, 1024), leaf(nil))
		}, told{[]string{"weak-key: refused (all)"}, allRefused}},
		{"SHA-1 leaf", func(t *testing.T, f *fixture) {
			f.chain[0] = issue(t, f.chain[1], leaf(func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }))
		}, told{[]string{"weak-signature: refused (all)", "unknown-root: needs (all)"}, allRefused}},
		{"clientAuth only", func(t *testing.T, f *fixture) {
			f.chain[0] = issue(t, f.chain[1], leaf(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }))
		}, told{[]string{"purpose: refused (all)", "unknown-root: needs (all)"}, allRefused}},
		{"intermediate is no CA", func(t *testing.T, f *fixture) {
			f.newMiddle(t, func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, 0 })
		},
			told{[]string{"not-a-ca: refused (all)", "unknown-root: needs (all)"}, allRefused}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			tt.change(t, f)
			r := f.probe(t)
			if diff := cmp.Diff(tt.want, tell(r)); diff != "" {
				t.Errorf("(-want +got):\n%s\nproblems: %+v", diff, r.Problems)
			}
			checkResult(t, r)
		})
	}
}

// checkResult holds what is true of every Result.
func checkResult(t *testing.T, r Result) {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"c2VjcmV0", `:null,"problems"`, `"keys":null`, `"servers":null`, `"arc":null`} {
		if strings.Contains(string(data), bad) {
			t.Errorf("result holds %q:\n%s", bad, data)
		}
	}
	if len(r.ARC) != len(allReleases()) {
		t.Errorf("%d outcomes, want one for each release", len(r.ARC))
	}
	for _, p := range r.Problems {
		if p.Message == "" || p.Message[0] == ' ' || strings.HasSuffix(p.Message, ".") || len(p.Releases) == 0 || (p.Source == "" && p.Effect != Unknown) {
			t.Errorf("problem without message, releases or source: %+v", p)
		}
	}
}

func (f *fixture) redirect(place, body string) {
	f.places[place] = answer{status: 302, headers: map[string]string{"Location": "https://else.example.org/"}, body: body}
}

func (f *fixture) move(from, to string) {
	f.places[to] = f.places[from]
	delete(f.places, from)
}

// newMiddle replaces the intermediate, and the leaf with it.
func (f *fixture) newMiddle(t *testing.T, change func(*x509.Certificate)) {
	middle := issue(t, f.root, func(c *x509.Certificate) { ca("Intermediate")(c); change(c) })
	f.chain = []*authority{issue(t, middle, leaf(nil)), middle}
}

func with(key map[string]string, name, value string) map[string]string {
	key[name] = value
	return key
}

func without(key map[string]string, name string) map[string]string {
	delete(key, name)
	return key
}

// TestCrossCertificate: an expired certificate for the key of a root that
// sites have does no harm (arc-behaviour D6).
func TestCrossCertificate(t *testing.T) {
	block, _ := pem.Decode([]byte(read(t, filepath.Join("testdata", "Amazon_Root_CA_3.pem"))))
	root, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	p := &prober{options: Options{Now: root.NotAfter.AddDate(0, 0, 1)}}
	good := issue(t, nil, leaf(func(c *x509.Certificate) { c.NotAfter = root.NotAfter.AddDate(1, 0, 0) }))
	p.judgePath(Server{Host: host}, []*x509.Certificate{good.cert, root})
	p.result.conclude()
	if diff := cmp.Diff(told{[]string{"expired: needs (all)"}, allUsable}, tell(p.result)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestResult(t *testing.T) {
	f := newFixture(t)
	f.setMetadata(`{"jwks_uri":"https://` + otherHost + `:8443/dune/jwks"}`)
	r := f.probe(t)
	if len(r.Servers) != 2 {
		t.Fatalf("%d servers, want the issuer's and that of jwks_uri", len(r.Servers))
	}
	s := r.Servers[0]
	if !s.SystemRoots.Accepted || !s.NameMatches || len(s.Chain) != 2 || s.Anchor.Subject != "/O=Example/CN=Root" || s.Anchor.Served {
		t.Errorf("server: %+v", s)
	}
	if s := r.Servers[1]; s.Host != otherHost || s.Port != "8443" {
		t.Errorf("second server: %+v", s)
	}
	if got, want := s.Chain[0].Subject, "/O=Example/CN=issuer.example.org"; got != want {
		t.Errorf("leaf is %q, want %q", got, want)
	}
	if len(r.Keys) != 1 || r.Keys[0].Bits != 2048 || r.Keys[0].Kid != "k1" {
		t.Errorf("keys: %+v", r.Keys)
	}
	if r.Metadata.Status != 200 || r.JWKS.Bytes == 0 {
		t.Errorf("documents: %+v, %+v", r.Metadata, r.JWKS)
	}
}

func TestWellKnown(t *testing.T) {
	tests := map[string]string{
		"https://issuer.example.org":          "https://issuer.example.org/.well-known/openid-configuration",
		"https://issuer.example.org/":         "https://issuer.example.org/.well-known/openid-configuration",
		"https://issuer.example.org/dune":     "https://issuer.example.org/dune/.well-known/openid-configuration",
		"https://issuer.example.org/dune/":    "https://issuer.example.org/dune/.well-known/openid-configuration",
		"https://issuer.example.org/dune?x=1": "https://issuer.example.org/dune/.well-known/openid-configuration?x=1",
		"issuer.example.org":                  "https://issuer.example.org/.well-known/openid-configuration",
	}
	for issuer, want := range tests {
		if got := wellKnown(issuer, "openid-configuration"); got != want {
			t.Errorf("wellKnown(%q) = %q, want %q", issuer, got, want)
		}
	}
}

// FuzzDocuments: no body of metadata or keys makes the reading panic.
func FuzzDocuments(f *testing.F) {
	f.Add([]byte(`{"keys":[{"kty":"RSA","kid":"k","n":"AQAB","e":"AQAB"}]}`))
	f.Add([]byte(`{"keys":[{},null,1,{"kty":"EC","crv":"P-256","x":"","y":""}]}`))
	f.Add([]byte(bom + `{"issuer":1,"jwks_uri":"%zz"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p := &prober{result: Result{Issuer: issuerURL}}
		members, ok := p.object(Document{Status: 200}, body, "metadata")
		if !ok {
			return
		}
		p.jwksURI(members)
		var list []json.RawMessage
		if json.Unmarshal(members.find("keys"), &list) == nil {
			for _, raw := range list {
				p.key(raw)
			}
			p.judgeKids()
			p.judgeUsable("")
		}
	})
}
