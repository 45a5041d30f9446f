package host

import (
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var testCA = &lint.Rule{
	ID:    "host/test-ca-in-production",
	Title: "The CE uses ARC's test CA",
	Why: "The packages make a test CA when they are installed. Its key is on this host, and nobody outside trusts it. Whoever reads that key makes certificates that this CE accepts. " +
		"It serves a first try. A production CE needs a host certificate of a CA that its users trust, and the test CA removed from the trust directory.",
	Source:   "arc-checks b4; lab (packaged 00-testCA-hostcert.conf and 10-testCA-access.conf)",
	Impact:   lint.Intrusion,
	Risk:     lint.Low,
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `On ARC 7, put a # before each line of these two files: an update brings removed
files back.

    ls /etc/arc.conf.d/00-testCA-hostcert.conf
    ls /etc/arc.conf.d/10-testCA-access.conf

Get a host certificate of a CA that the users trust, as below, and name it and
its key:

    [common]
    x509_host_cert=/etc/grid-security/hostcert.pem
    x509_host_key=/etc/grid-security/hostkey.pem

Remove the test CA, its key and its certificates after that:

    arcctl test-ca cleanup

Look who gets in:

    arclint access

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		if c := leaf(s); c != nil && (isTestCA(c.IssuerName) || strings.Contains(s.Host.CertPath, "testCA")) {
			nameIn(s, r.Path(s.Host.CertPath, "the host certificate comes from a test CA").About("host").Impacts(lint.Outage, "").
				Means("No client outside this host accepts it. Its issuer is %s.", c.IssuerName).
				Do("Get a certificate of a CA that users trust."), "x509_host_cert")
		}
		for _, dir := range s.ClientDirs {
			for _, file := range dir.Files {
				reportTestAnchors(r, file)
			}
		}
	},
}

func reportTestAnchors(r *lint.Reporter, file *gridsec.File) {
	for _, c := range file.Certificates {
		if isTestCA(c.SubjectName) {
			r.Path(file.Path, "ARC's test CA is among the trust anchors").About(c.SubjectName).
				Means("Whoever reads its key on this host makes certificates that this CE accepts. The CA is %s.", c.SubjectName).
				Do("On a production CE, remove it.")
		}
	}
}

// isTestCA knows the name that `arcctl test-ca` gives: CN=ARC TestCA and an id.
func isTestCA(subject string) bool { return strings.Contains(subject, "/CN=ARC TestCA ") }
