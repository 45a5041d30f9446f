package trust

import (
	"errors"
	"io/fs"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var issuerCAMissing = &lint.Rule{
	ID:    "trust/issuer-ca-missing",
	Title: "The CE cannot fetch a token issuer's keys, since it does not accept the certificate of the issuer's server",
	Why: "To check a token the CE fetches the issuer's keys over HTTPS. For that connection ARC trusts the CAs in /etc/grid-security/certificates, whatever x509_cert_dir says " +
		"(on 7.2.0 also the system's, if x509_cert_policy says so). IGTF holds no Amazon, Let's Encrypt or other purely public CA, so the connection fails and every token of the issuer is refused: " +
		"with 403 on ARC 6.17 and 500 on ARC 7. The obvious repairs open holes. The public root among the grid CAs lets any holder of a client certificate under it authenticate on ARC 7, where signing policies are not enforced, " +
		"and lets any holder of a server certificate under it pose as the issuer, because ARC does not compare the issuer's certificate with its host name. " +
		"x509_cert_policy=system or any opens both to every public CA. The recipes are the narrow ways.",
	Source:   "arc-behaviour D1, D5, D8, I1, S10, H1-H4",
	Facts:    []string{"D1", "D5", "I1", "H1"},
	Severity: lint.Error,
	Recipe:   "trust-issuer",
	ByHand: `If the certificate that the issuer serves is at fault, tell the issuer: no file
of this CE repairs an expired or a weak one. Ask it again after that:

    arclint probe --write ./evidence https://vo.example.org
    arclint trust --evidence ./evidence

Until then, admit the VO by certificate. Add no public CA and no
x509_cert_policy=any for it: both admit strangers.

    [authgroup:dune]
    voms=dune * * *

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, it := range trust.Issuers(s) {
			if it.KeyFetch != trust.FetchRefused || !fetched(s, it.Issuer) || onlyInIgnoredDir(s, it) {
				continue
			}
			if hidden := unseen(s); it.LacksAnchor() && hidden != "" {
				r.Skip("it is not known whether the CA of %s is trusted: %s may not be read by this user, run as root", it.Issuer, hidden)
				continue
			}
			f := at(s, r, it, "ARC refuses the tokens of %s: %s", it.Issuer, refusal(s, it))
			f.With("anchor", it.Anchor)
			if recipe := repairOf(it.Code); recipe != "" {
				f.Offer(recipe)
			} else if !it.LacksAnchor() {
				f.Offer()
			}
		}
	},
}

// unseen is a path where a trust anchor of the fetch may stand and cannot be
// read, "" where everything was read.
func unseen(s *site.Site) string {
	if s.GridDir.Err != nil && !errors.Is(s.GridDir.Err, fs.ErrNotExist) {
		return s.GridDir.Path
	}
	for _, e := range s.GridDir.Entries {
		if sl, ok := parseSlot(e.Name); ok && !sl.isCRL() && e.Obstacle() == gridsec.Denied {
			return e.Path
		}
	}
	return ""
}

// refusal says in the words of an administrator why the keys cannot be fetched.
func refusal(s *site.Site, it trust.IssuerTrust) string {
	missing := ""
	switch {
	case it.LacksIntermediate():
		return "its server does not send the certificate of " + it.Missing + ", which signed its own, and " + lookedIn(s) + " does not have it, so ARC cannot fetch the keys that it needs to check a token. " +
			"Ask the issuer to send its whole chain, or install that intermediate CA there; a root alone does not help"
	case it.LacksAnchor() && it.ChainFrom == trust.FromRegistry:
		missing = "no root of " + operatorOf(it.Issuer) + ", the CA of its server as far as is known, stands in "
	case it.LacksAnchor() && it.Anchor != "":
		missing = "the CA of its server, " + it.Anchor + ", does not stand in "
	default:
		return "the certificate of its server is not accepted (" + it.Reason + "), want that put right: ARC cannot fetch the keys that it needs to check a token"
	}
	return missing + lookedIn(s) + ", want " + pinnedOr(s, "that root installed for the key fetch alone") + ": ARC looks nowhere else, and cannot fetch the keys that it needs to check a token"
}

// pinnedOr puts pinned keys before the other way where the release reads them.
func pinnedOr(s *site.Site, otherwise string) string {
	if s.Release.PinnedIssuers {
		return "its keys pinned, or " + otherwise
	}
	return otherwise
}

// operatorOf is the CA that the registry names for the issuer, without the
// remarks behind the name.
func operatorOf(issuer string) string {
	known, _ := issuers.Known().Lookup(issuer)
	name, _, _ := strings.Cut(known.TLSRoot, " (")
	return name
}

// lookedIn names the places where the fetch looks for CAs.
func lookedIn(s *site.Site) string {
	switch {
	case !opensSystemStore(s):
		return site.GridCADir
	case s.Release.CertPolicy.OthersAreSystem():
		return "OpenSSL's default store below " + s.OpenSSLDir()
	}
	return "OpenSSL's default store or " + site.GridCADir
}

// repairOf is the recipe for a chain that is refused although its CA is there.
func repairOf(code trust.Reason) string {
	if code.OfCRL() {
		return "refresh-crls"
	}
	return ""
}
