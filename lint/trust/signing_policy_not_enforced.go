package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/lint"
)

var signingPolicyNotEnforced = &lint.Rule{
	ID:    "trust/signing-policy-not-enforced",
	Title: "The signing policies that hold a public CA in the grid set to a few names are not enforced",
	Why: "IGTF holds roots that are public CAs as well (USERTrust, HARICA, emSign and others) and ties them by signing policies to a few intermediates and subject prefixes. " +
		"ARC 6.17 enforces that for client certificates. ARC 7 reads no signing policy: any client certificate under these roots authenticates, " +
		"so authgroups that look at certificates must not rest on the CA (all=yes, ! rules).",
	Source:   "arc-behaviour E1, E2, F1; IGTF 1.146 compared with Mozilla's roots",
	Facts:    []string{"E2"},
	Severity: lint.Note,
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
				r.Path(d.Path, "the grid set here holds %s (%s) and ARC 7 enforces no signing policy, want every authgroup to name its subjects or VOs: any client certificate under such a CA authenticates",
					prose.Plural(len(public), "public root"), list(names(public))).About("public grid CAs")
			}
		}
	},
}
