package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/lint"
)

var signingPolicyNotEnforced = &lint.Rule{
	ID:    "trust/signing-policy-not-enforced",
	Title: "ARC 7 does not enforce the signing policies of public CAs in the grid set",
	Why: "IGTF distributes roots that are public CAs as well (USERTrust, HARICA, emSign and others). Its signing policies allow them only a few intermediates and subject prefixes. " +
		"ARC 6.17 enforces that for client certificates. ARC 7 reads no signing policy: any client certificate under these roots authenticates. " +
		"Authgroups that look at certificates must then not rest on the CA (all=yes, ! rules).",
	Source:   "arc-behaviour E1, E2, F1; IGTF 1.146 compared with Mozilla's roots",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"E2"},
	Severity: lint.Note,
	Effect:   "Any client certificate under such a CA authenticates.",
	Action:   "Name subjects or VOs in every authgroup that looks at certificates.",
	Where:    func(r site.Release) bool { return !r.SigningPolicies },
	Recipe:   lint.Manual,
	ByHand: `Name subjects or VOs in every authgroup that looks at certificates, and write
no all=yes and no rule with ! in it:

    [authgroup:dune]
    voms=dune * * *

Remove from x509_cert_dir the public roots under which no user has a
certificate. Look who gets in, and which wrong requests would:

    arclint access
    arclint negtest --static

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, d := range clientDirs(s) {
			if d.Err != nil {
				continue
			}
			var public []*gridsec.Certificate
			for _, c := range d.anchors {
				if root, ok := publicRoot(c); ok && root.IGTF && selfIssued(c) {
					public = append(public, c)
				}
			}
			if len(public) > 0 {
				r.Path(d.Path, "the grid CAs include %s, and ARC 7 enforces no signing policy", prose.Plural(len(public), "public root")).
					Lists(names(public)).About("public grid CAs")
			}
		}
	},
}
