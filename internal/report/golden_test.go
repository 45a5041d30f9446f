package report

import (
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/golden"
	"arclint/internal/admission"
	"arclint/internal/gridsec"
	"arclint/internal/issuers/probe"
	"arclint/internal/openssl"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/internal/trust"
	"arclint/lint"
	"arclint/recipes"
)

var conf = source.New("/etc/arc.conf", []byte(`[common]
hostname=ce.example.org
[authgroup:dune]
authtokens=* https://issuer.example.org/dune * * *
`))

func span(text string) source.Span {
	start := bytes.Index(conf.Data, []byte(text))
	return source.Span{File: conf, Start: start, End: start + len(text)}
}

// between is a release that lies between two measured ones.
func between() site.Release {
	r, err := site.NewRelease("7.1.0", "--arc-version")
	if err != nil {
		panic(err)
	}
	return r
}

func exampleSite() *site.Site {
	return &site.Site{
		Root: "ce\x1b[2J", Config: "/etc/arc.conf", OSFamily: site.Debian,
		Release:  between(),
		Problems: []site.Problem{{Path: "/etc/grid-security/\x1b[31m", Reason: "permission denied"}},
	}
}

func exampleResult() lint.Result {
	return lint.Result{
		Findings: []lint.Finding{
			{
				Rule: "trust/issuer-ca-missing", Severity: lint.Error, Path: conf.Path, Span: span("https://issuer.example.org/dune"),
				Headline: "the \x1b[31mCA <b>&</b> is missing", Subject: "https://issuer.example.org/dune",
				Related: []lint.Related{
					{Path: conf.Path, Span: span("hostname"), Message: "the host"},
					{Path: "/etc/grid-security/certificates", Message: "looked for here"},
				},
				Recipes: []string{"trust-issuer", "pin-issuer"}, Args: map[string]string{"issuer": "https://issuer.example.org/dune"},
			},
			{Rule: "conf/syntax", Severity: lint.Warning, Path: conf.Path, Span: span("\n[authgroup"), Headline: "begins at a line end"},
			{Rule: "host/key-mode", Severity: lint.Note, Path: "/etc/grid-security/hostkey\n.pem", Headline: "mode is 0640, want 0400"},
		},
		Skips: []lint.Skip{{Rule: "trust/issuer-ca-unknown", Reason: "the chain of \x1b]0;x\x07 is not known"}},
	}
}

func TestCheckText(t *testing.T) {
	golden.CheckWriter(t, "testdata/check.txt", func(w io.Writer) error {
		return Text{W: w}.Check(exampleSite(), recipes.Offered{Result: exampleResult()})
	})
	golden.CheckWriter(t, "testdata/sound.txt", func(w io.Writer) error {
		s := exampleSite()
		s.Problems = nil
		return Text{W: w}.Check(s, recipes.Offered{Result: lint.Result{}})
	})
}

func TestCheckJSON(t *testing.T) {
	golden.CheckWriter(t, "testdata/check.json", func(w io.Writer) error {
		return CheckJSON(w, Program{Version: "1.0", Issuers: "2026-08-21"}, exampleSite(), exampleResult())
	})
	golden.CheckWriter(t, "testdata/sound.json", func(w io.Writer) error { return CheckJSON(w, Program{}, &site.Site{}, lint.Result{}) })
}

// TestColour: colour adds sequences and changes nothing else.
func TestColour(t *testing.T) {
	var plain, coloured strings.Builder
	if err := (Text{W: &plain}).Check(exampleSite(), recipes.Offered{Result: exampleResult()}); err != nil {
		t.Fatal(err)
	}
	if err := (Text{W: &coloured, Colour: true}).Check(exampleSite(), recipes.Offered{Result: exampleResult()}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plain.String(), "\x1b") {
		t.Errorf("escape sequences without Colour: %q", &plain)
	}
	if !strings.Contains(coloured.String(), "\x1b[31merror\x1b[") || !strings.Contains(coloured.String(), "\x1b[33mwarning\x1b[") {
		t.Errorf("severities are not coloured: %q", &coloured)
	}
	sequence := regexp.MustCompile("\x1b\\[[0-9;]*m")
	if diff := cmp.Diff(plain.String(), sequence.ReplaceAllString(coloured.String(), "")); diff != "" {
		t.Errorf("without its sequences (-plain +coloured):\n%s", diff)
	}
}

func exampleTrust() []trust.IssuerTrust {
	return []trust.IssuerTrust{
		{
			Issuer: "https://issuer.example.org/dune", NamedAt: []source.Span{span("https://issuer.example.org/dune")},
			ChainFrom: trust.FromEvidence, KeyFetch: trust.FetchAccepted, Reason: "the chain is good", Anchor: "/DC=org/DC=example/CN=Example Grid CA",
			ClientCertSameCA: trust.Accepted, ImpersonationBy: trust.ByGrid, ImpersonationWhy: "no host name is compared",
			Trace: []trust.Step{{Text: "looked", Source: "arc-behaviour D1", Path: "/etc/grid-security/certificates"}, {Text: "found"}},
		},
		{
			Issuer: "https://bad.example.org/\t\x1b[2J\n", ChainFrom: trust.FromPinned, KeyFetch: trust.FetchPinned, Reason: "keys are pinned",
			ClientCertSameCA: trust.Unknown, ImpersonationBy: trust.ByNobody, ImpersonationWhy: "nobody is asked",
		},
	}
}

func exampleVOs() []trust.VOTrust {
	return []trust.VOTrust{
		{VO: "dune", Answer: trust.Accepted, Why: "there are files", Servers: []trust.VOMSServer{
			{Host: "a", Path: "/v/dune/a.lsc", Admits: trust.AdmitsNamed, Names: []string{"/CN=a\x1b[2J", "/CN=CA"}},
			{Host: "b", Path: "/v/dune/b.lsc", Admits: trust.AdmitsAny, Names: []string{"/CN=b"}},
			{Host: "c", Path: "/v/dune/c.lsc", Admits: trust.AdmitsPattern, Names: []string{"^/CN=.*$"}},
			{Host: "d", Path: "/v/dune/d.lsc", Admits: trust.AdmitsNobody},
			{Host: "d:15000", Path: "/v/dune/d:15000.lsc", Admits: trust.AdmitsNobody, Why: "the name of the file has a port\x1b in it"},
			{Host: "e", Path: "/v/dune/e.lsc", Admits: trust.AdmitsUnknown},
		}},
		{VO: "atlas", Answer: trust.Refused, Why: "there is none"},
	}
}

func TestTrust(t *testing.T) {
	golden.CheckWriter(t, "testdata/trust.txt", func(w io.Writer) error { return Text{W: w}.Trust(exampleTrust(), exampleVOs(), true) })
	golden.CheckWriter(t, "testdata/trust.json", func(w io.Writer) error { return TrustJSON(w, exampleTrust(), exampleVOs()) })
	golden.CheckWriter(t, "testdata/trust-none.txt", func(w io.Writer) error { return Text{W: w}.Trust(nil, nil, true) })
	golden.CheckWriter(t, "testdata/trust-none.json", func(w io.Writer) error { return TrustJSON(w, nil, nil) })
}

func TestVerdict(t *testing.T) {
	accepted := trust.Verdict{
		Accepted: true, Reason: openssl.OK, Anchor: &gridsec.Certificate{SubjectName: "/CN=Example CA"},
		Path:  []*gridsec.Certificate{{SubjectName: "/CN=user\x1b[2J"}, {SubjectName: "/CN=Example CA"}},
		Trace: []trust.Step{{Text: "found", Path: "/etc/grid-security/certificates/5c278efe.0", Source: "arc-behaviour D1"}},
	}
	refused := trust.Verdict{Reason: openssl.NoAnchor}
	golden.CheckWriter(t, "testdata/accepted.txt", func(w io.Writer) error { return Text{W: w}.Verdict(accepted) })
	golden.CheckWriter(t, "testdata/accepted.json", func(w io.Writer) error { return VerdictJSON(w, accepted) })
	golden.CheckWriter(t, "testdata/refused.txt", func(w io.Writer) error { return Text{W: w}.Verdict(refused) })
	golden.CheckWriter(t, "testdata/refused.json", func(w io.Writer) error { return VerdictJSON(w, refused) })
}

func TestProbe(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	results := []probe.Result{
		{
			Issuer: "https://issuer.example.org", At: at,
			Servers: []probe.Server{{
				Host: "issuer.example.org", Port: "443", NameMatches: false,
				Chain:  []probe.Certificate{{Subject: "/CN=\x1b[2J"}},
				Anchor: probe.Anchor{Subject: "/CN=Example Root", Public: true},
			}},
			Keys:     []probe.Key{{Kid: "a\x1b", Type: "RSA", Alg: "RS256", Releases: []string{"7.2.0"}}, {Kid: "b", Type: "EC"}},
			Problems: []probe.Problem{{Code: "ec-keys", Effect: probe.Partial, Releases: []string{"6.17.0"}, Message: "has EC keys", Source: "arc-behaviour I5"}},
			ARC: []probe.Outcome{
				{Release: "6.17.0", Verdict: probe.SomeWork, Because: []string{"ec-keys"}},
				{Release: "7.2.0", Verdict: probe.AllWork, Because: []string{}},
			},
		},
		{Issuer: "nonsense", At: at, Servers: []probe.Server{}, Keys: []probe.Key{}, Problems: []probe.Problem{}, ARC: []probe.Outcome{}},
	}
	golden.CheckWriter(t, "testdata/probe.txt", func(w io.Writer) error { return Text{W: w}.Probe(results) })
	golden.CheckWriter(t, "testdata/probe-none.json", func(w io.Writer) error { return ProbeJSON(w, nil) })
}

func TestProof(t *testing.T) {
	before := exampleResult()
	after := lint.Result{Findings: append([]lint.Finding{}, before.Findings[1], lint.Finding{Rule: "trust/new", Severity: lint.Note, Path: "/etc/new", Headline: "is new"})}
	proof := Proof{
		Before: before, After: after, TrustBefore: exampleTrust()[:1], TrustAfter: exampleTrust()[1:],
		Effect: recipes.Effect{
			Unproven: []string{"the effect of \x1b[2J"},
			Who: admission.Comparison{
				Asked:   3,
				Changes: []admission.Change{{Who: "members of the VO \x1b[2J", Before: "allow as a:b", After: "deny"}, {Who: "any token", Before: "deny", After: "allow as c"}},
				CAs:     []admission.CAChange{{Name: "/CN=Example CA", Added: true}},
			},
		},
	}
	golden.CheckWriter(t, "testdata/proof.txt", func(w io.Writer) error {
		return Text{W: w}.Proof(recipes.Plan{Recipe: "pin-issuer", Title: "pin the keys of \x1b[2J"}, proof)
	})
	proof.Effect = recipes.Effect{Who: admission.Comparison{Asked: 1}}
	golden.CheckWriter(t, "testdata/proof-unchanged.txt", func(w io.Writer) error {
		return Text{W: w}.Proof(recipes.Plan{Recipe: "fix-modes", Title: "set modes"}, proof)
	})
	golden.CheckWriter(t, "testdata/recipes.txt", func(w io.Writer) error {
		return RecipeList(w, []recipes.Recipe{{ID: "pin-issuer", Title: "pin the keys"}, {ID: "fix", Title: "fix it"}})
	})
}

func TestError(t *testing.T) {
	var b strings.Builder
	Error(&b, errors.Join(errors.New("cannot read \x1b[2J"), errors.New("nor close")))
	if got, want := b.String(), "arclint: cannot read \\x1B[2J; nor close\n"; got != want {
		t.Errorf("Error wrote %q, want %q", got, want)
	}
}

// TestProgress: a pipe and a buffer get nothing.
func TestProgress(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, out := range []io.Writer{w, &b} {
		p := NewProgress(out, 2)
		p.Step("one")
		p.Step("two")
		p.Done()
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	piped, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if len(piped)+b.Len() > 0 {
		t.Errorf("progress in a pipe %q and in a buffer %q, want none", piped, &b)
	}
}

// TestProgressBar: on a terminal the bar is as far as the work, stays within
// its width and goes away.
func TestProgressBar(t *testing.T) {
	var b strings.Builder
	p := &Progress{w: &b, total: 2}
	p.Step("one\x1b[2J")
	p.Step("two")
	p.Done()
	want := "\r\x1b[K[....................] 0/2 one\\x1B[2J" + "\r\x1b[K[##########..........] 1/2 two" + "\r\x1b[K"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("bar (-want +got):\n%s", diff)
	}
}

// TestProofMoved: a finding whose line has moved, or that is told of another text
// in the same words, is neither repaired nor new.
func TestProofMoved(t *testing.T) {
	of := func(subject, message string) lint.Finding {
		return lint.Finding{Rule: "authz/token-rule-fields", Path: "/etc/arc.conf", Headline: message, Subject: subject}
	}
	before := []lint.Finding{of("a # b c", "the group is missing"), of("x", "the scope is missing")}
	after := []lint.Finding{of("a https://ce.example.org # b c", "the group is missing"), of("y", "the subject is missing")}
	gone, left, fresh := compare(before, after)
	if len(gone) != 1 || gone[0].Subject != "x" || len(left) != 1 || len(fresh) != 1 || fresh[0].Subject != "y" {
		t.Errorf("gone %v, left %v, fresh %v", gone, left, fresh)
	}
}
