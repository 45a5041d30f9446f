package admission

import (
	"fmt"

	"arclint/internal/access"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/internal/trust"
)

// clientCAs says whether the CE trusts any CA for clients, and so whether it can accept
// a certificate at all.
func clientCAs(s *site.Site) (trust.KeyFetch, string) {
	switch n := len(trust.Anchors(s, trust.Client)); {
	case n > 0:
		return trust.FetchAccepted, fmt.Sprintf("CAs that are trusted for clients: %d", n)
	case s.NotCopied(site.GridCADir):
		return trust.FetchUnknown, site.GridCADir + " is not in this root"
	}
	return trust.FetchRefused, "no CA is trusted for clients"
}

// lookAtSubject ends the connection of a certificate that is taken for trusted where the
// CE trusts no CA (arc-behaviour F4): none is.
func (a *asking) lookAtSubject() {
	if a.person.Subject == "" || a.trusted {
		return
	}
	if trusted, why := clientCAs(a.site); trusted == trust.FetchRefused {
		a.step(source.Span{}, "client certificate", "arc-behaviour F4", "refused: %s", why)
		a.noTLS = "the TLS connection is refused: client certificate: " + why
	}
}

// unverified is what has to be otherwise for a certificate to count where the CE trusts
// no CA; false where it trusts one, or none is shown.
func unverified(s *site.Site, id access.Identity) (access.Dependency, bool) {
	if id.Subject == "" {
		return access.Dependency{}, false
	}
	trusted, why := clientCAs(s)
	return access.Dependency{Kind: access.OnCAs, On: "whether a client certificate can be verified: " + why}, trusted == trust.FetchRefused
}
