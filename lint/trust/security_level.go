package trust

import (
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var securityLevel = &lint.Rule{
	ID:    "trust/security-level",
	Title: "The security level of the host's OpenSSL refuses CAs, or the host's own key",
	Why: "openssl.cnf, and the crypto policy that it includes on EL, sets the security level of TLS for every program of the host. Level 2, with which Debian and EL build OpenSSL, asks for 112 bits: " +
		"RSA keys of 2048 bits. Level 3 asks for 128: RSA keys of 3072 bits, of users, of hosts and of every CA above them. Level 1 and 0 accept SHA-1 signatures and keys of 1024 bits.",
	Source:   "SSL_CTX_set_security_level(3), config(5); seen on ARC 7.2.0 with CipherString = DEFAULT@SECLEVEL=3; arc-behaviour D7",
	Impact:   lint.Outage,
	Facts:    []string{"D7"},
	Severity: lint.Error,
	Stops:    true,
	Recipe:   lint.Manual,
	ByHand: `Leave the level of the host as it is, and write another one for ARC:

    [arex/ws]
    tlsciphers=DEFAULT@SECLEVEL=2

See who gets in then:

    arclint trust --host
    arclint verify --purpose client user-chain.pem

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		checkTLSOptions(s, r)
		level, at, ok := s.OpenSSL.Level()
		if !ok && s.OpenSSL.Unread != "" && !strings.HasPrefix(s.OS.Policy, "DEFAULT") && trust.HostLevelCounts(s) {
			r.Skip("%s is not in this copy, so the security level that openssl.cnf takes from it is not known: add it", s.OpenSSL.Unread)
		}
		if !ok || level == trust.BuiltLevel(s) || !trust.HostLevelCounts(s) {
			return
		}
		if !s.Release.HostLevel {
			r.Skip("%s sets the security level %d, and what ARC %s makes of that is not measured", at.Path(), level, s.Release.Version)
			return
		}
		if level < trust.BuiltLevel(s) {
			r.At(at, "the security level of OpenSSL on this host is %d", level).Means("ARC accepts SHA-1 signatures and keys of 1024 bits.").Impacts(lint.Intrusion, lint.Low).
				Do("Set level 2, unless users have such certificates.").About("level").As(lint.Note)
			return
		}
		lost, all := trust.LostAnchors(s), trust.HostKeyTooWeak(s)
		if len(lost) == 0 && !all {
			return
		}
		refused, effect := refusedAt(lost, all)
		f := r.At(at, "the security level of OpenSSL on this host is %d, which refuses %s", level, refused).Means("%s", effect).
			Do("Set the level for ARC: tlsciphers=DEFAULT@SECLEVEL=2 in [arex/ws].").Lists(names(lost)).About("level").Unserving(all)
		if !all && len(trust.Anchors(s, trust.Client)) > 0 {
			f.As(lint.Warning)
		}
	},
}

// refusedAt says what the level refuses, and what comes of it.
func refusedAt(lost []*gridsec.Certificate, host bool) (refused, effect string) {
	switch {
	case host && len(lost) > 0:
		return "the host key and " + prose.Plural(len(lost), "CA"), "No TLS connection to the CE succeeds."
	case host:
		return "the host key", "No TLS connection to the CE succeeds."
	}
	return prose.Plural(len(lost), "CA"), "No certificate under them is accepted."
}

// checkTLSOptions names what openssl.cnf sets for TLS beside the level, of which it
// is not known what ARC makes.
func checkTLSOptions(s *site.Site, r *lint.Reporter) {
	c := s.OpenSSL
	if c == nil || c.Err != nil {
		return
	}
	oldest, newest := c.Options["minprotocol"], c.Options["maxprotocol"]
	if !s.Release.TLS13 && oldest.Text == "TLSv1.3" {
		r.Skip("%s allows TLS 1.3 alone and this release speaks TLS 1.2: whether any client can connect is not measured", oldest.Span.Path())
	}
	if v := newest.Text; v == "TLSv1.1" || v == "TLSv1" || v == "SSLv3" {
		r.Skip("%s allows no newer protocol than %s: whether any client can connect is not measured", newest.Span.Path(), v)
	}
	for _, name := range []string{"groups", "curves"} {
		if line := c.Options[name]; line.Text != "" && s.OSFamily != site.RHEL {
			r.Skip("%s names the curves of TLS (%s), and what ARC makes of that beside tlscurve is not measured", line.Span.Path(), line.Text)
		}
	}
}
