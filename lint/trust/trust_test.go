package trust

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures"
	"arclint/internal/openssl"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/internal/trust"
	"arclint/lint"
)

// The rules one by one are tested by their fixtures (lint/catalog). Here is what
// a fixture does not show: relations, skips, arguments for recipes.

func loadSite(t testing.TB, f *fixtures.Site) *site.Site {
	t.Helper()
	s, err := site.Load(f.Tree, site.Options{
		Root: "/", ARCVersion: f.ARCVersion, OSFamily: site.OSFamily(f.OSFamily), Now: f.Now, Evidence: f.Evidence,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func show(f lint.Finding) string {
	if at := f.Span.Begin(); at != (source.Position{}) {
		return fmt.Sprintf("%s:%d:%d: %s: %s", f.Path, at.Line, at.Column, f.Severity, f.Message())
	}
	return fmt.Sprintf("%s: %s: %s", f.Path, f.Severity, f.Message())
}

// variant loads one variant of a rule's fixture.
func variant(t *testing.T, rule *lint.Rule, name string) *fixtures.Site {
	t.Helper()
	c, err := fixtures.LoadRule("../../fixtures/rules/" + rule.ID + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	v := c.Variant(name)
	if v == nil {
		t.Fatalf("%s has no variant %s", rule.ID, name)
	}
	return v.Site
}

func runRule(t *testing.T, rule *lint.Rule, name string) lint.Result {
	t.Helper()
	return lint.Run(loadSite(t, variant(t, rule, name)), []*lint.Rule{rule})
}

// TestKeysElsewhere: where the CA of another host, on which the keys are, is not trusted,
// the issuer's own CA, which is, is not named as the one that is missing.
func TestKeysElsewhere(t *testing.T) {
	s := loadSite(t, variant(t, issuerCAMissing, "bad"))
	it := trust.IssuerTrust{
		Issuer: "https://issuer.example.org/dune", Code: openssl.NoAnchor, ChainFrom: trust.FromEvidence,
		Anchor: "/CN=Trusted CA", Reason: "the keys are on keys.example.org: its CA is missing",
	}
	headline, effect, action := refusal(s, it)
	if all := headline + effect + action; strings.Contains(all, it.Anchor) || !strings.Contains(effect, it.Reason) {
		t.Errorf("%s. %s %s", headline, effect, action)
	}
}

// TestStory: the site for which arclint was written. Its issuer is under a CA
// that the grid's set does not hold, and that is all that is wrong.
func TestStory(t *testing.T) {
	f, err := fixtures.LoadSite("../../fixtures/sites/dune-before-7.2")
	if err != nil {
		t.Fatal(err)
	}
	findings := lint.Run(loadSite(t, f), Rules).Findings
	if len(findings) != 1 {
		t.Fatalf("%d findings, want one: %v", len(findings), findings)
	}
	got := findings[0]
	if got.Rule != "trust/issuer-ca-missing" || got.Severity != lint.Error || got.Span.Text() != "https://cilogon.org/dune" {
		t.Errorf("got %s %s at %q", got.Severity, got.Rule, got.Span.Text())
	}
	for _, part := range []string{"tokens of https://cilogon.org/dune are refused", "Amazon Trust Services", site.GridCADir} {
		if !strings.Contains(got.Message(), part) {
			t.Errorf("message %q does not say %q", got.Message(), part)
		}
	}
	if diff := cmp.Diff([]string{"trust-issuer"}, got.Recipes); diff != "" {
		t.Error(diff)
	}
	if got.Args["issuer"] != "https://cilogon.org/dune" {
		t.Errorf("args %v", got.Args)
	}
}

// TestImpersonationOnce: ten issuers are one finding that names the places of all.
func TestImpersonationOnce(t *testing.T) {
	const rule = "authtokens=* https://issuer.example.org/dune https://ce.example.org * *\n"
	f := variant(t, issuerImpersonation, "bad")
	var more strings.Builder
	for n := range 9 {
		fmt.Fprintf(&more, "authtokens=* https://issuer%d.example.org https://ce.example.org * *\n", n)
	}
	data, err := f.Tree.ReadFile("/etc/arc.conf", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	tree := rootfs.Overlay(f.Tree)
	if err := tree.WriteFile("/etc/arc.conf", []byte(strings.Replace(string(data), rule, rule+more.String(), 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	f.Tree = tree
	findings := lint.Run(loadSite(t, f), []*lint.Rule{issuerImpersonation}).Findings
	if len(findings) != 1 || len(findings[0].Related) != 10 {
		t.Fatalf("got %d findings, want one with ten places: %+v", len(findings), findings)
	}
	if first := findings[0].Related[0]; first.Span.Text() != "https://issuer.example.org/dune" {
		t.Errorf("the first place is %q", first.Span.Text())
	}
}

func TestSkips(t *testing.T) {
	for _, tt := range []struct {
		rule    *lint.Rule
		variant string
		want    string
	}{
		{issuerCAUnknown, "good-2", "https://unknown.example.org/dune: the chain that its server sends is not known; `arclint probe https://unknown.example.org/dune` shows the chain, then give --evidence"},
		{issuerCAMissing, "good-6", ""},
		{jwksOtherCA, "good-2", "https://issuer.example.org/dune keeps its keys on keys.example.org, and the chain that this host sends is not known; give --evidence with keys.example.org.pem"},
		{caUnreadable, "good-4", site.GridCADir + "/cb502e43.0 may not be read by this user, run as root to look at it"},
		{lscSyntax, "good-3", "/etc/grid-security/vomsdir/vo.example.org/voms.example.org.lsc may not be read by this user, run as root to look at it"},
	} {
		t.Run(tt.rule.ID, func(t *testing.T) {
			var got string
			for _, skip := range runRule(t, tt.rule, tt.variant).Skips {
				got += skip.Reason
			}
			if got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestUnreadableDirectory: one rule says for all that nobody could look, and no
// rule finds anything.
func TestUnreadableDirectory(t *testing.T) {
	base, err := fixtures.Base("7.2.0")
	if err != nil {
		t.Fatal(err)
	}
	tree := rootfs.Overlay(base.Tree)
	if err := tree.Deny(site.GridCADir); err != nil {
		t.Fatal(err)
	}
	base.Tree = tree
	s := loadSite(t, base)
	res := lint.Run(s, Rules)
	for _, f := range res.Findings {
		t.Errorf("%s: %s", f.Rule, show(f))
	}
	said := 0
	for _, skip := range res.Skips {
		if skip.Rule == trustDirMissing.ID {
			said++
		}
	}
	if said != 1 {
		t.Errorf("skips are %v, want one of %s", res.Skips, trustDirMissing.ID)
	}
}

// TestArguments: what the recipes need to know.
func TestArguments(t *testing.T) {
	for _, tt := range []struct {
		rule    *lint.Rule
		variant string
		recipes []string
		args    map[string]string
	}{
		{issuerCAMissing, "bad", []string{"trust-issuer"}, map[string]string{"issuer": "https://issuer.example.org/dune", "anchor": "/O=Example Trust Services/CN=Example Web Root"}},
		{issuerCAMissing, "bad-4", []string{"refresh-crls"}, map[string]string{"issuer": "https://issuer.example.org/dune", "anchor": "/DC=org/DC=example/CN=Example Grid CA"}},
		{caExpired, "bad", []string{"remove-anchor"}, map[string]string{"path": site.GridCADir + "/XGridCA.pem"}},
		{caExpired, "bad-4", []string{"restore-igtf"}, nil},
		{arcctlCA, "bad", []string{"undo-arcctl-deploy"}, map[string]string{"path": site.GridCADir + "/SecondGridCA.pem"}},
		{pinnedUnused, "bad", []string{"undo-arcctl-deploy"}, map[string]string{"path": "/var/spool/arc/jobstatus/tokenissuers/dune"}},
		{trustDirWritable, "bad-4", []string{"fix-modes"}, map[string]string{"path": site.GridCADir, "owner": "root:root"}},
		{hashLinkWrong, "bad-4", []string{"refresh-crls"}, nil},
	} {
		t.Run(tt.rule.ID+" "+tt.variant, func(t *testing.T) {
			f := runRule(t, tt.rule, tt.variant).Findings[0]
			if diff := cmp.Diff(tt.recipes, f.Recipes); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.args, f.Args); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCompareDotted(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"1.146", "1.99", 1}, {"1.9", "1.146", -1}, {"1.133", "1.133", 0}, {"1.133", "1.133.1", -1}, {"x", "1", -1}, {"", "", 0}} {
		if got := compareDotted(tt.a, tt.b); (got > 0) != (tt.want > 0) || (got < 0) != (tt.want < 0) {
			t.Errorf("compareDotted(%q, %q) = %d, want the sign of %d", tt.a, tt.b, got, tt.want)
		}
	}
}
