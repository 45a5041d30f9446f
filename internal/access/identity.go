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
	FQANs   []string // VOMS attributes of the certificate, with their VO or without: "dune:/dune/Role=production"
	Claims  *Claims  // of the token; nil without one

	// Refused says why the token counts as none whatever it claims, as who looked
	// at its envelope and at its issuer's keys knows; "" where it does not.
	Refused string
	// Doubtful are further attributes that count if something is so that nobody could look
	// at, which Doubt says: "whether the attribute certificate of dune counts: ...".
	Doubtful []string
	Doubt    string

	// Presumed are those of FQANs that count only if something is so that nobody could look
	// at, which Presumption says. They are taken to count.
	Presumed    []string
	Presumption string

	// Unsettled is what must be so for the token to count, where nobody could look:
	// "whether the CE can fetch the keys of ..."; "" where it is settled.
	Unsettled string
}

// fqan is a VOMS attribute as rules compare it. none says that it is in no group, so
// that no rule matches it: a role without a group.
type fqan struct {
	vo, group, role, capability string
	none                        bool
}

// VOOf is the VO of an attribute: "dune" of "dune:/atlas/Role=production", and of
// "/dune/Role=production", which does not say it.
func VOOf(fqan string) string { return parseFQAN(fqan).vo }

// cutVO parts the VO that vouches for an attribute from it: "dune:/dune/Role=pilot".
func cutVO(text string) (vo, path string, named bool) {
	vo, path, named = strings.Cut(text, ":/")
	if !named || vo == "" || strings.Contains(vo, "/") {
		return "", text, false
	}
	return vo, "/" + path, true
}

// parseFQAN cuts an attribute as VOMSUtil.cpp and AuthUser::arc_to_voms do: the group
// is what stands before the first "=", Role=NULL and Capability=NULL are taken out as
// texts, and what is neither group, role nor capability is skipped (arc-behaviour V6).
func parseFQAN(text string) fqan {
	vo, path, named := cutVO(text)
	for _, null := range []string{"/Role=NULL", "/Capability=NULL"} {
		path = strings.Replace(path, null, "", 1)
	}
	f := fqan{vo: vo}
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if !named && len(parts) > 0 {
		f.vo = parts[0]
	}
	if f.none = len(parts) == 0 || strings.Contains(parts[0], "="); f.none {
		return f
	}
	inGroup := true
	for _, part := range parts {
		key, value, pair := strings.Cut(strings.Trim(part, "="), "=")
		inGroup = inGroup && !strings.Contains(part, "=")
		value = strings.TrimLeft(value, "=")
		switch {
		case inGroup:
			f.group += "/" + part
		case !pair || value == "" || strings.Contains(value, "="):
		case key == "Group":
			f.group += "/" + value
		case key == "Role":
			f.role = value
		case key == "Capability":
			f.capability = value
		}
	}
	return f
}

// Quoted says whether a voms= rule asks for quotes, which are part of its fields
// and of no attribute (arc-behaviour B6): it never matches.
func Quoted(t *authgroup.VOMS) bool {
	return slices.ContainsFunc(t.Fields(), func(f authgroup.Field) bool { return strings.ContainsAny(f.Text, `"'`) })
}
