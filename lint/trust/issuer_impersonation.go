package trust

import (
	"fmt"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/verify"
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
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		atRisk := impersonable(s)
		if len(atRisk) == 0 {
			return
		}
		f := reportPublic(s, r, len(atRisk))
		if f == nil {
			return
		}
		for _, it := range atRisk {
			for _, place := range namedIn(s, it) {
				f.Relate(place, "tokens of this issuer could be forged")
			}
		}
	},
}

// impersonable are the issuers named in arc.conf whose keys can be fetched.
func impersonable(s *site.Site) []verify.IssuerTrust {
	var found []verify.IssuerTrust
	for _, it := range verify.Trust(s) {
		if it.ImpersonationBy != verify.ByNobody && len(namedIn(s, it)) > 0 {
			found = append(found, it)
		}
	}
	return found
}

// reportPublic says once for the site what opens the key fetch to everybody: the
// system's store, else the roots that the site added, else those that IGTF
// distributes. nil: nothing does.
func reportPublic(s *site.Site, r *lint.Reporter, issuers int) *lint.Finding {
	anchors := anchorsFor(s, verify.Issuer)
	whom := "the token issuer named"
	if issuers > 1 {
		whom = fmt.Sprintf("any of the %d token issuers named", issuers)
	}
	if n := ofSystem(s, anchors); n > 0 {
		value, span, _ := policyOption(s)
		return r.At(span, "with x509_cert_policy=%s the key fetch trusts %s of the operating system, want grid: ARC compares no host name, so whoever has a certificate of such a CA can pose as %s on the network path",
			value, plural(n, "CA"), whom).About("system store").Offer("restore-policy-grid")
	}
	var added, distributed []*gridsec.Certificate
	for _, c := range anchors {
		root, public := publicRoot(c)
		switch {
		case public && root.IGTF:
			distributed = append(distributed, c)
		case public:
			added = append(added, c)
		}
	}
	if len(added) > 0 {
		wanted := "the network path to the issuer protected, as ARC 6 needs the root here"
		if s.Release.Is7() {
			wanted = "the issuer's keys pinned and no public root here"
		}
		f := r.Path(added[0].File.Path, "the key fetch trusts %s (%s), want %s: ARC compares no host name, so whoever has a certificate of such a CA can pose as %s on the network path",
			plural(len(added), "public CA"), list(names(added)), wanted, whom).About("added roots").With("path", added[0].File.Path)
		for _, c := range added[1:] {
			f.RelatePath(c.File.Path, "%s", c.SubjectName)
		}
		return f
	}
	if len(distributed) > 0 {
		return r.Path(s.GridDir.Path, "the key fetch trusts %s that IGTF distributes (%s), want the network path to the issuers protected, or the CAs that no user needs excluded: ARC compares no host name, so whoever has a certificate of such a CA can pose as %s on that path",
			plural(len(distributed), "public CA"), list(names(distributed)), whom).About("distributed roots").As(lint.Note)
	}
	return nil
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

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
