package trust

import (
	"fmt"
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var issuerImpersonation = &lint.Rule{
	ID:    "trust/issuer-impersonation",
	Title: "Any holder of a certificate of a public CA can pose as a token issuer",
	Why: "ARC does not compare the certificate that it meets when it fetches an issuer's keys with the issuer's host name. " +
		"Whoever is on the network path, or can make the CE's name service answer wrongly, and holds any server certificate of a CA that the fetch trusts, can hand the CE keys of their own and sign tokens for any subject. " +
		"Certificates of public CAs are free for everybody. Pinned keys do not prevent it: a token with an unknown key id makes ARC 7 fetch, and the answer replaces the pinned keys. " +
		"Some CAs of the IGTF set are public CAs too: that every site has, and only a smaller set of CAs or a protected network path helps.",
	Source:   "arc-behaviour S10, S12, H1, H4, G3; WLCG common JWT profile section 4.2 (hostname verification)",
	Facts:    []string{"S10", "S12", "H1", "H4"},
	Severity: lint.Warning,
	Recipe:   "trust-issuer",
	ByHand: `On ARC 6, protect the path to the issuer, and plan the upgrade: ARC 6 reads no
pinned keys. If IGTF distributes the public CA, exclude it on a CE whose users
have no certificates of it.

    arclint trust
    arclint check --target 7.2.0

After the upgrade, run the recipe that check names then: it pins the keys of
the issuer.`,
	Check: func(s *site.Site, r *lint.Reporter) {
		atRisk := impersonable(s)
		if len(atRisk) == 0 {
			return
		}
		f := reportPublic(s, r, whom(atRisk))
		if f == nil {
			return
		}
		for _, it := range atRisk {
			for _, place := range namedIn(s, it) {
				f.Relate(place, "tokens of this issuer could be forged")
			}
		}
		if len(atRisk) == 1 && atRisk[0].Issuer != "*" {
			f.With("issuer", atRisk[0].Issuer)
		}
	},
}

// whom says as whom somebody could pose.
func whom(issuers []trust.IssuerTrust) string {
	switch {
	case slices.ContainsFunc(issuers, func(it trust.IssuerTrust) bool { return it.Issuer == "*" }):
		return "any token issuer"
	case len(issuers) == 1:
		return issuers[0].Issuer
	}
	return fmt.Sprintf("any of the %d token issuers named", len(issuers))
}

// impersonable are the issuers named in arc.conf whose keys can be fetched.
func impersonable(s *site.Site) []trust.IssuerTrust {
	var found []trust.IssuerTrust
	for _, it := range trust.Issuers(s) {
		if it.ImpersonationBy != trust.ByNobody && len(namedIn(s, it)) > 0 {
			found = append(found, it)
		}
	}
	return found
}

// reportPublic says once for the site what opens the key fetch to everybody: the
// system's store, else the roots that the site added, else those that IGTF
// distributes. nil: nothing does.
func reportPublic(s *site.Site, r *lint.Reporter, whom string) *lint.Finding {
	anchors := trust.Anchors(s, trust.Issuer)
	if n := ofSystem(s, anchors); n > 0 {
		value, span, _ := policyOption(s)
		return r.At(span, "with x509_cert_policy=%s the key fetch trusts %s of the operating system, want grid: ARC compares no host name, so whoever has a certificate of such a CA can pose as %s on the network path",
			value, prose.Plural(n, "CA"), whom).About("system store").Offer("restore-policy-grid")
	}
	var added, distributed []*gridsec.Certificate
	for _, c := range anchors {
		if _, public := publicRoot(c); !public {
			continue
		}
		if addedPublic(c) {
			added = append(added, c)
		} else {
			distributed = append(distributed, c)
		}
	}
	switch {
	case len(added) > 0:
		return reportAdded(s, r, added, whom)
	case len(distributed) > 0:
		return r.Path(s.GridDir.Path, "the key fetch trusts %s that IGTF distributes (%s), want the network path to the issuers protected, or the CAs that no user needs excluded: ARC compares no host name, so whoever has a certificate of such a CA can pose as %s on that path",
			prose.Plural(len(distributed), "public CA"), list(names(distributed)), whom).About("distributed roots").As(lint.Note).Offer()
	}
	return nil
}

func reportAdded(s *site.Site, r *lint.Reporter, added []*gridsec.Certificate, whom string) *lint.Finding {
	wanted := "the network path to the issuer protected, as ARC 6 needs the root here"
	if s.Release.PinnedIssuers {
		wanted = "the issuer's keys pinned and no public root here"
	}
	f := r.Path(added[0].File.Path, "the key fetch trusts %s (%s), want %s: ARC compares no host name, so whoever has a certificate of such a CA can pose as %s on the network path",
		prose.Plural(len(added), "public CA"), list(names(added)), wanted, whom).About("added roots").With("path", added[0].File.Path)
	for _, c := range added[1:] {
		f.RelatePath(c.File.Path, "%s", c.SubjectName)
	}
	if !s.Release.PinnedIssuers {
		f.Offer()
	}
	return f
}

// names are the common names of the subjects, each once.
func names(certificates []*gridsec.Certificate) []string {
	var found []string
	seen := map[string]bool{}
	for _, c := range certificates {
		if name := commonName(c.SubjectName); !seen[name] {
			seen[name] = true
			found = append(found, name)
		}
	}
	return found
}
