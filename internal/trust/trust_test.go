package trust_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/evidence"
	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/trust"
)

const issuerURL = "https://issuer.example.org/dune"

// trustCase is a site and what `arclint trust` says of its first issuer.
type trustCase struct {
	name     string
	releases []string // nil: all
	rule     string   // the line of the authgroup; "": one that names issuerURL
	set      func(w *world.World)
	public   func(w *world.World) *pki.Entity // a root that counts as public
	evidence bool
	want     answer
}

type answer struct {
	From   trust.ChainFrom
	Fetch  trust.KeyFetch
	Code   trust.Reason
	Anchor string
	Client trust.Answer
	By     trust.ImpersonationBy
}

var (
	all  = []string{"6.17.0", "7.0.0", "7.2.0"}
	only = func(r ...string) []string { return r }
)

func installRoot(w *world.World) { w.Install(w.Root) }

func pin(w *world.World, issuer string) {
	dir := "/var/spool/arc/jobstatus/tokenissuers/x/"
	w.Write(dir+"issuer", []byte(issuer))
	w.Write(dir+"metadata", []byte("{}"))
	w.Write(dir+"keys", []byte(`{"keys":[]}`))
}

var trustCases = []trustCase{
	{
		name: "CA installed", set: installRoot, evidence: true,
		want: answer{trust.FromEvidence, trust.FetchAccepted, openssl.OK, world.RootDN, trust.Accepted, trust.ByGrid},
	},
	{
		name: "CA installed and public", set: installRoot, public: theRoot, evidence: true,
		want: answer{trust.FromEvidence, trust.FetchAccepted, openssl.OK, world.RootDN, trust.Accepted, trust.ByPublic},
	},
	{
		name: "CA not installed, another one is", evidence: true,
		set:  func(w *world.World) { w.Install(pki.New(pki.Spec{Subject: "/O=Other/CN=Other CA", Key: "rsa6"})) },
		want: answer{trust.FromEvidence, trust.FetchRefused, openssl.NoAnchor, world.RootDN, trust.Refused, trust.ByGrid},
	},
	{
		name: "nothing installed", set: func(*world.World) {}, evidence: true,
		want: answer{trust.FromEvidence, trust.FetchRefused, openssl.NoAnchor, world.RootDN, trust.Refused, trust.ByNobody},
	},
	{
		name: "split trust (H1)", set: world.Scenarios()["H"]["H1 split-trust"], public: theRoot, evidence: true,
		want: answer{trust.FromEvidence, trust.FetchAccepted, openssl.OK, world.RootDN, trust.Refused, trust.ByPublic},
	},
	{
		name: "only in x509_cert_dir", evidence: true,
		set: func(w *world.World) {
			w.Write(world.CustomDir+"/"+w.Root.Hash()+".0", w.Root.PEM())
			w.Common = []string{"x509_cert_dir=" + world.CustomDir}
		},
		want: answer{trust.FromEvidence, trust.FetchRefused, openssl.NoAnchor, world.RootDN, trust.Accepted, trust.ByNobody},
	},
	{
		name: "anchor with a policy that admits nobody (H2)", releases: only("6.17.0"),
		set: world.Scenarios()["H"]["H2 anchor-with-policy"], public: theRoot, evidence: true,
		want: answer{trust.FromEvidence, trust.FetchAccepted, openssl.OK, world.RootDN, trust.Refused, trust.ByPublic},
	},
	{
		name: "the same, which 7.x does not look at (H2)", releases: only("7.0.0", "7.2.0"),
		set: world.Scenarios()["H"]["H2 anchor-with-policy"], public: theRoot, evidence: true,
		want: answer{trust.FromEvidence, trust.FetchAccepted, openssl.OK, world.RootDN, trust.Accepted, trust.ByPublic},
	},
	{
		name: "policy any, root in the system store (H4)", releases: only("7.2.0"),
		set: world.Scenarios()["H"]["H4 x509_cert_policy=any, root in the system store"], public: theRoot, evidence: true,
		want: answer{trust.FromEvidence, trust.FetchAccepted, openssl.OK, world.RootDN, trust.Accepted, trust.ByPublic},
	},
	{
		name: "pinned, no CA (H3)", releases: only("7.0.0", "7.2.0"),
		set:  func(w *world.World) { pin(w, issuerURL) },
		want: answer{trust.FromPinned, trust.FetchPinned, openssl.OK, "", trust.Unknown, trust.ByNobody},
	},
	{
		name: "pinned, which 6.17 does not read (H3)", releases: only("6.17.0"), evidence: true,
		set:  func(w *world.World) { pin(w, issuerURL) },
		want: answer{trust.FromEvidence, trust.FetchRefused, openssl.NoAnchor, world.RootDN, trust.Refused, trust.ByNobody},
	},
	{
		name: "pinned with a newline (G2)", releases: only("7.2.0"), evidence: true,
		set:  func(w *world.World) { pin(w, issuerURL+"\n") },
		want: answer{trust.FromEvidence, trust.FetchRefused, openssl.NoAnchor, world.RootDN, trust.Refused, trust.ByNobody},
	},
	{
		name: "pinned, grid CAs installed (S12)", releases: only("7.0.0", "7.2.0"),
		set:  func(w *world.World) { pin(w, issuerURL); w.Install(w.Root) },
		want: answer{trust.FromPinned, trust.FetchPinned, openssl.OK, "", trust.Unknown, trust.ByGrid},
	},
	{
		name: "pinned, a public root installed (S12)", releases: only("7.0.0", "7.2.0"), public: theRoot,
		set:  func(w *world.World) { pin(w, issuerURL); w.Install(w.Root) },
		want: answer{trust.FromPinned, trust.FetchPinned, openssl.OK, "", trust.Unknown, trust.ByPublic},
	},
	{
		name: "http", rule: "authtokens=* http://issuer.example.org * * *", set: installRoot, public: theRoot,
		want: answer{trust.FromNone, trust.FetchRefused, "", "", trust.Unknown, trust.ByNobody},
	},
	{
		name: "no scheme", releases: only("6.17.0"), rule: "authtokens=* issuer.example.org * * *", set: installRoot,
		want: answer{trust.FromNone, trust.FetchRefused, "", "", trust.Unknown, trust.ByNobody},
	},
	{
		name: "no scheme is https in 7.x (I2)", releases: only("7.0.0", "7.2.0"), rule: "authtokens=* issuer.example.org * * *", set: installRoot, evidence: true,
		want: answer{trust.FromEvidence, trust.FetchAccepted, openssl.OK, world.RootDN, trust.Accepted, trust.ByGrid},
	},
	{
		name: "any issuer", rule: "authtokens=* * * * *", set: installRoot, public: theRoot,
		want: answer{trust.FromNone, trust.FetchUnknown, "", "", trust.Unknown, trust.ByPublic},
	},
	{
		name: "not known", set: installRoot,
		want: answer{trust.FromNone, trust.FetchUnknown, "", "", trust.Unknown, trust.ByGrid},
	},
	{
		name: "registry, no root of its CA", rule: "authtokens=* https://cilogon.org/dune * * *", set: installRoot,
		want: answer{trust.FromRegistry, trust.FetchRefused, openssl.NoAnchor, "", trust.Refused, trust.ByGrid},
	},
	{
		name: "server certificate for clients only", evidence: true,
		set:  func(w *world.World) { world.WithLeaf(pki.Spec{EKU: []string{"clientAuth"}})(w) },
		want: answer{trust.FromEvidence, trust.FetchRefused, openssl.WrongPurpose, world.RootDN, trust.Accepted, trust.ByGrid},
	},
	{
		name: "root for servers only", evidence: true,
		set:  world.BelowRoot(pki.Spec{EKU: []string{"serverAuth"}}),
		want: answer{trust.FromEvidence, trust.FetchAccepted, openssl.OK, world.RootDN, trust.Refused, trust.ByGrid},
	},
}

func TestTrust(t *testing.T) {
	for _, tc := range trustCases {
		releases := tc.releases
		if releases == nil {
			releases = all
		}
		for _, release := range releases {
			t.Run(tc.name+"/"+release, func(t *testing.T) {
				w := worlds.World()
				tc.set(w)
				it := trustOf(t, w, tc, release)
				got := answer{it.ChainFrom, it.KeyFetch, it.Code, it.Anchor, it.ClientCertSameCA, it.ImpersonationBy}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("trust (-want +got):\n%s%s: %s", diff, it.Reason, it.ImpersonationWhy)
				}
				if it.Reason == "" || it.ImpersonationWhy == "" || len(it.NamedAt) == 0 || len(it.Trace) == 0 {
					t.Errorf("%+v leaves something unsaid", it)
				}
				if tc.public != nil && it.ImpersonationBy == trust.ByPublic && !strings.Contains(it.ImpersonationWhy, world.RootDN) {
					t.Errorf("%q does not name the public root", it.ImpersonationWhy)
				}
			})
		}
	}
}

func trustOf(t *testing.T, w *world.World, tc trustCase, release string) trust.IssuerTrust {
	t.Helper()
	rule := tc.rule
	if rule == "" {
		rule = "authtokens=* " + issuerURL + " * * *"
	}
	w.Common = append(w.Common, "[authgroup:all]", rule)
	s := load(t, w, release)
	if tc.evidence {
		s.Evidence = append(s.Evidence, &evidence.Served{Host: "issuer.example.org", Port: "443", Path: "/issuer.example.org.pem", Chain: certificates(t, w.Chain)})
	}
	isPublic := func(*gridsec.Certificate) bool { return false }
	if tc.public != nil {
		public := tc.public(w)
		isPublic = func(c *gridsec.Certificate) bool { return string(c.Raw) == string(public.Cert) }
	}
	list := trust.IssuersWith(s, isPublic)
	if len(list) == 0 {
		t.Fatal("no issuer, want one")
	}
	return list[0]
}

// TestTrustKnowsPublicRoots asks the registry for a root that browsers trust.
func TestTrustKnowsPublicRoots(t *testing.T) {
	data, err := os.ReadFile("testdata/amazon-root-ca-3.pem")
	if err != nil {
		t.Fatal(err)
	}
	w := worlds.World()
	w.Write(world.GridDir+"/8cb5ee0f.0", data)
	w.Common = []string{"[authgroup:dune]", "authtokens=* https://cilogon.org/dune * * *"}
	for _, it := range trust.Issuers(load(t, w, "7.2.0")) {
		if it.ImpersonationBy != trust.ByPublic || !strings.Contains(it.ImpersonationWhy, "Amazon Root CA 3") {
			t.Errorf("impersonation by %s: %s, want public and the name of the root", it.ImpersonationBy, it.ImpersonationWhy)
		}
		if it.KeyFetch != trust.FetchUnknown || it.ChainFrom != trust.FromRegistry {
			t.Errorf("key fetch %s from %s (%s), want unknown: one of five roots is installed", it.KeyFetch, it.ChainFrom, it.Reason)
		}
	}
}
