package admission

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"arclint/fixtures"
	"arclint/fixtures/pki"
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/evidence"
	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
	"arclint/internal/site"

	"github.com/google/go-cmp/cmp"
)

const issuer = "https://issuer.example.org/dune"

// load makes a site of lines of site.txt.
func load(t testing.TB, lines string) *fixtures.Site {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "site.txt"), []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := fixtures.LoadSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func siteOf(t testing.TB, f *fixtures.Site) *site.Site {
	t.Helper()
	s, err := site.Load(f.Tree, site.Options{Root: "/", ARCVersion: f.ARCVersion, Origin: "site.txt", OSFamily: site.OSFamily(f.OSFamily), Now: f.Now, Evidence: f.Evidence})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// claimsFor are the claims of a good token of DUNE at the base site.
func claimsFor(s *site.Site) claimSet {
	return fresh(s).with(claimSet{"iss": issuer, "sub": "jane", "aud": "https://ce.example.org", "scope": "compute.create"})
}

func keySet(t testing.TB, kid, key string) string {
	t.Helper()
	set, err := pki.KeySet(kid, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(set)
}

// TestToken: the envelope, the keys and the signature decide, as far as they are
// known (arc-behaviour I1, I3, I4, G3, S12).
func TestToken(t *testing.T) {
	const header = `{"alg":"RS256","kid":"a"}`
	pinned := fmt.Sprintf("dir var/spool/arc/jobstatus/tokenissuers/dune\nwrite var/spool/arc/jobstatus/tokenissuers/dune/issuer %q\n"+
		"write var/spool/arc/jobstatus/tokenissuers/dune/metadata \"{}\"\nwrite var/spool/arc/jobstatus/tokenissuers/dune/keys %q\n", issuer, keySet(t, "a", "rsa1"))
	const noCA = "remove etc/grid-security/certificates/5c278efe.0\n"
	for _, tt := range []struct {
		name, release, lines, evidence string // evidence: the key set
		key, header                    string
		outcome                        string
		signature                      SignatureState
		depends                        int
	}{
		{"good, keys in the evidence", "7.2.0", "", keySet(t, "a", "rsa1"), "rsa1", header, "allow as dune:dune", Good, 0},
		{"bad, keys in the evidence", "7.2.0", "", keySet(t, "a", "rsa1"), "rsa2", header, "deny", Bad, 0},
		{"no such key in the evidence", "7.2.0", "", keySet(t, "b", "rsa1"), "rsa1", header, "allow as dune:dune", NotChecked, 1},
		{"no keys", "7.2.0", "", "", "rsa1", header, "allow as dune:dune", NotChecked, 1},
		{"keys that are none", "7.2.0", "", "{}", "rsa1", header, "allow as dune:dune", NotChecked, 1},
		{"pinned", "7.2.0", pinned + noCA, "", "rsa1", header, "allow as dune:dune", Good, 0},
		{"pinned, bad", "7.2.0", pinned, keySet(t, "a", "rsa2"), "rsa2", header, "deny", Bad, 0},
		{"pinned, another key, no CA", "7.2.0", pinned + noCA, "", "rsa1", `{"alg":"RS256","kid":"b"}`, "deny", NotChecked, 0},
		{"pinned, another key", "7.2.0", pinned, keySet(t, "b", "rsa2"), "rsa2", `{"alg":"RS256","kid":"b"}`, "allow as dune:dune", Good, 0},
		{"6.17 reads no pinned keys", "6.17.0", pinned + noCA, "", "rsa1", header, "deny", NotChecked, 0},
		{"no CA", "7.2.0", noCA, keySet(t, "a", "rsa1"), "rsa1", header, "deny", NotChecked, 0},
		{"no kid", "7.2.0", "", keySet(t, "a", "rsa1"), "rsa1", `{"alg":"RS256"}`, "deny", NotChecked, 0},
		{"a key in the header", "7.2.0", "", keySet(t, "a", "rsa1"), "rsa1", `{"alg":"RS256","kid":"a","jwk":{}}`, "deny", NotChecked, 0},
		{"none", "7.2.0", "", keySet(t, "a", "rsa1"), "rsa1", `{"alg":"none","kid":"a"}`, "deny", NotChecked, 0},
		{"PS256", "7.2.0", "", keySet(t, "a", "rsa1"), "rsa1", `{"alg":"PS256","kid":"a"}`, "deny", NotChecked, 0},
		{"ES256", "7.2.0", "", keySet(t, "a", "p256-1"), "p256-1", `{"alg":"ES256","kid":"a"}`, "allow as dune:dune", Good, 0},
		{"ES256 on 6.17", "6.17.0", "", keySet(t, "a", "p256-1"), "p256-1", `{"alg":"ES256","kid":"a"}`, "deny", NotChecked, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := load(t, "base "+tt.release+"\n"+tt.lines)
			s := siteOf(t, f)
			if tt.evidence != "" {
				s.KeySets = evidence.KeySets{{Host: "issuer.example.org", Port: "443", Path: "/issuer.example.org.jwks.json", Data: []byte(tt.evidence)}}
			}
			text, err := pki.Token(tt.key, tt.header, claimsFor(s).JSON())
			if err != nil {
				t.Fatal(err)
			}
			person, err := ReadToken(text)
			if err != nil {
				t.Fatal(err)
			}
			a := Ask(s, person, access.JobCreate)
			if a.Outcome() != tt.outcome || a.Signature.State != tt.signature || len(a.Depends) != tt.depends {
				t.Errorf("%s, signature %s, depends on %d; want %s, %s, %d: %s\n%+v", a.Outcome(), a.Signature.State, len(a.Depends), tt.outcome, tt.signature, tt.depends, a.Reason, a.Trace)
			}
			if all, _ := json.Marshal(a.Trace); strings.Contains(string(all), text[:20]) || strings.Contains(string(all), text[len(text)-20:]) {
				t.Error("the trace holds a part of the token")
			}
		})
	}
}

// TestCertificate: the chain is judged, and its end entity is who counts
// (arc-behaviour F2, F4).
func TestCertificate(t *testing.T) {
	f := load(t, `base 7.2.0
cert user subject="/DC=org/DC=example/CN=Some User" issuer=grid eku=clientAuth key=rsa5
proxy one issuer=user key=rsa6
proxy two issuer=one key=rsa7
cert stranger subject="/DC=org/DC=example/CN=Some User" issuer=public eku=clientAuth
replace etc/arc.conf "[authgroup:vo]" "[authgroup:vo]\nsubject=/DC=org/DC=example/CN=Some User"
dir chains
file chains/user.pem = user
file chains/proxy.pem = two one user
file chains/stranger.pem = stranger
`)
	s := siteOf(t, f)
	for name, want := range map[string]string{"user": "allow as griduser:griduser", "proxy": "allow as griduser:griduser", "stranger": "deny"} {
		chain, err := gridsec.ReadChain(f.Tree, "/chains/"+name+".pem")
		if err != nil {
			t.Fatal(err)
		}
		a := Ask(s, Person{Chain: chain}, access.JobInfo)
		if a.Outcome() != want {
			t.Errorf("%s: %s, want %s: %s", name, a.Outcome(), want, a.Reason)
		}
		with := claimsFor(s).person()
		with.Chain = chain
		if a := Ask(s, with, access.JobCreate); name == "stranger" && a.Allowed {
			t.Error("an untrusted certificate with a good token: allowed, want the connection refused (F4)")
		}
	}
}

// TestProofs: every door that is open is open for the client of its proof, and
// every request that is let in gets in again.
func TestProofs(t *testing.T) {
	dirs, err := fs.Glob(os.DirFS("../../fixtures/sites"), "*/root/etc/arc.conf")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no sites: %v", err)
	}
	for _, release := range []string{"6.17.0", "7.0.0", "7.2.0"} {
		for _, name := range dirs {
			conf, err := os.ReadFile(filepath.Join("../../fixtures/sites", name))
			if err != nil {
				t.Fatal(err)
			}
			s := withConf(t, release, string(conf))
			p := access.Model(s)
			for _, d := range Doors(s).Doors {
				if d.Submit.State == Yes && !p.Evaluate(identityOf(t, d.Proof), access.JobCreate).Allowed {
					t.Errorf("%s %s: the proof of %q does not get in", release, name, d.Who)
				}
			}
			for _, r := range Static(s, Made{}).Results {
				for _, trial := range r.LetIn {
					if !p.Evaluate(identityOf(t, trial.Proof), access.JobCreate).Allowed || len(trial.Decision.Because) == 0 {
						t.Errorf("%s %s: the proof of %s does not get in, or nothing is to blame", release, name, r.ID)
					}
				}
			}
		}
	}
}

func identityOf(t *testing.T, p Proof) access.Identity {
	t.Helper()
	id := access.Identity{Subject: p.Subject, FQANs: p.FQANs}
	if p.Claims != "" {
		claims, err := access.ParseClaims([]byte(p.Claims))
		if err != nil {
			t.Fatal(err)
		}
		id.Claims = claims
	}
	return id
}

// conf gives a site of 7.2.0 whose group dune has these rules.
func conf(t testing.TB, release, rules string) *site.Site {
	t.Helper()
	return withConf(t, release, "[common]\nhostname=ce.example.org\n[authtokens]\n[authgroup:dune]\n"+rules+"\n[mapping]\nmap_to_user=dune dune\n[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=dune\n")
}

// queued is an arc.conf with a queue: without one no job is taken (arc-behaviour J1).
func queued(conf string) string {
	if strings.Contains(conf, "[queue:") {
		return conf
	}
	return conf + "\n[queue:fork]\n"
}

// withConf is the base site of a release with another arc.conf.
func withConf(t testing.TB, release, text string) *site.Site {
	t.Helper()
	f, err := fixtures.Base(release)
	if err != nil {
		t.Fatal(err)
	}
	over := rootfs.Overlay(f.Tree)
	if err := over.WriteFile("/etc/arc.conf", []byte(queued(text)), 0o644); err != nil {
		t.Fatal(err)
	}
	f.Tree = over
	return siteOf(t, f)
}

// TestDoors: who fits through a rule, the widest first.
func TestDoors(t *testing.T) {
	for _, tt := range []struct {
		release, rules string
		want           []string // width: who
	}{
		{"7.2.0", "authtokens=* " + issuer + " * * *", []string{"any-token: any token of " + issuer + " for any audience becomes account dune"}},
		{"7.2.0", "authtokens=* * * * *", []string{"any-issuer: any token of any issuer for any audience becomes account dune"}},
		{"7.2.0", "authtokens=jane " + issuer + " ce compute.create /dune", []string{`one-subject: tokens with sub "jane" of ` + issuer + " for ce with scope compute.create in group /dune become account dune"}},
		{"7.2.0", "subject=/CN=a\nauthtokens=* " + issuer + " * * *\nall=yes", []string{
			"any-issuer: any token of any issuer becomes account dune",
			"any-certificate: any certificate of a CA that is trusted for clients becomes account dune",
			"any-token: any token of " + issuer + " for any audience becomes account dune",
			"one-subject: the certificate /CN=a becomes account dune",
			"anonymous: a client without certificate and token does not get in: neither a certificate nor a token that counts (arc-behaviour S6)",
		}},
		{"6.17.0", "all=yes", []string{
			"anonymous: a client without certificate and token becomes account dune",
			"any-issuer: any token of any issuer becomes account dune",
			"any-certificate: any certificate of a CA that is trusted for clients becomes account dune",
		}},
		{"7.2.0", `authtokensgen=(iss="` + issuer + `") & ((sub~"pilot[0-9]+") | (wlcg.groups="/dune"))`, []string{
			"some-tokens: tokens of " + issuer + ` with sub ~ "pilot[0-9]+" become account dune`,
			"some-tokens: tokens of " + issuer + ` with wlcg.groups = "/dune" become account dune`,
		}},
		{"7.2.0", "voms=dune /dune/pro pilot *", []string{"vo-members: members of the VO dune with group /dune/pro with role pilot become account dune"}},
		{"7.2.0", "subject=" + issuer + "/jane", []string{"one-subject: tokens of " + issuer + ` with sub "jane" become account dune`}},
		{"7.2.0", `subject="/CN=a"`, []string{`one-subject: the certificate "/CN=a" does not get in: no certificate has a subject of that form`}},
		{"7.2.0", "plugin=10 lcas %D", []string{"unknown: whoever the plugin 10 lcas %D says yes to may become account dune"}},
		{"7.2.0", "plugin=10 /bin/lcas %D", []string{"unknown: whoever the plugin 10 /bin/lcas %D says yes to does not get in: /bin/lcas does not exist, so ARC cannot run it"}},
		{"7.2.0", "-authtokens=* " + issuer + " * * *", nil},
	} {
		var got []string
		for _, d := range Doors(conf(t, tt.release, tt.rules)).Doors {
			got = append(got, d.Width.String()+": "+d.Headline())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s %s:\n got  %s\n want %s", tt.release, tt.rules, strings.Join(got, "\n      "), strings.Join(tt.want, "\n      "))
		}
	}
}

// TestAnonymous: where a client gets in that shows nothing, an expired token is
// no hindrance (arc-behaviour S6).
func TestAnonymous(t *testing.T) {
	for release, want := range map[string]bool{"6.17.0": true, "7.2.0": false} {
		for _, r := range Static(conf(t, release, "!voms=dune * * *"), Made{}).Results {
			if (r.ID == "anonymous" || r.ID == "exp-past") && r.Hole() != want {
				t.Errorf("%s: %s is let in: %v, want %v", release, r.ID, r.Hole(), want)
			}
		}
	}
}

// TestTooLarge: what was not looked at is unknown, not closed.
func TestTooLarge(t *testing.T) {
	s := conf(t, "7.2.0", "subject=/CN=x\n[queue:x]\nallowaccess="+strings.Repeat("x ", authgroup.MaxLines)+"\n")
	if who := Doors(s); who.Unknown == "" || who.Stopped != "" || len(who.Doors) > 0 {
		t.Errorf("unknown %q, stopped %q, %d doors", who.Unknown, who.Stopped, len(who.Doors))
	}
	if n := Static(s, Made{}); n.Unknown == "" || len(n.Results) > 0 {
		t.Errorf("unknown %q, %d results", n.Unknown, len(n.Results))
	}
}

// TestNoCE: a host that only delivers data has no way in, and not since a block that
// a CE needs is missing.
func TestNoCE(t *testing.T) {
	s := withConf(t, "6.17.0", "[common]\nhostname=dds.example.org\n[datadelivery-service]\ntransfer_dir=/scratch\nallowed_ip=192.0.2.1\n")
	if who := Doors(s); !strings.Contains(who.Unknown, "no computing element") || who.Stopped != "" {
		t.Errorf("unknown %q, stopped %q", who.Unknown, who.Stopped)
	}
	if a := Ask(s, Person{Subject: "/CN=x"}, access.JobCreate); a.Allowed || !strings.Contains(a.Reason, "no computing element") {
		t.Errorf("whoami: %+v", a.Reason)
	}
}

// TestCases: every case has a name of its own, and files can answer those that
// are not live.
func TestCases(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Cases(access.JobCreate) {
		if seen[c.ID] || c.ID == "" || c.Title == "" || c.Area == "" {
			t.Errorf("case %+v has no name of its own", c.ID)
		}
		seen[c.ID] = true
		if static := c.change != nil || c.rename != nil || c.chain; static == c.Live || static && c.Facts == "" {
			t.Errorf("case %s is both live and static, or neither, or stands on no fact", c.ID)
		}
	}
}

// TestOperation: what is the wrong scope for one operation is the right one for
// another, and the cases differ in nothing else.
func TestOperation(t *testing.T) {
	s := conf(t, "7.2.0", "authtokens=jane "+issuer+" https://ce.example.org compute.read /dune")
	for op, hole := range map[access.Operation]string{access.JobCreate: "scope-read", access.JobInfo: ""} {
		for _, r := range StaticFor(s, Made{}, op).Results {
			if r.Area == "scope" && (r.Hole() != (r.ID == hole) || r.Tried == 0) {
				t.Errorf("%s: %s: let in %v of %d", op, r.ID, len(r.LetIn), r.Tried)
			}
		}
	}
	create, info := Cases(access.JobCreate), Cases(access.JobInfo)
	if len(create) != len(info) {
		t.Fatalf("%d and %d cases", len(create), len(info))
	}
	for i := range create {
		if create[i].ID != info[i].ID && create[i].Area != "scope" {
			t.Errorf("%s is %s for another operation", create[i].ID, info[i].ID)
		}
	}
}

// TestNegative: the line to blame is the one that is too wide.
func TestNegative(t *testing.T) {
	narrow := "authtokens=jane " + issuer + " https://ce.example.org compute.create /dune"
	for _, tt := range []struct {
		release, rules string
		holes          []string
	}{
		{"7.2.0", narrow, nil},
		{"6.17.0", narrow, nil},
		{"7.2.0", "authtokens=jane " + issuer + " * compute.create /dune", []string{"aud-twice", "aud-missing", "aud-empty", "aud-empty-array", "aud-other", "aud-others", "aud-wlcg-any", "aud-any", "aud-longer", "aud-upper"}},
		{"7.2.0", "authtokens=* " + issuer + " https://ce.example.org compute.create /dune", []string{"sub-missing", "sub-number", "sub-empty"}},
		{"7.2.0", "authtokens=jane " + issuer + " https://ce.example.org compute.create *", nil},
		{"7.2.0", "authtokens=jane * https://ce.example.org compute.create /dune", []string{"iss-twice", "iss-other"}},
		{"6.17.0", `authtokens=jane ` + issuer + ` "" compute.create /dune`, []string{"aud-missing", "aud-empty", "aud-empty-array"}},
		{"7.2.0", "subject=/CN=a", nil},
		{"7.2.0", "!authtokens=jane " + issuer + " * * *", []string{
			"sub-missing", "sub-number", "sub-empty", "iss-twice", "aud-twice", "iss-other", "aud-missing", "aud-empty", "aud-empty-array", "aud-other", "aud-others",
			"aud-wlcg-any", "aud-any", "aud-longer", "aud-upper", "scope-missing", "scope-openid", "scope-read", "scope-storage", "scope-longer", "scope-upper", "scope-tabs", "scope-scp", "dn-other",
		}},
		{"7.2.0", `authtokensgen=(iss~"https://issuer.*") & (sub="jane") & (aud="https://ce.example.org") & (scope="compute.create")`, []string{"iss-slash", "iss-longer-host", "iss-longer-path", "iss-user"}},
	} {
		var got []string
		for _, r := range Static(conf(t, tt.release, tt.rules), Made{}).Results {
			if r.Hole() {
				got = append(got, r.ID)
			}
			for _, trial := range r.LetIn {
				if !r.ByRelease && len(trial.Blame()) != 1 {
					t.Errorf("%s %s: %s blames %d lines, want the one", tt.release, tt.rules, r.ID, len(trial.Blame()))
				}
			}
		}
		if !slices.Equal(got, tt.holes) {
			t.Errorf("%s %s:\n got  %v\n want %v", tt.release, tt.rules, got, tt.holes)
		}
	}
}

// TestGuards: whom a rule "-!" lets past, and nobody else, comes in by the wide
// rules below it (arc-behaviour A8).
func TestGuards(t *testing.T) {
	for rules, want := range map[string]string{
		"-!authtokens=* https://issuer.example.org * * *\nall=yes":             "https://issuer.example.org",
		"-!voms=atlas * * *\n!subject=/DC=org/CN=Bad":                          "VO atlas",
		"-!voms=atlas * * *\nsubject=/DC=org/CN=Jane":                          "/DC=org/CN=Jane",
		"-!authgroup=other\nall=yes":                                           "VO dune",
		"-!subject=\"/DC=org/CN=Jane\"\nall=yes":                               "",
		"-!authtokens=* I * compute.read *\nauthtokens=* I * compute.create *": "I",
	} {
		conf := "[common]\n[authgroup:other]\n-!voms=dune * * *\nall=yes\n[authgroup:a]\n" + rules +
			"\n[mapping]\nmap_to_user=a nobody\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n"
		tree := rootfs.NewMem()
		if err := tree.WriteFile("/etc/arc.conf", []byte(conf), 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := site.Load(tree, site.Options{Root: "test", ARCVersion: "7.2.0", Now: time.Unix(1_800_000_000, 0)})
		if err != nil {
			t.Fatal(err)
		}
		var open []string
		for _, d := range Doors(s).Doors {
			if d.Open() && d.Group == "a" {
				open = append(open, d.Shown)
			}
		}
		if strings.Join(open, " ") != want {
			t.Errorf("%s: open to %q, want %q", rules, open, want)
		}
	}
}

// TestBesides: who shows more than a way in asks for may leave a group that is
// denied, or that has another account, and gets in by that.
func TestBesides(t *testing.T) {
	const vo = "voms=vo.example.org * * *"
	for name, tt := range map[string]struct{ groups, mapping, list, want string }{
		"a group of those whom a group of all others does not have": {
			"[authgroup:g]\n!" + vo + "\n[authgroup:a]\n!authgroup=g\n", "map_to_user=a dune", "allowaccess=a", "VO"},
		"out of a denied group": {
			"[authgroup:p]\n!" + vo + "\n[authgroup:a]\nall=yes\n", "map_to_user=a dune", "denyaccess=p\nallowaccess=a", "VO"},
		"out of the group of another account": {
			"[authgroup:p]\n-" + vo + "\nall=yes\n[authgroup:a]\nall=yes\n", "map_to_user=p nobody\nmap_to_user=a dune", "allowaccess=a", "VO"},
		"a certificate and a token": {
			"[authgroup:p]\nauthtokens=* https://issuer.example.org/dune * * *\n[authgroup:a]\nsubject=/DC=org/CN=Jane\n", "map_to_user=p dune", "allowaccess=a", "token"},
	} {
		s := drawnSite(t, "7.2.0", "[common]\n"+tt.groups+"[mapping]\n"+tt.mapping+"\n[arex/ws]\n[arex/ws/jobs]\n"+tt.list+"\n")
		found := slices.ContainsFunc(Doors(s).Doors, func(d Door) bool {
			shown := len(d.Proof.FQANs) > 0
			if tt.want == "token" {
				shown = d.Proof.Claims != "" && d.Proof.Subject != ""
			}
			return shut(d) == 0 && d.Account() == "dune" && shown && Ask(s, personOf(d.Proof), access.JobCreate).Allowed
		})
		if !found {
			t.Errorf("%s: no open way in as dune", name)
		}
	}
}

// TestPairs: who is mapped by one group and admitted by another comes in, and
// neither alone does.
func TestPairs(t *testing.T) {
	conf := "[common]\n[authgroup:m]\nvoms=atlas * * *\nauthtokens=* I C * *\n[authgroup:w]\nsubject=/DC=org/CN=Jane\nauthtokens=* I * compute.create *\nauthtokens=* K * * *\n" +
		"[mapping]\nmap_to_user=m nobody\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=w\n"
	tree := rootfs.NewMem()
	if err := tree.WriteFile("/etc/arc.conf", []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	for release, want := range map[string][]string{"7.2.0": {"I + /DC=org/CN=Jane", "I + I", "VO atlas + /DC=org/CN=Jane"}, "6.17.0": {"VO atlas"}} {
		s, err := site.Load(tree, site.Options{Root: "test", ARCVersion: release, Now: time.Unix(1_800_000_000, 0)})
		if err != nil {
			t.Fatal(err)
		}
		var open []string
		for _, d := range Doors(s).Doors {
			if d.Open() {
				open = append(open, d.Shown)
			}
		}
		slices.Sort(open)
		if diff := cmp.Diff(want, open); diff != "" {
			t.Errorf("%s (-want +got):\n%s", release, diff)
		}
	}
}

// TestNobodysSubject: nothing is tried with a subject that no certificate has.
func TestNobodysSubject(t *testing.T) {
	for _, rules := range []string{"-!authgroup=other\nall=yes", "!authgroup=other", "-authgroup=other\nvoms=dune * * *"} {
		s := withConf(t, "7.2.0", "[common]\n[authgroup:other]\nsubject=\"/DC=org/CN=Jane\"\n[authgroup:a]\n"+rules+
			"\n[mapping]\nmap_to_user=other nobody\nmap_to_user=a daemon\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=a other\n")
		for _, d := range append(Doors(s).Doors, signed(s, access.Model(s))...) {
			if strings.HasPrefix(d.Proof.Subject, `"`) {
				t.Errorf("%q: %s is tried with the subject %s", rules, d.Who, d.Proof.Subject)
			}
		}
	}
}
