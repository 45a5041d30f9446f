package trust

import (
	"errors"
	"io/fs"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/pattern"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var issuerCAMissing = &lint.Rule{
	ID:    "trust/issuer-ca-missing",
	Title: "ARC cannot fetch the keys of a token issuer, because it does not trust the certificate of the issuer's server",
	Why: "To check a token, ARC fetches the issuer's keys over HTTPS. For that connection it trusts the CAs in /etc/grid-security/certificates, whatever x509_cert_dir says. " +
		"ARC 7.2.0 also trusts the system's CAs, if x509_cert_policy says so. IGTF has no Amazon, Let's Encrypt or other purely public CA. " +
		"The connection to an issuer under such a CA fails, and ARC refuses every token of it: with 403 on 6.17, with 500 on 7. " +
		"The obvious repairs let in others. With the public root among the grid CAs, any holder of a client certificate under it authenticates on ARC 7, which enforces no signing policies. " +
		"Any holder of a server certificate under it can pose as the issuer, because ARC does not compare the issuer's certificate with its host name. " +
		"x509_cert_policy=system or any does both for every public CA. The recipes let in fewer.",
	Source:   "arc-behaviour D1, D5, D8, I1, S10, H1-H4",
	Impact:   lint.Outage,
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
			headline, effect, action := refusal(s, it)
			f := at(s, r, it, "tokens of %s are refused: %s", it.Issuer, headline).Means("%s", effect).Do("%s", action)
			f.With("anchor", it.Anchor)
			if recipe := repairOf(it.Code); recipe != "" {
				f.Offer(recipe)
			} else if !it.LacksAnchor() {
				f.Offer()
			}
		}
	},
}

// unseen is a path where a trust anchor of the fetch may be and cannot be
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

// refusal says why ARC does not accept the issuer's server, what happens because of
// it, and what to do. Where the keys are on another host and its CA is missing, nothing
// is Missing for the issuer's own server.
func refusal(s *site.Site, it trust.IssuerTrust) (headline, effect, action string) {
	switch {
	case it.LacksIntermediate() && it.Missing != "":
		return "its server's chain is incomplete",
			"The server does not send the certificate of " + it.Missing + ", which signed its own, and " + lookedIn(s) + " does not have it. " + noKeysNoCheck,
			"Ask the issuer to send its whole chain, or install that intermediate CA there. A root alone does not help."
	case it.LacksAnchor() && it.ChainFrom == trust.FromRegistry:
		return caOfServer, onlyLookedIn(s) + "That CA is " + knownCA(it.Issuer) + ", and none of its roots is there.", orPin(s, installForIssuers)
	case it.LacksAnchor() && it.Missing != "":
		return caOfServer, onlyLookedIn(s) + "That CA is " + it.Missing + ", and it is not there.", orPin(s, installForIssuers)
	case it.LacksAnchor():
		action = orPin(s, "install the CA of that host for token issuers only, not for clients")
	case it.Code.OfCRL():
		action = "Fetch the current CRL of that CA."
	default:
		action = "Tell the issuer, if its certificate is at fault. Until it is repaired, admit the VO by certificate."
	}
	return "its server is not trusted", noKeysNoCheck + " The connection fails: " + it.Reason + ".", action
}

const (
	caOfServer        = "the CA of its server is not trusted"
	installForIssuers = "install the root of this CA for token issuers only, not for clients"
)

// onlyLookedIn says where ARC looks for the CA of an issuer's server, and what happens.
func onlyLookedIn(s *site.Site) string {
	return noKeysNoCheck + " It looks for the CA of the issuer's server only in " + lookedIn(s) + ". "
}

// orPin is what to do, with pinned keys before it where the release reads them.
func orPin(s *site.Site, otherwise string) string {
	if s.Release.PinnedIssuers {
		return "Pin the issuer's keys, or " + otherwise + "."
	}
	return strings.ToUpper(otherwise[:1]) + otherwise[1:] + "."
}

// knownCA is the CA that the registry names for the issuer, with the month of what it
// rests on.
func knownCA(issuer string) string {
	known, _ := issuers.Known().Lookup(issuer)
	name, remark, _ := strings.Cut(known.TLSRoot, " (")
	if month := yearAndMonth().FindString(remark); month != "" {
		return name + ", as far as the registry of " + month + " knows"
	}
	return name + ", as far as the registry knows"
}

var yearAndMonth = pattern.OnDemand(`\b20[0-9]{2}-[01][0-9]\b`)

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
