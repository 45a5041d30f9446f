package trust

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var overTrust = &lint.Rule{
	ID:    "trust/over-trust",
	Title: "x509_cert_policy trusts every public CA for client certificates",
	Why: "With any or system (and their .nofile and .onlyfile forms) the CE accepts client certificates of the hundred and more public CAs of the operating system beside or in place of the grid's. " +
		"Together with authgroups that look at certificates the identity behind a subject is then as good as the weakest of these CAs. " +
		"The key fetch trusts them as well, so that anybody with a public certificate can pose as a token issuer.",
	Source:   "arc-behaviour H4, C9, S10",
	Facts:    []string{"H4"},
	Severity: lint.Error,
	Since:    "7.0.0",
	Recipe:   "restore-policy-grid",
	Check: func(s *site.Site, r *lint.Reporter) {
		o := policyOption(s)
		if o == nil || !readsPublicCAs(s, o.Value.Text) {
			return
		}
		rule := x509Rule(s)
		if rule == nil {
			r.At(o.Value.Span, "%s lets the key fetch trust every public CA, want grid: anybody with a certificate of one can pose as a token issuer", o.Value.Text).
				As(lint.Warning).About("x509_cert_policy")
			return
		}
		r.At(o.Value.Span, "%s accepts client certificates of every public CA, want grid: authgroups here decide by certificate", o.Value.Text).
			About("x509_cert_policy").Relate(rule.Line, "decides by certificate")
	},
}

// policyOption is the option that sets x509_cert_policy, nil where the default
// grid holds.
func policyOption(s *site.Site) *arcconf.Option {
	return s.Conf.Block("common").First("x509_cert_policy")
}

// readsPublicCAs says whether the value opens the system's store for client
// certificates on this release (arc-behaviour C9, H4). Values that the release
// misreads are the business of trust/policy-value-misread.
func readsPublicCAs(s *site.Site, value string) bool {
	if s.Release.Measured == "7.0.0" {
		return value == "system"
	}
	switch value {
	case "any", "any.nofile", "any.onlyfile", "system", "system.nofile", "system.onlyfile":
		return true
	}
	return false
}

// x509Rule is the first rule of an authgroup that a certificate alone, or with
// VOMS attributes, can match.
func x509Rule(s *site.Site) *arcconf.Option {
	for _, group := range s.Conf.Kind("authgroup") {
		for _, o := range group.Options {
			switch strings.TrimLeft(o.Name.Text, "+-! ") {
			case "subject", "file", "voms", "userlist", "plugin":
				return o
			case "all":
				if o.Value.Text == "yes" {
					return o
				}
			}
		}
	}
	return nil
}
