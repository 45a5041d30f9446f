package access

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
	"arclint/internal/source"
)

func word(text string) arcconf.Word {
	f := source.New("/etc/arc.conf", []byte(text))
	return arcconf.Word{Text: text, Span: source.Span{File: f, End: len(text)}}
}

// TestCertificates repeats rows of group F: who a client is by certificate, by
// token and by both (arc-behaviour F2 to F4).
func TestCertificates(t *testing.T) {
	groups := `
jane: subject=` + subject + `
tok: authtokens=* I * * *
notok: !authtokens=* I * * *
host: subject=/DC=org/CN=host\/ce.example.org
listed: file=/etc/dns
vo: voms=dune * * *
pilot: voms=dune /dune/pro pilot *
norole: voms=dune /dune * *
all: all=yes`
	files := map[string]string{"/etc/dns": `"/DC=org/CN=host\/ce.example.org"` + "\n"}
	for _, tt := range []struct {
		name   string
		id     Identity
		status int
		want   []string
	}{
		{"user certificate", Identity{Subject: subject}, 200, []string{"jane", "notok", "all"}},
		{"certificate and token", Identity{Subject: subject, Claims: claims(t, nil)}, 200, []string{"jane", "tok", "all"}},
		{"certificate and expired token", Identity{Subject: subject, Claims: claims(t, tokenClaims{"exp": now.Unix() - 1})}, 200, []string{"jane", "notok", "all"}},
		{"host certificate", Identity{Subject: `/DC=org/CN=host\/ce.example.org`}, 200, []string{"notok", "host", "listed", "all"}},
		{"VOMS", Identity{Subject: "/CN=x", FQANs: []string{"/dune/pro/Role=pilot/Capability=NULL", "/dune/Role=NULL"}}, 200, []string{"notok", "vo", "pilot", "norole", "all"}},
		{"nothing", Identity{}, 403, []string{"notok", "all"}},
		{"token of an http issuer", Identity{Claims: claims(t, tokenClaims{"iss": "http://issuer.example.org/dune"})}, 403, []string{"notok", "all"}},
	} {
		d := Model(load(t, "7.2.0", configure(groups, "7.2.0"), files)).Evaluate(tt.id, JobInfo)
		want := map[string]bool{}
		for _, g := range tt.want {
			want[g] = true
		}
		for _, g := range d.Groups {
			if !want[g] {
				t.Errorf("%s: member of %s", tt.name, g)
			}
			delete(want, g)
		}
		if len(want) > 0 || d.Status != tt.status {
			t.Errorf("%s: status %d, want %d; not a member of %v", tt.name, d.Status, tt.status, want)
		}
	}
}

// TestPolicies: what policies of [mapping] do (unixmap.cpp, LegacyMap.cpp).
func TestPolicies(t *testing.T) {
	for _, tt := range []struct {
		name, mapping string
		status        int
		account       string
	}{
		{"policy_on_map=continue drops the account", "policy_on_map=continue\nmap_to_user=dune nobody", 500, ""},
		{"a later rule that stops", "policy_on_map=continue\nmap_to_user=dune root\npolicy_on_map=stop\nmap_to_user=dune nobody", 200, "nobody"},
		{"no entry in the file stops", "map_with_file=dune /etc/map\nmap_to_user=dune nobody", 500, ""},
		{"no entry in the file, continue", "policy_on_nomap=continue\nmap_with_file=dune /etc/map\nmap_to_user=dune nobody", 200, "nobody"},
		{"a pool may give an account", "map_to_pool=dune /etc/two", 200, ""},
		{"a pool of one account", "map_to_pool=dune /etc/pool", 200, "nobody"},
		{"a plugin may give an account", "map_with_plugin=dune 10 /bin/map", 200, ""},
		{"other lines are skipped", "lcmaps=dune x\nmap_to_user=dune nobody:nogroup", 200, "nobody:nogroup"},
	} {
		conf := "[common]\n[authgroup:dune]\nauthtokens=* I * * *\n[mapping]\n" + tt.mapping + "\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=dune\n"
		files := map[string]string{"/etc/map": "\"" + subject + "\" nobody\n", "/etc/pool/pool": "nobody\n", "/etc/two/pool": "nobody\nroot\n"}
		d := Model(load(t, "7.2.0", conf, files)).Evaluate(Identity{Claims: claims(t, nil)}, JobInfo)
		if d.Status != tt.status || d.Account != tt.account {
			t.Errorf("%s: status %d, account %q, want %d, %q: %s", tt.name, d.Status, d.Account, tt.status, tt.account, d.Reason)
		}
	}
}

// TestNoAccountStatus: what whoever has no account is answered hangs on whether the
// public information is for him (arc-behaviour, Reading refusals).
func TestNoAccountStatus(t *testing.T) {
	for _, tt := range []struct {
		release, blocks string
		status          int
	}{
		{"6.17.0", "", 403},
		{"6.17.0", "[arex/ws/publicinfo]\n", 500},
		{"6.17.0", "[arex/ws/publicinfo]\nallowaccess=others\n", 403},
		{"7.2.0", "", 500},
		{"7.2.0", "[infosys/accesscontrol]\nallowaccess=others\n", 403},
	} {
		conf := "[common]\n[authtokens]\n[authgroup:dune]\nauthtokens=* I * * *\n[authgroup:others]\nauthtokens=* J * * *\n[mapping]\nmap_to_user=others nobody\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=dune\n" + tt.blocks
		d := Model(load(t, tt.release, conf, nil)).Evaluate(Identity{Claims: claims(t, nil)}, JobInfo)
		if d.Allowed || d.Status != tt.status {
			t.Errorf("%s with %q: status %d, want %d: %s", tt.release, tt.blocks, d.Status, tt.status, d.Reason)
		}
	}
}

func TestParseClaims(t *testing.T) {
	for _, text := range []string{"", "[]", `"a"`, `{"a":1`, `{"a":1} {}`, `{"a" 1}`, "{" + strings.Repeat(" ", maxClaims) + "}"} {
		if _, err := ParseClaims([]byte(text)); err == nil {
			t.Errorf("ParseClaims(%.20q): no error", text)
		}
	}
	c, err := ParseClaims([]byte(`{"SUB":"a","sub":"b","aud":["x",1,"y"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.first("sub"); got != "a" {
		t.Errorf("sub is %q, want the first claim of that name in any case", got)
	}
	if diff := cmp.Diff([]string{"x", "y"}, c.all("aud")); diff != "" {
		t.Errorf("aud (-want +got):\n%s", diff)
	}
}

func TestExpressions(t *testing.T) {
	c := claims(t, tokenClaims{"aud": []string{"x", "y"}, "email": `a"b`})
	for _, tt := range []struct {
		text, release string
		want          string // true, false, or a part of the error
	}{
		{`sub=dunepro`, "7.2.0", "true"},
		{`!sub=dunepro`, "7.2.0", "compares a comparison"},
		{`!(sub=dunepro)`, "7.2.0", "false"},
		{`!!(sub=dunepro)`, "7.2.0", "true"},
		{`(sub=x) ^ (aud=y)`, "7.2.0", "true"},
		{`(sub=dunepro) | nothing`, "7.2.0", "true"},
		{`(sub=x) & nothing`, "7.2.0", "false"},
		{`(sub=x) | nothing`, "7.2.0", "compares a comparison"},
		{`email="a\"b"`, "7.2.0", "true"},
		{`sub~"(dune|bob)pro"`, "7.2.0", "false"},
		{`sub~"((dune)pro)"`, "7.2.0", "false"},
		{`sub~"dune(pro)?"`, "7.2.0", "true"},
		{`sub~"("`, "7.2.0", "false"},
		{`missing~".*"`, "7.2.0", "false"},
		{`sub~"sub"`, "7.0.0", "true"},
		{`(sub="dune)pro")`, "7.0.0", "an operator is missing"},
		{``, "7.2.0", "a value is missing"},
		{`(`, "7.2.0", "a bracket is not closed"},
		{`)`, "7.2.0", "compares a comparison"},
		{`a =`, "7.2.0", "a value is missing"},
		{`= a`, "7.2.0", "a value is missing before"},
		{`a b`, "7.2.0", "an operator is missing"},
		{strings.Repeat("(", 102), "7.2.0", "brackets within each other"},
		{strings.Repeat("!", 1002), "7.2.0", "operators and values"},
	} {
		d := authgroup.Dialect{Expressions: true, BareQuotes: tt.release == "7.0.0", NamePatterns: tt.release == "7.0.0"}
		e := authgroup.ReadExpression(word(tt.text), d)
		got := ""
		if e.Err != nil {
			got = e.Err.Error()
		} else if ok, err := new(Policy).matches(e, c); err != nil {
			got = err.Error()
		} else if got = "false"; ok {
			got = "true"
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s %.40q: %s, want %s", tt.release, tt.text, got, tt.want)
		}
	}
}

// TestTooLarge: a file of more rules and names than anybody has is not looked at, and
// the answer says so.
func TestTooLarge(t *testing.T) {
	conf := "[authgroup:dune]\nsubject=/CN=x\n[mapping]\nmap_to_user=dune nobody\n[arex/ws/jobs]\nallowaccess=" + strings.Repeat("x ", authgroup.MaxLines) + "dune\n"
	p := Model(load(t, "7.2.0", conf, nil))
	if d := p.Evaluate(Identity{Subject: "/CN=x"}, JobInfo); !p.TooLarge || d.Allowed || len(d.Depends) == 0 {
		t.Errorf("too large %v, decision %+v", p.TooLarge, d)
	}
}

// FuzzModel: whatever stands in arc.conf is read and evaluated without a
// panic, and every field stands where its text is.
func FuzzModel(f *testing.F) {
	for _, groups := range configurations {
		f.Add(configure(groups, "7.2.0"), "7.2.0")
		f.Add(configure(groups, "6.17.0"), "6.17.0")
	}
	f.Add("[authgroup:a]\n-!voms=a b c d e\nauthtokens=\"\" \"a\nplugin= 1\nall\n[mapping]\nmap_to_user=a :\npolicy_on=x\nmap_to_pool=\n[arex]\ntokenscopes=a=b,,=,c\n", "7.0.0")
	f.Fuzz(func(t *testing.T, conf, release string) {
		if release != "6.17.0" && release != "7.0.0" {
			release = "7.2.0"
		}
		s := load(t, release, conf, nil)
		p := Model(s)
		for _, r := range authgroup.Rules[*authgroup.Tokens](p.Document) {
			checkFields(t, append(r.Test.Fields(), r.Test.Extra...))
		}
		for _, r := range authgroup.Rules[*authgroup.VOMS](p.Document) {
			checkFields(t, append(r.Test.Fields(), r.Test.Extra...))
		}
		for _, use := range p.Uses() {
			checkFields(t, []authgroup.Field{use.Group})
			p.Submits(use.Group.Text)
		}
		for i, g := range p.Groups {
			p.Inside(g, p.Groups[:i]...)
			for j := 1; j < len(g.Rules); j++ {
				p.Shadows(g.Rules[j-1], g.Rules[j])
			}
		}
		for _, r := range authgroup.Rules[*authgroup.Expression](p.Document) {
			r.Test.Contradicts()
		}
		for _, pair := range p.Scopes.Pairs {
			checkFields(t, []authgroup.Field{pair.Action, pair.Scope})
		}
		for _, id := range []Identity{{}, {Subject: subject, FQANs: []string{"/dune/Role=pilot"}}, {Claims: claims(t, nil)}} {
			if d := p.Evaluate(id, JobCreate); d.Allowed != (d.Status == 200) || d.Reason == "" {
				t.Errorf("allowed %v with status %d, reason %q", d.Allowed, d.Status, d.Reason)
			}
		}
	})
}

// TestWays: every way of an expression makes it true, on the release that reads
// it so.
func TestWays(t *testing.T) {
	for text, want := range map[string]int{
		`(iss="a") & (sub="b")`:                          1,
		`(iss="a") | (sub="b")`:                          2,
		`(iss="a") ^ (sub="b")`:                          2,
		`!((iss="a") | (sub="b"))`:                       1,
		`((iss="a") | (iss="b")) & !(email~".*x")`:       2,
		`(sub~"dune[0-9]+(pro|test)") & (aud~"a.c{2,}")`: 1,
		`sub`:             0,
		`(sub="a") & aud`: 0,
		strings.Repeat(`((a="b") ^ `, 30) + `(a="c")` + strings.Repeat(")", 30): -1,
	} {
		e := authgroup.ReadExpression(word(text), authgroup.Dialect{Expressions: true})
		ways := e.Ways()
		if want >= 0 && len(ways) != want {
			t.Errorf("%s: %d ways, want %d", text, len(ways), want)
		}
		for _, way := range ways {
			c := &Claims{}
			for _, comparison := range way {
				if value, ok := comparison.Example(); ok && !comparison.Negated {
					c.members = append(c.members, member{name: comparison.Claim.Text, values: []string{value}})
				}
			}
			if ok, err := new(Policy).matches(e, c); want >= 0 && (!ok || err != nil) {
				t.Errorf("%s: %v, %v for %+v", text, ok, err, c)
			}
		}
	}
}

func checkFields(t *testing.T, fields []authgroup.Field) {
	t.Helper()
	for _, f := range fields {
		want := f.Text
		if f.Quoted {
			want = `"` + f.Text + `"`
		}
		if got := f.Span.Text(); got != want {
			t.Errorf("field %q stands at %q", f.Text, got)
		}
	}
}

// drawExpression is an expression over three claims with the values a and b.
func drawExpression(r *rand.Rand, depth int) string {
	if depth == 0 || r.IntN(4) == 0 {
		return fmt.Sprintf(`(%s="%s")`, []string{"iss", "sub", "wlcg.groups"}[r.IntN(3)], []string{"a", "b"}[r.IntN(2)])
	}
	left := drawExpression(r, depth-1)
	if r.IntN(5) == 0 {
		return "(!" + left + ")"
	}
	return "(" + left + []string{"&", "&", "|", "^"}[r.IntN(4)] + drawExpression(r, depth-1) + ")"
}

// TestContradicts: no token makes an expression true that contradicts itself.
func TestContradicts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var tokens []*Claims
	for _, iss := range []string{`"iss":"a",`, `"iss":"b",`, ""} {
		for _, sub := range []string{`"sub":"a",`, `"sub":"b",`, ""} {
			for _, groups := range []string{`[]`, `["a"]`, `["b"]`, `["a","b"]`} {
				c, err := ParseClaims([]byte("{" + iss + sub + `"wlcg.groups":` + groups + "}"))
				if err != nil {
					t.Fatal(err)
				}
				tokens = append(tokens, c)
			}
		}
	}
	found := 0
	for range 20000 {
		text := drawExpression(r, 3)
		e := authgroup.ReadExpression(word(text), authgroup.Dialect{Expressions: true})
		if _, _, ok := e.Contradicts(); !ok {
			continue
		}
		found++
		for _, c := range tokens {
			if matched, err := new(Policy).matches(e, c); matched || err != nil {
				t.Fatalf("%s contradicts itself, and %+v makes it true (%v)", text, c.members, err)
			}
		}
	}
	if found < 100 {
		t.Errorf("%d expressions that contradict themselves were drawn, want more", found)
	}
}

// TestSchemeCase: ARC compares the scheme of an issuer without regard to case.
func TestSchemeCase(t *testing.T) {
	for _, version := range []string{"6.17.0", "7.2.0"} {
		for _, tt := range []struct {
			issuer  string
			refused bool
		}{{"HTTPS://issuer.example.org/dune", false}, {"Http://issuer.example.org/dune", true}, {"HTTPS:issuer.example.org", version == "6.17.0"}} {
			p := Model(load(t, version, one("authtokens=* * * * *", "map_to_user=dune nobody")+"[authtokens]\n", nil))
			d := p.Evaluate(Identity{Claims: claims(t, tokenClaims{"iss": tt.issuer})}, JobInfo)
			if (d.TokenRefused != "") != tt.refused {
				t.Errorf("%s: %s: %q", version, tt.issuer, d.TokenRefused)
			}
		}
	}
}

func TestGoesOn(t *testing.T) {
	for mapping, want := range map[string]bool{
		"map_to_user=dune nobody":                                          false,
		"policy_on_map=continue\nmap_to_user=dune nobody":                  true,
		"policy_on_map=continue\nmap_to_user=dune":                         false, // it fails
		"map_with_file=dune /etc/map":                                      false,
		"policy_on_nomap=continue\nmap_with_file=dune /etc/map":            true,
		"policy_on_nomap=continue\nmap_to_user=dune nobody":                false,
		"policy_on_nomap=continue\nmap_to_magic=dune /etc/map":             false,
		"policy_on_nomap=continue\nmap_with_plugin=dune 10 /bin/map":       true,
		"policy_on_nomap=continue\npolicy_on_nomap=stop\nmap_to_pool=dune": false,
	} {
		p := Model(load(t, "7.2.0", one("all=yes", mapping), nil))
		rules := p.Mapping.Rules
		if got := p.GoesOn(rules[len(rules)-1]); got != want {
			t.Errorf("%q: %v", mapping, got)
		}
	}
}
