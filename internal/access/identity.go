package access

import (
	"slices"
	"strings"

	"arclint/internal/authgroup"
)

// Identity is what a client shows: a certificate, a token, both or nothing. It
// is taken as genuine.
type Identity struct {
	Subject string   // one-line name of the end-entity certificate, as OpenSSL prints it; "" without a certificate
	FQANs   []string // VOMS attributes of the certificate: "/dune/Role=production"
	Claims  *Claims  // of the token; nil without one

	// Refused says why the token counts as none whatever it claims, as who looked
	// at its envelope and at its issuer's keys knows; "" where it does not.
	Refused string
	// Unsettled is what must be so for the token to count, where nobody could look:
	// "whether the CE can fetch the keys of ..."; "" where it is settled.
	Unsettled string
}

// fqan is a VOMS attribute as rules compare it.
type fqan struct{ vo, group, role, capability string }

// VOOf is the VO of an attribute: "dune" of "/dune/Role=production".
func VOOf(fqan string) string { return parseFQAN(fqan).vo }

// parseFQAN cuts an attribute as VOMSUtil.cpp and AuthUser::arc_to_voms do: the
// group keeps its slashes, Role=NULL and Capability=NULL are nothing.
func parseFQAN(text string) fqan {
	var f fqan
	for part := range strings.SplitSeq(text, "/") {
		key, value, ok := strings.Cut(part, "=")
		switch {
		case part == "" || value == "NULL":
		case !ok:
			f.group += "/" + part
		case key == "Role":
			f.role = value
		case key == "Capability":
			f.capability = value
		}
		if f.vo == "" {
			f.vo = part
		}
	}
	return f
}

// Quoted says whether a voms= rule asks for quotes, which are part of its fields
// and of no attribute (arc-behaviour B6): it never matches.
func Quoted(t *authgroup.VOMS) bool {
	return slices.ContainsFunc(t.Fields(), func(f authgroup.Field) bool { return strings.ContainsAny(f.Text, `"'`) })
}
