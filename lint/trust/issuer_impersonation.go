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
	Why: "When ARC fetches an issuer's keys, it does not compare the server's certificate with the issuer's host name. " +
		"An attacker needs any server certificate of a CA that ARC trusts for the fetch. " +
		"The attacker must also be on the network path, or make the CE's name service answer wrongly. " +
		"Then ARC fetches the attacker's keys, and accepts tokens for any subject that these keys sign. " +
		"Certificates of public CAs are free for everybody. Pinned keys do not prevent it: a token with an unknown key id makes ARC 7 fetch, and the answer replaces the pinned keys. " +
		"Some CAs of the IGTF set are public CAs too. Every site has them, and only a smaller set of CAs or a protected network path helps.",
	Source:   "arc-behaviour S10, S12, H1, H4, G3; WLCG common JWT profile section 4.2 (hostname verification)",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
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
	return fmt.Sprintf("any of the %d token issuers in arc.conf", len(issuers))
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

// reportPublic says once for the site through which CAs anybody can pose: the
// system's store, else the roots that the site added, else those that IGTF
// distributes. nil: nothing does.
func reportPublic(s *site.Site, r *lint.Reporter, whom string) *lint.Finding {
	anchors := trust.Anchors(s, trust.Issuer)
	if n := ofSystem(s, anchors); n > 0 {
		value, span, _ := policyOption(s)
		return r.At(span, "with x509_cert_policy=%s, ARC trusts %s of the operating system for token issuers", value, prose.Plural(n, "CA")).
			Means("%s", canPose(whom)).Do("Set x509_cert_policy to grid.").About("system store").Offer("restore-policy-grid")
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
		return r.Path(s.GridDir.Path, "ARC trusts %s of the IGTF set for token issuers", publicCAs(distributed)).
			Means("%s", canPose(whom)).Do("Protect the network path to the issuers, or exclude the CAs that no user needs.").
			Lists(several(distributed)).About("distributed roots").As(lint.Note).Offer()
	}
	return nil
}

// canPose says who can pose as the issuers.
func canPose(whom string) string {
	return "ARC does not compare the server's certificate with the host name. Whoever has a certificate of such a CA and is on the network path can pose as " + whom + "."
}

func reportAdded(s *site.Site, r *lint.Reporter, added []*gridsec.Certificate, whom string) *lint.Finding {
	f := r.Path(added[0].File.Path, "ARC trusts %s for token issuers", publicCAs(added)).
		Means("%s", canPose(whom)).Do("Pin the issuer's keys, and remove the public root.").
		Lists(several(added)).About("added roots").With("path", added[0].File.Path)
	for _, c := range added[1:] {
		f.RelatePath(c.File.Path, "%s", c.SubjectName)
	}
	if !s.Release.PinnedIssuers {
		f.Do("Protect the network path to the issuer. Keep the root here, since ARC 6 needs it.").Offer()
	}
	return f
}

// publicCAs counts them, or names the only one.
func publicCAs(certificates []*gridsec.Certificate) string {
	if several(certificates) == nil {
		return "the public CA " + commonName(certificates[0].SubjectName)
	}
	return prose.Plural(len(certificates), "public CA")
}

// several are the names of more than one.
func several(certificates []*gridsec.Certificate) []string {
	if len(certificates) < 2 {
		return nil
	}
	return names(certificates)
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
