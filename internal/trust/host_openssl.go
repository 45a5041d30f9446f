package trust

import (
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/site"
)

// SecurityLevel is OpenSSL's security level for clients and for the fetch: that with
// which it was built, that of the host's openssl.cnf on a release that was seen to
// take it, and over both @SECLEVEL= in tlsciphers, which 7.x hands to both sides
// (openssl-ciphers(1), arc-arex-ws-start.in).
func SecurityLevel(s *site.Site) int {
	level := BuiltLevel(s)
	if host, _, ok := s.OpenSSL.Level(); ok && s.Release.HostLevel {
		level = host
	}
	if own, ok := ciphersLevel(s); ok {
		level = own
	}
	return level
}

// BuiltLevel is the level where nothing is configured.
func BuiltLevel(s *site.Site) int { return profileOf(s.Release).Level }

// ciphersLevel looks for @SECLEVEL= in tlsciphers.
func ciphersLevel(s *site.Site) (level int, ok bool) {
	if !s.Release.CiphersLevel {
		return 0, false
	}
	for _, ciphers := range writtenValues(s, "arex/ws", "tlsciphers") {
		_, after, found := strings.Cut(ciphers, "@SECLEVEL=")
		if found && after != "" && '0' <= after[0] && after[0] <= '5' {
			level, ok = int(after[0]-'0'), true
		}
	}
	return level, ok
}

// HostLevelCounts says whether the level of openssl.cnf is not overridden by arc.conf.
func HostLevelCounts(s *site.Site) bool {
	_, own := ciphersLevel(s)
	return !own
}

// LostAnchors are the CAs for clients that OpenSSL refuses at the security level of
// this site and would take as it was built.
func LostAnchors(s *site.Site) []*gridsec.Certificate {
	e := *For(s, Client)
	e.Profile.Level = BuiltLevel(s)
	now := Anchors(s, Client)
	return slices.DeleteFunc(e.Anchors(openssl.Client, s.Now), func(c *gridsec.Certificate) bool {
		return slices.ContainsFunc(now, func(have *gridsec.Certificate) bool { return have.Equal(c.Certificate) })
	})
}

// HostKeyTooWeak says whether OpenSSL refuses the key of the host certificate at the
// security level of this site.
func HostKeyTooWeak(s *site.Site) bool {
	chain, _ := HostChain(s)
	return len(chain) > 0 && For(s, Client).TooWeak(chain[0])
}

// RefusesSHA1 says whether the host's OpenSSL accepts no signature with SHA-1, as
// that of EL 9 and later does with its default crypto policy. unseen is the path
// that would tell, where it could not be read.
//
// Source: crypto-policies(7); WLCG's EL9vsSHA1CAs. Not measured on a CE.
func RefusesSHA1(s *site.Site) (refuses bool, unseen string) {
	if s.OSFamily != site.RHEL || 0 < s.OS.Major && s.OS.Major < 9 {
		return false, ""
	}
	if s.OpenSSL != nil {
		switch strings.ToLower(s.OpenSSL.SHA1.Text) {
		case "yes":
			return false, ""
		case "no":
			return true, ""
		}
	}
	base, modules, _ := strings.Cut(s.OS.Policy, ":")
	switch {
	case slices.Contains(strings.Split(modules, ":"), "SHA1"), base == "LEGACY" && s.OS.Major == 9:
		return false, ""
	case s.OS.Major > 0 && modules == "" && slices.Contains([]string{"DEFAULT", "FUTURE", "FIPS"}, base):
		return true, ""
	}
	return false, site.CryptoPolicies
}
