package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var signingPolicyMissing = &lint.Rule{
	ID:    "trust/signing-policy-missing",
	Title: "A CA has no signing policy",
	Why: "ARC 6.17 checks a client certificate against the signing policy of its CA. It looks for it under the current hash only. Where there is none, it allows the CA every subject. " +
		"ARC 7 checks none. Other grid services on this host (GridFTP, XRootD, dCache clients) refuse a CA without one, or allow it every subject. " +
		"trust/public-ca-admits-clients is about public CAs.",
	Source:   "arc-behaviour E2, E3",
	Impact:   lint.Intrusion,
	Risk:     lint.Low,
	Facts:    []string{"E2"},
	Severity: lint.Warning,
	Action:   "Get the file from the distribution of the CA. If the CA is your own, write it.",
	Recipe:   lint.Manual,
	ByHand: `Get the file from the distribution of the CA. If the CA is one of your own,
write HASH.signing_policy, with nothing but the names that it gives:

    access_id_CA   X509    '/DC=org/DC=example/CN=Example CA'
    pos_rights     globus  CA:sign
    cond_subjects  globus  '"/DC=org/DC=example/*"'

See the hash, and the subject of the CA in this form:

    cd /etc/grid-security/certificates
    openssl x509 -in NAME.pem -noout -hash -subject -nameopt compat

See that a certificate of a user still gets in:

    arclint verify --purpose client user-chain.pem
    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, d := range clientDirs(s) {
			for _, c := range d.anchors {
				if p := policedBy(d, c); maySign(c) && p.unseen() {
					r.Skip("%s/%s was not read, so it is not known what the CA may sign", d.Path, p.name())
				}
			}
		}
		for p := range policies(s) {
			if p.file != nil || addedPublic(p.ca) || s.Now.After(p.ca.NotAfter) {
				continue
			}
			f := r.Path(p.ca.File.Path, "there is no signing policy %s for %s", p.name(), commonName(p.ca.SubjectName)).
				Means("ARC 6 allows this CA every subject.").About(p.ca.SubjectName)
			if !s.Release.SigningPolicies {
				f.As(lint.Note).Means(unread7)
			}
		}
	},
}
