package trust

import (
	"strings"

	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var overTrust = &lint.Rule{
	ID:    "trust/over-trust",
	Title: "x509_cert_policy trusts every public CA for client certificates",
	Why: "With any or system (and their .nofile and .onlyfile forms) the CE accepts client certificates of the operating system's public CAs, a hundred and more. " +
		"They count beside the grid's CAs or in place of them. " +
		"Where authgroups look at certificates, the identity behind a subject is then as good as the weakest of these CAs. " +
		"The key fetch trusts them as well: trust/issuer-impersonation is about that.",
	Source:   "arc-behaviour H4, C9, F1",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"H4", "C9"},
	Severity: lint.Error,
	Action:   "Set x509_cert_policy to grid.",
	Where:    func(r site.Release) bool { return r.CertPolicy.Known() },
	Recipe:   "restore-policy-grid",
	Check: func(s *site.Site, r *lint.Reporter) {
		value, at, ok := policyOption(s)
		if !ok || value == "grid" || !opens(s, value) {
			return
		}
		cas, known := systemCAs(s, value)
		if cas == "" {
			if !known {
				r.Skip("%s has no OpenSSL store in this root, so it is not known which public CAs x509_cert_policy=%s lets in", s.OpenSSLDir(), value)
			}
			return
		}
		f := r.At(at, "x509_cert_policy=%s trusts %s of the operating system for clients", value, cas).About("x509_cert_policy")
		if rule, decides := x509Rule(s); decides {
			f.Means("Client certificates of these CAs authenticate, and authgroups here decide by certificate.").Relate(rule, "decides by certificate")
			return
		}
		f.Means("Client certificates of these CAs authenticate. No authgroup here decides by certificate, so they get nothing today.").As(lint.Note).Impacts(lint.Intrusion, lint.Low)
	},
}

// systemCAs says how many CAs of the operating system the value lets in, "" for
// none. Where this root lacks the store they are all, but for values that mean
// one of its two parts: on a system that has not got that part they mean nothing.
func systemCAs(s *site.Site, value string) (cas string, known bool) {
	if n := ofSystem(s, trust.Anchors(s, trust.Client)); n > 0 {
		return prose.Plural(n, "CA"), true
	}
	if !s.System.Missing() {
		return "", true
	}
	if _, blind := blindValues(s)[value]; blind || strings.Contains(value, ".") {
		return "", false
	}
	return "every public CA", false
}

// opens says whether the release reads the value as it is written; what it
// reads as something else is reported by trust/policy-value-misread.
func opens(s *site.Site, value string) bool {
	if s.Release.CertPolicy.OthersAreSystem() {
		return value == "system"
	}
	base, _, _ := strings.Cut(value, ".")
	return base == "any" || base == "system"
}
