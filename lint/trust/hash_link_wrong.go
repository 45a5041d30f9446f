package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var hashLinkWrong = &lint.Rule{
	ID:    "trust/hash-link-wrong",
	Title: "A hash name leads to another certificate or CRL than it says",
	Why: "OpenSSL finds a CA by the hash of its subject: HASH.0, HASH.1 and so on. It does not find a file under another hash. " +
		"ARC then does not trust the CA although its file is here, and a CRL under another hash revokes nothing.",
	Source:   "arc-behaviour D1, S9; openssl-rehash(1)",
	Impact:   lint.Outage,
	Facts:    []string{"D1", "S9"},
	Severity: lint.Error,
	Effect:   caNotTrusted,
	Recipe:   "relink-hashes",
	ByHand: `If the name of a CRL is wrong, remove that name, and make sure of the right one.
Let fetch-crl write the CRL anew, if there is none:

    cd /etc/grid-security/certificates
    openssl crl -in WRONG.r0 -noout -hash -issuer -nextupdate
    ls -l HASH.r0
    rm WRONG.r0

See that nothing is left:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			for _, e := range d.Entries {
				sl, ok := parseSlot(e.Name)
				if !ok || e.File == nil || sl.fits(e.File) {
					continue
				}
				switch {
				case sl.isCRL() && len(e.File.CRLs) > 0:
					reportWrongCRL(r, d, e)
				case !sl.isCRL() && len(e.File.Certificates) > 0:
					reportWrong(r, d, e, sl)
				}
			}
		}
	},
}

func reportWrongCRL(r *lint.Reporter, d *directory, e *gridsec.Entry) {
	crl := e.File.CRLs[0]
	name := slot{crl.IssuerHash, "r", 0}.name()
	if d.findsCRL(crl) {
		r.Path(e.Path, "%s does not fit the CRL of %s", e.Name, commonName(crl.IssuerName)).
			Means("This name is of no use. OpenSSL finds the CRL by its own hash.").Impacts(lint.Hygiene, "").Do("Keep only %s.", name).As(lint.Note).Offer().About(e.Name)
		return
	}
	r.Path(e.Path, "%s does not fit the CRL of %s", e.Name, commonName(crl.IssuerName)).
		Means("OpenSSL does not find the CRL, so it revokes nothing.").Impacts(lint.Intrusion, lint.Moderate).Do("Remove this name, and fetch the CRL as %s.", name).About(e.Name).Offer("refresh-crls")
}

func reportWrong(r *lint.Reporter, d *directory, e *gridsec.Entry, sl slot) {
	c := e.File.Certificates[0]
	name := slot{hash: c.Hash}.name()
	if d.foundElsewhere(e.File, sl) {
		r.Path(e.Path, "%s does not fit the certificate of %s", e.Name, commonName(c.SubjectName)).
			Means("This name is of no use. OpenSSL finds the CA by its own hash.").Impacts(lint.Hygiene, "").Do("Keep only %s.", name).As(lint.Note).About(e.Name)
		return
	}
	r.Path(e.Path, "%s does not fit the certificate of %s", e.Name, commonName(c.SubjectName)).Do("Rename it to %s.", name).About(e.Name)
}
