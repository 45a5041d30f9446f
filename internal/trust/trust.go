// Package trust says which chains this CE accepts and whom it trusts to issue
// tokens: where each ARC release looks for which purpose, the issuers that the
// site names, and who could pose as them. How OpenSSL builds and checks a chain
// is internal/openssl.
package trust

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/evidence"
	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/openssl"
	"arclint/internal/site"
)

// Issuers answers for every issuer that a rule or a pinned key names, in the order
// in which they are named. The answer is worked out once for a site.
func Issuers(s *site.Site) []IssuerTrust {
	return site.Once(s, issuersKey{}, func() []IssuerTrust { return issuersWith(s, IsPublicRoot) })
}

type issuersKey struct{}

func issuersWith(s *site.Site, isPublic func(*gridsec.Certificate) bool) []IssuerTrust {
	a := newAssessor(s, isPublic)
	var list []IssuerTrust
	for _, n := range namedIssuers(s) {
		list = append(list, a.assess(n))
	}
	return list
}

// Of answers for one issuer, whether or not the site names it.
func Of(s *site.Site, issuer string) IssuerTrust {
	byName := site.Once(s, byNameKey{}, func() map[string]IssuerTrust {
		all := map[string]IssuerTrust{}
		for _, t := range Issuers(s) {
			all[t.Issuer] = t
		}
		return all
	})
	if t, named := byName[issuer]; named {
		return t
	}
	return FetchOf(s, issuer)
}

type byNameKey struct{}

// FetchOf answers for the fetch of an issuer's keys, which a token with a key id
// that is not pinned leads to (arc-behaviour S12).
func FetchOf(s *site.Site, issuer string) IssuerTrust {
	return site.Once(s, fetchKey{issuer}, func() IssuerTrust {
		a := site.Once(s, assessorKey{}, func() *assessor { return newAssessor(s, IsPublicRoot) })
		return a.assess(&namedIssuer{issuer: issuer})
	})
}

type fetchKey struct{ issuer string }

type assessorKey struct{}

// assessor holds what all issuers of a site share.
type assessor struct {
	site           *site.Site
	fetch, clients *openssl.Engine
	anchors        []*gridsec.Certificate // of the fetch
	policies       *gridsec.Dir           // where 6.17 looks for signing policies; nil: nowhere
	isPublic       func(*gridsec.Certificate) bool
	by             ImpersonationBy
	why            string
	hidden         string // what could hold anchors and could not be read
}

func newAssessor(s *site.Site, isPublic func(*gridsec.Certificate) bool) *assessor {
	a := &assessor{site: s, fetch: For(s, Issuer), clients: For(s, Client), policies: clientPlaces(s).policies, isPublic: isPublic}
	a.anchors, a.hidden = Anchors(s, Issuer), a.unreadable()
	a.by, a.why = a.impersonation()
	return a
}

// IsPublicRoot says whether web browsers trust the key, or did until lately.
func IsPublicRoot(c *gridsec.Certificate) bool {
	_, ok := issuers.FindPublicRoot(c.KeySHA256())
	return ok
}

func (a *assessor) assess(n *namedIssuer) IssuerTrust {
	t := IssuerTrust{
		Issuer: n.issuer, NamedAt: n.at, ChainFrom: FromNone, KeyFetch: FetchUnknown,
		ClientCertSameCA: Unknown, ImpersonationBy: a.by, ImpersonationWhy: a.why,
	}
	switch {
	case n.issuer == "*":
		t.Reason = "any issuer that the CE can reach is accepted; its chain is not known"
		t.Trace = append(t.Trace, Step{Text: "the rule names no issuer: tokens of every issuer whose server has a trusted chain are accepted", Source: "arc-behaviour S10"})
	case a.refusedByURL(&t):
	case len(a.anchors) == 0 && a.site.NotCopied(site.GridCADir):
		t.Reason = site.GridCADir + " is not in this root, so it is not known whom the key fetch trusts"
	case a.hidden != "":
		t.Reason = a.hidden + ", so it is not known whom the key fetch trusts"
	default:
		a.askEvidence(&t)
	}
	if n.pinned != nil {
		a.pin(&t, n.pinned)
	} else if dir := a.site.Pinned.Unread(n.issuer); dir != "" && t.KeyFetch == FetchRefused {
		t.KeyFetch, t.Never = FetchUnknown, false
		t.Reason = dir + " could not be read, so it is not known whether its keys are pinned there"
		t.Trace = append(t.Trace, Step{Text: t.Reason, Source: "arc-behaviour G3", Path: dir})
	}
	t.Trace = append(t.Trace, Step{Text: "who could pose as it: " + t.ImpersonationWhy, Source: "arc-behaviour S10"})
	return t
}

// pin puts the pinned keys in the place of the fetch. They do not keep others
// from being fetched (S12), so that the answer on impersonation stays.
func (a *assessor) pin(t *IssuerTrust, p *evidence.Pinned) {
	t.ChainFrom, t.KeyFetch, t.Code = FromPinned, FetchPinned, openssl.OK
	t.Never, t.NoDomain = false, false
	t.Reason = "its keys are pinned in " + p.Dir
	t.Trace = append(t.Trace,
		Step{Text: "the keys in " + p.Dir + " are read at start; no fetch is made for a token with a key id among them", Source: "arc-behaviour G3", Path: p.Dir},
		Step{Text: "a token with another key id makes the CE fetch, and a successful fetch replaces the pinned keys until the next start", Source: "arc-behaviour S12", Path: p.Dir})
	if t.ImpersonationBy == ByPublic || t.ImpersonationBy == ByGrid {
		t.ImpersonationWhy += "; pinned keys do not prevent it, since a token with an unknown key id makes the CE fetch"
	}
}

// refusedByURL answers for issuers that no fetch is accepted from.
func (a *assessor) refusedByURL(t *IssuerTrust) bool {
	scheme, _, found := strings.Cut(t.Issuer, "://")
	switch {
	case found && strings.EqualFold(scheme, "http"):
		t.never("keys fetched over http are not used", Step{Text: "the URL is http: the keys are fetched and then called unsafe", Source: "arc-behaviour I1"})
		t.ImpersonationWhy = "keys fetched over http are never used"
	case found && !strings.EqualFold(scheme, "https"):
		t.never("no keys are fetched but over https", Step{Text: "the URL is not https", Source: "arc-behaviour I1"})
	case !found && !a.site.Release.IssuerWithoutScheme:
		t.never("6.17 fetches nothing from an issuer without https://", Step{Text: "the issuer has no scheme, which 6.17 refuses", Source: "arc-behaviour I2"})
	case issuers.NoServer(t.Issuer):
		t.never("no server can have this name", Step{Text: "what stands in the place of the host is no name of one", Source: "arc-behaviour I1"})
	default:
		t.NoDomain = !found && !strings.ContainsAny(t.Issuer, ".:")
		return false
	}
	return true
}

// never says that no keys come from an issuer, and why.
func (t *IssuerTrust) never(why string, step Step) {
	t.Never, t.KeyFetch, t.Reason = true, FetchRefused, why
	t.ImpersonationBy, t.ImpersonationWhy = ByNobody, "no keys are fetched for it"
	t.Trace = append(t.Trace, step)
}

// askEvidence looks at the chain that the user gave, else at the registry.
func (a *assessor) askEvidence(t *IssuerTrust) {
	host, port, err := issuers.HostPort(t.Issuer)
	if err != nil {
		t.Reason = err.Error()
		return
	}
	known, listed := issuers.Known().Lookup(t.Issuer)
	evidence := a.site.Evidence.For(host, port)
	switch {
	case evidence == nil:
		t.Trace = append(t.Trace, Step{Text: "no evidence was given of the chain that " + host + " serves"})
	case evidence.Err != nil || len(evidence.Chain) == 0:
		t.Trace = append(t.Trace, Step{Text: "the evidence for " + host + " could not be read", Path: evidence.Path})
	default:
		a.judge(t, evidence)
		a.askKeyServer(t, known, host)
		return
	}
	if listed {
		a.askRegistry(t, known)
		return
	}
	t.Reason = "the chain that its server sends is not known"
	if t.NoDomain {
		t.Reason = "ARC takes it for the name of a server, and finds one only where the resolver of the CE completes so short a name"
		t.Trace = append(t.Trace, Step{Text: t.Reason, Source: "arc-behaviour I2"})
	}
}

// judge verifies the chain of the evidence.
func (a *assessor) judge(t *IssuerTrust, e *evidence.Served) {
	v := Chain(a.site, Issuer, e.Chain)
	t.ChainFrom, t.Code, t.Reason = FromEvidence, v.Reason, v.Trace[len(v.Trace)-1].Text
	t.Trace = append(t.Trace, Step{Text: "the chain is the one in " + e.Path, Path: e.Path})
	t.Trace = append(t.Trace, v.Trace...)
	t.KeyFetch = FetchRefused
	switch {
	case !v.Known():
		t.KeyFetch, t.Code = FetchUnknown, ""
	case v.Accepted:
		t.KeyFetch = FetchAccepted
	}
	top := v.Path[len(v.Path)-1]
	if v.Reason == openssl.NoAnchor || v.Reason == openssl.NoIntermediate {
		t.Missing = top.IssuerName
	}
	switch {
	case v.Anchor != nil:
		t.Anchor = v.Anchor.SubjectName
	case v.Reason == openssl.NoAnchor:
		t.Anchor = top.IssuerName
	}
	t.Reason = strings.TrimPrefix(t.Reason, "refused: ")
	if v.Anchor != nil {
		t.ClientCertSameCA = a.admits(v.Anchor, v.Path)
	} else if v.Reason == openssl.NoAnchor {
		t.ClientCertSameCA = a.admitsName(top)
	}
	t.Trace = append(t.Trace, a.clientStep(t))
}

// askKeyServer looks at the evidence of another server that serves the keys: its
// chain must be accepted too (I1).
func (a *assessor) askKeyServer(t *IssuerTrust, known issuers.Issuer, host string) {
	if t.KeyFetch != FetchAccepted || known.JWKS == "" {
		return
	}
	keyHost, port, err := issuers.HostPort(known.JWKS)
	if err != nil || keyHost == host {
		return
	}
	e := a.site.Evidence.For(keyHost, port)
	if e == nil || e.Err != nil || len(e.Chain) == 0 {
		t.Trace = append(t.Trace, Step{Text: "the keys are on " + keyHost + ", whose chain is not known", Source: "arc-behaviour I1"})
		return
	}
	switch v := Chain(a.site, Issuer, e.Chain); {
	case !v.Known():
		t.KeyFetch, t.Code = FetchUnknown, ""
		t.Reason = "the keys are on " + keyHost + ": " + v.Trace[len(v.Trace)-1].Text
	case !v.Accepted:
		t.KeyFetch, t.Code = FetchRefused, v.Reason
		t.Reason = "the keys are on " + keyHost + ": " + strings.TrimPrefix(v.Trace[len(v.Trace)-1].Text, "refused: ")
		t.Trace = append(t.Trace, v.Trace...)
	}
}

// askRegistry compares the roots that the registry names with the anchors of the
// fetch. The registry knows no intermediates and not which root of an operator
// it is, so that only "all of them" and "none of them" give an answer.
func (a *assessor) askRegistry(t *IssuerTrust, known issuers.Issuer) {
	roots := issuers.KnownRoots(known.TLSRoot)
	if len(roots) == 0 {
		t.Reason = "the chain that its server sends is not known"
		return
	}
	t.ChainFrom = FromRegistry
	t.Trace = append(t.Trace, Step{Text: "its CA: " + known.TLSRoot, Source: known.Source})
	var installed []*gridsec.Certificate
	for _, root := range roots {
		if f := anchorWithKey(a.anchors, root.SPKISHA256); f != nil {
			installed = append(installed, f)
		}
	}
	t.Anchor = a.expectedAnchor(roots, installed)
	switch len(installed) {
	case 0:
		t.KeyFetch, t.Code, t.ClientCertSameCA = FetchRefused, openssl.NoAnchor, a.admitsRoots(roots)
		t.Reason = "none of the roots of its CA (" + operator(known) + ") is installed where the fetch looks"
	case len(roots):
		t.KeyFetch, t.Code, t.ClientCertSameCA = FetchAccepted, openssl.OK, a.admits(installed[0], nil)
		t.Reason = "every root of its CA (" + operator(known) + ") is installed; whether its server sends the intermediates is not known"
	default:
		t.ClientCertSameCA = a.admits(installed[0], nil)
		t.Reason = fmt.Sprintf("%d of the %d roots of its CA (%s) are installed; which one it uses is not known", len(installed), len(roots), operator(known))
	}
	t.Trace = append(t.Trace, Step{Text: t.Reason}, a.clientStep(t))
}

// operator is the CA of an issuer without the remarks that follow its name in
// the registry; the trace gives them.
func operator(known issuers.Issuer) string {
	name, _, _ := strings.Cut(known.TLSRoot, " (")
	return name
}

// expectedAnchor names the operator's root that is used, or one that stands in a
// client's directory. Which of its roots an operator uses is not known otherwise.
func (a *assessor) expectedAnchor(roots []issuers.Root, installed []*gridsec.Certificate) string {
	if len(installed) > 0 {
		return installed[0].SubjectName
	}
	for _, root := range roots {
		if f := anchorWithKey(a.clients.Store.Certificates(), root.SPKISHA256); f != nil {
			return f.SubjectName
		}
	}
	return ""
}

func anchorWithKey(list []*gridsec.Certificate, key issuers.Fingerprint) *gridsec.Certificate {
	i := slices.IndexFunc(list, func(c *gridsec.Certificate) bool { return c.KeySHA256() == key })
	if i < 0 {
		return nil
	}
	return list[i]
}

func (a *assessor) clientStep(t *IssuerTrust) Step {
	return Step{Text: "a client certificate under the same anchor would be " + string(t.ClientCertSameCA)}
}

func subjects(list []*gridsec.Certificate) []string {
	var names []string
	for _, c := range list {
		names = append(names, c.SubjectName)
	}
	return names
}

// admits says whether a client certificate under the anchor would be trusted.
// path is the issuer's own, which tells an intermediate; nil where it is not
// known.
func (a *assessor) admits(anchor *gridsec.Certificate, path []*gridsec.Certificate) Answer {
	key := anchor.KeySHA256()
	f := anchorWithKey(Anchors(a.site, Client), key)
	switch {
	case f == nil:
		return Refused
	case a.policyAdmits(f, path):
		return Accepted
	}
	return Refused
}

// admitsName is admits for an anchor of which only the name is known: it is
// missing where the fetch looks.
func (a *assessor) admitsName(below *gridsec.Certificate) Answer {
	for _, c := range Anchors(a.site, Client) {
		if c.Hash == below.IssuerHash && openssl.SameName(below.RawIssuer, c.RawSubject) && a.policyAdmits(c, nil) {
			return Accepted
		}
	}
	return Refused
}

func (a *assessor) admitsRoots(roots []issuers.Root) Answer {
	anchors := Anchors(a.site, Client)
	for _, root := range roots {
		if f := anchorWithKey(anchors, root.SPKISHA256); f != nil && a.policyAdmits(f, nil) {
			return Accepted
		}
	}
	return Refused
}

// policyAdmits says whether the signing policy of the anchor, if 6.17 looks at
// one, lets anything below it in: a pattern with a wildcard, the intermediate of
// the issuer's own path, or a CA that is installed.
func (a *assessor) policyAdmits(anchor *gridsec.Certificate, path []*gridsec.Certificate) bool {
	if a.policies == nil {
		return true
	}
	file := policyFile(a.policies, anchor.Hash)
	if file == nil {
		return true
	}
	for _, e := range file.Policy.Entries {
		if e.CA.Text != anchor.SubjectName || len(e.Faults) > 0 {
			continue
		}
		if slices.ContainsFunc(e.Subjects, func(p gridsec.Line) bool { return strings.Contains(p.Text, "*") }) {
			return true
		}
	}
	candidates := append(slices.Clone(path), a.clients.Store.Certificates()...)
	return slices.ContainsFunc(candidates, func(c *gridsec.Certificate) bool {
		return c.SubjectName != anchor.SubjectName && c.IssuerName == anchor.SubjectName &&
			file.Policy.Decide617(anchor.SubjectName, c.SubjectName).Allowed
	})
}
