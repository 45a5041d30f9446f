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
	if n := len(trust.Anchors(s, trust.Client)); n > 0 {
		return trust.FetchAccepted, fmt.Sprintf("CAs that are trusted for clients: %d", n)
	}
	if unseen := trust.NotSeen(s, trust.Client); unseen != "" {
		return trust.FetchUnknown, unseen + " was not read here, and the CE looks there for the CAs of clients"
	}
	return trust.FetchRefused, "no CA is trusted for clients"
}

// lookAtSubject ends the connection of a certificate that is taken for trusted where the
// CE trusts no CA (arc-behaviour F4): none is.
func (a *asking) lookAtSubject() {
	if a.person.Subject == "" || a.trusted {
		return
	}
	switch trusted, why := clientCAs(a.site); trusted {
	case trust.FetchRefused:
		a.step(source.Span{}, "client certificate", "arc-behaviour F4", "refused: %s", why)
		a.noTLS = "the TLS connection is refused: client certificate: " + why
	case trust.FetchUnknown:
		a.step(source.Span{}, "client certificate", "", "taken as given: %s", why)
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
