package trust

import (
	"fmt"

	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var upgradeTrust = &lint.Rule{
	ID:    "trust/upgrade-trust",
	Title: "The CE trusts others after the upgrade than today",
	Why: "What the same files admit depends on the release. ARC 6 enforces signing policies on client certificates and ARC 7 reads none, so that a public CA held by its policy admits every client certificate under it. " +
		"ARC 7 refuses client certificates with EC keys on other curves than that of tlscurve. ARC 7.0.0 takes every x509_cert_policy but grid for system, and with system ARC 7.2.0 does not see the grid CAs for clients. " +
		"The rule asks arclint's model of both releases about every issuer and every CA, and speaks where the answers differ.",
	Source:   "arc-behaviour E2, F1, C9, D10, H1-H4",
	Facts:    []string{"E2", "C9", "D10"},
	Severity: lint.Warning,
	Upgrade:  true,
	Recipe:   lint.Manual,
	ByHand: `Compare what the CE trusts and who gets in, before the upgrade and after it:

    arclint trust --arc-version 6.17.0
    arclint trust --arc-version 7.2.0
    arclint access --arc-version 7.2.0

Take public CAs out of x509_cert_dir, or name subjects and VOs in each
authgroup: ARC 7 reads no signing policy. If users have EC keys, write
tlscurve. Write x509_cert_policy with the upgrade and not before it: ARC 6 does
not start on it.

    [common]
    x509_cert_policy=grid

    [arex/ws]
    tlscurve=X25519

See what is left:

    arclint check --target 7.2.0`,
	Check: func(s *site.Site, r *lint.Reporter) {
		today := map[string]trust.IssuerTrust{}
		for _, it := range trust.Issuers(s) {
			today[it.Issuer] = it
		}
		for _, then := range trust.Issuers(s.Target) {
			if was, known := today[then.Issuer]; known {
				reportIssuer(s, r, was, then)
			}
		}
		reportNew(s, r)
	},
}

// reportIssuer speaks of the key fetch and of who can pose as the issuer. What
// is not known on either side is no difference.
func reportIssuer(s *site.Site, r *lint.Reporter, was, then trust.IssuerTrust) {
	version := s.Target.Release.Version
	if was.KeyFetch != then.KeyFetch && was.KeyFetch != trust.FetchUnknown && then.KeyFetch != trust.FetchUnknown {
		f := at(s, r, was, "ARC %s does otherwise with the keys of %s, want that prepared before the upgrade: their fetch is %s today and %s then", version, was.Issuer, was.KeyFetch, then.KeyFetch).
			About(was.Issuer + " fetch")
		if then.KeyFetch == trust.FetchRefused {
			f.As(lint.Error)
		}
	}
	if was.ImpersonationBy != then.ImpersonationBy && was.ImpersonationBy != trust.ByUnknown && then.ImpersonationBy != trust.ByUnknown {
		at(s, r, was, "who can pose as %s on the network path changes with ARC %s, want that weighed before the upgrade: %s today, %s then", was.Issuer, version, posers(was), posers(then)).
			About(was.Issuer + " posers")
	}
}

func posers(it trust.IssuerTrust) string {
	switch it.ImpersonationBy {
	case trust.ByPublic:
		return "holders of certificates of public CAs"
	case trust.ByGrid:
		return "holders of certificates of grid CAs"
	}
	return "nobody"
}

// reportNew asks the rules whose answer depends on the release about both, and
// repeats what only the target gives reason for.
func reportNew(s *site.Site, r *lint.Reporter) {
	for _, rule := range []*lint.Rule{publicCAAdmitsClients, signingPolicyNotEnforced, overTrust, policyValueMisread, systemPolicyBlind, tlsCurve} {
		today := map[string]bool{}
		for _, f := range findings(s, rule) {
			today[f.Fingerprint()] = true
		}
		for _, f := range findings(s.Target, rule) {
			if today[f.Fingerprint()] {
				continue
			}
			message := fmt.Sprintf("on ARC %s: %s", s.Target.Release.Version, f.Headline)
			again := r.Path(f.Path, "%s", message)
			again.Span, again.Related = f.Span, f.Related
			again.As(f.Severity).About(rule.ID + " " + f.Subject)
		}
	}
}

func findings(s *site.Site, rule *lint.Rule) []*lint.Finding {
	if !rule.AppliesTo(s) {
		return nil
	}
	return lint.Check(s, rule).Findings()
}
