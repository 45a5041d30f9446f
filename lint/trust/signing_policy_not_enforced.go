package trust

import (
	"strings"

	"arclint/internal/issuers"
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
	Since:    "7.0.0",
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range s.ClientDirs {
			var names []string
			for _, c := range anchors(dir) {
				root, public := issuers.FindPublicRoot(issuers.FingerprintOf(c.RawSubjectPublicKeyInfo))
				if public && root.IGTF && c.SubjectName == c.IssuerName {
					names = append(names, commonName(c.SubjectName))
				}
			}
			if len(names) > 0 {
				r.Path(dir.Path, "%d grid CAs here are public CAs too (%s) and ARC 7 enforces no signing policy, want every authgroup to name its subjects or VOs: any client certificate under these roots authenticates",
					len(names), strings.Join(names, ", ")).About("public grid CAs")
			}
		}
	},
}

// commonName is the last part of a one-line name.
func commonName(subject string) string {
	return subject[strings.LastIndexByte(subject, '=')+1:]
}
