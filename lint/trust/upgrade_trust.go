package trust

import (
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var upgradeTrust = &lint.Rule{
	ID:    "trust/upgrade-trust",
	Title: "The CE trusts others after the upgrade than today",
	Why: "What the same files admit depends on the release. ARC 6 enforces signing policies on client certificates and ARC 7 reads none. A public CA then admits every client certificate under it, whatever its policy says. " +
		"ARC 7 refuses client certificates with EC keys on other curves than that of tlscurve. ARC 7.0.0 reads every x509_cert_policy but grid as system, and with system ARC 7.2.0 does not see the grid CAs for clients. " +
		"The rule asks arclint's model of both releases about every issuer and every CA, and reports where the answers differ.",
	Source:   "arc-behaviour E2, F1, C9, D10, H1-H4",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"E2", "C9", "D10"},
	Severity: lint.Warning,
	Action:   "Compare what the CE trusts before the upgrade and after it.",
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

// reportIssuer is about the key fetch and of who can pose as the issuer. What
// is not known on either side is no difference.
func reportIssuer(s *site.Site, r *lint.Reporter, was, then trust.IssuerTrust) {
	version := s.Target.Release.Version
	if was.KeyFetch != then.KeyFetch && was.KeyFetch != trust.FetchUnknown && then.KeyFetch != trust.FetchUnknown {
		f := at(s, r, was, "the key fetch of %s changes with ARC %s", was.Issuer, version).
			Means("It is %s today and %s after the upgrade.", was.KeyFetch, then.KeyFetch).
			About(was.Issuer+" fetch").Impacts(lint.Hygiene, "")
		if then.KeyFetch == trust.FetchRefused {
			f.As(lint.Error).Impacts(lint.Outage, "")
		}
	}
	if was.ImpersonationBy != then.ImpersonationBy && was.ImpersonationBy != trust.ByUnknown && then.ImpersonationBy != trust.ByUnknown {
		at(s, r, was, "ARC %s changes who can pose as %s on the network path", version, was.Issuer).
			Means("Today %s can, after the upgrade %s.", posers(was), posers(then)).
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
			again := r.Path(f.Path, "on ARC %s: %s", s.Target.Release.Version, f.Headline).Means("%s", f.Effect).Do("%s", f.Action).Lists(f.List)
			again.Span, again.Related = f.Span, f.Related
			again.As(f.Severity).Impacts(f.Impact, f.Risk).About(rule.ID + " " + f.Subject)
		}
	}
}

func findings(s *site.Site, rule *lint.Rule) []*lint.Finding {
	if !rule.AppliesTo(s) {
		return nil
	}
	return lint.Check(s, rule).Findings()
}
