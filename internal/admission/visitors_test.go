package admission

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/internal/access"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

var (
	visitorSites = flag.Int("visitor-sites", 60, "how many sites TestVisitors draws for each release")
	visitorSeed  = flag.Uint64("visitor-seed", 1, "which sites TestVisitors draws")
)

// TestVisitors draws sites and who asks there: with a certificate, with several
// VOMS attributes, with a token, with both. Whoever gets in does so by a way that
// access shows as open, with the account that it says; and who shows what a way in
// asks for gets in.
func TestVisitors(t *testing.T) {
	for _, release := range fixtures.Versions() {
		t.Run(release, func(t *testing.T) {
			kinds, first := map[string]int{}, map[string]string{}
			allowed := 0
			for n := range *visitorSites {
				d := &siteDraw{Rand: rand.New(rand.NewPCG(*visitorSeed, uint64(n))), seven: release != "6.17.0"}
				text := d.conf()
				s := drawnSite(t, release, text)
				got, failed := d.holds(t, s)
				allowed += got
				for kind, what := range failed {
					if kinds[kind]++; kinds[kind] == 1 || len(text) < len(first[kind]) {
						first[kind] = fmt.Sprintf("site %d: %s\n%s", n, what, text)
					}
				}
			}
			t.Logf("%d sites, %d visitors who get in", *visitorSites, allowed)
			if allowed < *visitorSites {
				t.Errorf("%d visitors get in, which are too few to tell", allowed)
			}
			for _, kind := range slices.Sorted(maps.Keys(kinds)) {
				t.Errorf("%s: at %d sites, such as %s", kind, kinds[kind], first[kind])
			}
		})
	}
}

// siteDraw draws a site and its visitors.
type siteDraw struct {
	*rand.Rand
	seven bool
}

const (
	drawnIssuer = "https://issuer.example.org/dune"
	drawnCE     = "https://ce.example.org"
)

func (d *siteDraw) one(of ...string) string { return of[d.IntN(len(of))] }

// rule draws one of those that administrators write, and some that they should not.
func (d *siteDraw) rule() string {
	sign := d.one("", "", "", "", "", "", "-", "!", "+")
	rules := []string{
		"authtokens=* " + drawnIssuer + " " + drawnCE + " * *", "authtokens=jane " + drawnIssuer + " * * *",
		"authtokens=* " + drawnIssuer + " * compute.create *", "authtokens=* * " + drawnCE + " * *", "authtokens=* " + drawnIssuer + " " + drawnCE + " *",
		"subject=/DC=org/DC=example/CN=Jane", "subject=" + drawnIssuer + "/jane", "voms=vo.example.org * * *", "voms=vo.example.org /vo.example.org pilot *",
		"voms=bio.example.org * * *", "all=yes", "all=no", "authgroup=g0", "authgroup=g1", "authgroup=g2", "authgroup=g0 g1", "authgroup=nosuch",
		"file=/etc/grid-security/people", "plugin=10 /bin/false",
	}
	if d.seven {
		rules = append(rules, "name=other", `authtokensgen=(iss="`+drawnIssuer+`") & (sub="jane")`, `authtokensgen=!(iss="`+drawnIssuer+`")`,
			`authtokensgen=(aud="x") | (iss="`+drawnIssuer+`")`)
		if d.IntN(10) == 0 {
			sign = "-!"
		}
	}
	return sign + rules[d.IntN(len(rules))]
}

func (d *siteDraw) conf() string {
	var b strings.Builder
	b.WriteString("[common]\nhostname=ce.example.org\n[authtokens]\n")
	for g := range 3 {
		fmt.Fprintf(&b, "[authgroup:g%d]\n", g)
		for range 1 + d.IntN(3) {
			fmt.Fprintln(&b, d.rule())
		}
	}
	names := []string{"g0", "g1", "g2", "g0", "g1", "g2", "other"}
	b.WriteString("[mapping]\n")
	for range 1 + d.IntN(3) {
		fmt.Fprintf(&b, "map_to_user=%s %s\n", d.one(names...), d.one("dune", "nobody", "griduser"))
	}
	b.WriteString("[lrms]\nlrms=fork\n[arex]\n[arex/ws]\n[arex/ws/jobs]\n")
	for range 1 + d.IntN(3) {
		fmt.Fprintf(&b, "%s=%s\n", d.one("allowaccess", "allowaccess", "allowaccess", "denyaccess"), d.one(names...))
	}
	return b.String()
}

func drawnSite(t *testing.T, release, text string) *site.Site {
	t.Helper()
	f, err := fixtures.Base(release)
	if err != nil {
		t.Fatal(err)
	}
	over := rootfs.Overlay(f.Tree)
	const lsc = "/DC=org/DC=example/CN=voms.example.org\n/DC=org/DC=example/CN=Example Grid CA\n"
	for path, data := range map[string]string{
		"/etc/arc.conf": queued(text), "/etc/grid-security/people": "\"/DC=org/DC=example/CN=Lisa\"\n\"" + drawnIssuer + "/lisa\"\n",
		"/etc/grid-security/vomsdir/vo.example.org/voms.example.org.lsc":  lsc,
		"/etc/grid-security/vomsdir/bio.example.org/voms.example.org.lsc": lsc,
	} {
		if err := over.WriteFile(path, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f.Tree = over
	return siteOf(t, f)
}

// visitors are those whom the rules speak of, strangers, and both at once.
func (d *siteDraw) visitors(s *site.Site) []Person {
	var certificates, tokens []Person
	for _, dn := range []string{"Jane", "Lisa", "Z"} {
		for _, fqans := range [][]string{nil, {"/vo.example.org/Role=pilot"}, {"/vo.example.org", "/bio.example.org"}, {"/bio.example.org"}, {"/vo.example.org"}} {
			certificates = append(certificates, Person{Subject: "/DC=org/DC=example/CN=" + dn, FQANs: fqans})
		}
	}
	for _, claims := range []claimSet{
		{"iss": drawnIssuer, "sub": "jane", "aud": drawnCE, "scope": "compute.create"}, {"iss": drawnIssuer, "sub": "jane", "aud": "x"},
		{"iss": drawnIssuer, "sub": "bob", "aud": "x"}, {"iss": drawnIssuer, "sub": "bob", "aud": drawnCE}, {"iss": drawnIssuer, "sub": "lisa", "aud": "q"},
		{"iss": "https://other.example.org", "sub": "z", "aud": drawnCE}, {"iss": "https://other.example.org", "sub": "z", "aud": "x"},
	} {
		tokens = append(tokens, fresh(s).with(claims).person())
	}
	all := append(slices.Clone(certificates), tokens...)
	for range 12 {
		both := certificates[d.IntN(len(certificates))]
		both.Claims = tokens[d.IntN(len(tokens))].Claims
		all = append(all, both)
	}
	return append(all, Person{})
}

// holds asks all visitors, and gives how many get in, and what is not as access
// says, by its kind.
func (d *siteDraw) holds(t *testing.T, s *site.Site) (allowed int, failed map[string]string) {
	t.Helper()
	failed = map[string]string{}
	who := Doors(s)
	for _, door := range who.Doors {
		for op, right := range map[access.Operation]Right{access.JobCreate: door.Submit, access.JobInfo: door.Read} {
			proof := Proof{Claims: right.Claims, Subject: door.Proof.Subject, FQANs: door.Proof.FQANs}
			if a := Ask(s, personOf(proof), op); right.State == Yes && !door.Barred() && !a.Allowed {
				failed["an open way in, and its proof does not get in"] = fmt.Sprintf("%s: %+v: %s", door.Headline(), proof, a.Reason)
			}
		}
	}
	if who.Stopped != "" || who.Unknown != "" || who.More {
		return 0, failed
	}
	for _, v := range d.visitors(s) {
		a := Ask(s, v, access.JobCreate)
		if !a.Allowed {
			continue
		}
		allowed++
		if slices.ContainsFunc(who.Doors, func(door Door) bool { return isFor(door, v, a.AccountText()) }) {
			continue
		}
		kind := "a client without anything"
		switch {
		case v.Claims != nil && v.Subject != "":
			kind = "certificate and token"
		case v.Claims != nil:
			kind = "token"
		case len(v.FQANs) > 0:
			kind = "certificate with attributes"
		case v.Subject != "":
			kind = "certificate"
		}
		failed[kind+" gets in, and no way in is shown with that account"] =
			fmt.Sprintf("%+v: %s by %v", proofOf(v), a.Outcome(), texts(a.Because))
	}
	return allowed, failed
}

func texts(steps []access.Step) []string {
	var list []string
	for _, s := range steps {
		list = append(list, s.Rule)
	}
	return list
}

// isFor says whether the way in asks for no other kind of credential than the
// visitor has, and gives that account.
func isFor(d Door, v Person, account string) bool {
	return d.Open() && !d.Barred() && d.Account() == account &&
		(d.Proof.Claims == "" || v.Claims != nil) && (d.Proof.Subject == "" || v.Subject != "") && (len(d.Proof.FQANs) == 0 || len(v.FQANs) > 0)
}

// proofOf is what the visitor shows, for people.
func proofOf(v Person) string {
	issuer := ""
	if v.Claims != nil {
		issuer = "token of " + v.Claims.Issuer()
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", v.Subject, strings.Join(v.FQANs, " "), issuer))
}
