package trust

import (
	"slices"
	"time"

	"arclint/internal/gridsec"
	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/lint"
)

var caExpired = &lint.Rule{
	ID:    "trust/ca-expired",
	Title: "A trust anchor is outside its validity",
	Why: "OpenSSL refuses every chain through a CA that has expired or is not valid yet. Beside it, a valid certificate of the same subject still works. " +
		"CAs of the IGTF distribution come and go with its releases. One that expired there was mostly renewed or closed.",
	Source:   "arc-behaviour D2, D7",
	Impact:   lint.Outage,
	Facts:    []string{"D2", "D7"},
	Severity: lint.Warning,
	Recipe:   "remove-anchor",
	ByHand: `If the certificate is not valid yet, look at this host's clock first:

    timedatectl

If the clock is right, ask the CA for a certificate that is valid now, and look
at its dates before it is installed:

    openssl x509 -noout -subject -dates -in CA.pem`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			var ofIGTF []*gridsec.Certificate
			for _, c := range d.anchors {
				switch {
				case !s.Now.Before(c.NotBefore) && !s.Now.After(c.NotAfter):
				case distributed(c) && s.Now.After(c.NotAfter):
					ofIGTF = append(ofIGTF, c)
				default:
					reportInvalid(s, r, d, c)
				}
			}
			reportExpiredSet(r, d, ofIGTF)
		}
	},
}

func reportInvalid(s *site.Site, r *lint.Reporter, d *directory, c *gridsec.Certificate) {
	f := r.Path(c.File.Path, "the certificate of %s expired on %s", commonName(c.SubjectName), c.NotAfter.UTC().Format(day)).
		Means(chainsRefused).Do("Install its successor, or remove the CA.").About(c.SubjectName).With("path", c.File.Path)
	early, other := s.Now.Before(c.NotBefore), d.hasValid(c, s.Now)
	if early {
		f.Headlined("the certificate of %s is valid only from %s", commonName(c.SubjectName), c.NotBefore.UTC().Format(day)).
			Do("Check the clock of this host. If it is right, install a certificate that is valid now.").Offer()
	}
	switch {
	case early && other:
		f.As(lint.Note).Means("This certificate is of no use yet. A valid certificate of the same CA is here too.").Do("Check the clock of this host.")
	case other:
		f.As(lint.Note).Means("This certificate is of no use. A valid certificate of the same CA is here too.").Do("Remove the file.")
	}
}

// reportExpiredSet says it once for what the IGTF packages installed: a new
// release is the repair for all.
func reportExpiredSet(r *lint.Reporter, d *directory, expired []*gridsec.Certificate) {
	if len(expired) == 0 {
		return
	}
	f := r.Path(d.Path, "%s of the IGTF set here expired", prose.Plural(len(expired), "CA")).
		Means("ARC refuses every certificate chain through an expired CA.").Do("Install a current IGTF release.").
		About("IGTF set").Offer("restore-igtf")
	for _, c := range expired {
		f.RelatePath(c.File.Path, "%s expired on %s", commonName(c.SubjectName), c.NotAfter.UTC().Format(day))
	}
}

// hasValid says whether another certificate of the same subject is valid.
func (d *directory) hasValid(than *gridsec.Certificate, now time.Time) bool {
	return slices.ContainsFunc(d.named[than.Hash], func(c *gridsec.Certificate) bool {
		return !now.Before(c.NotBefore) && !now.After(c.NotAfter)
	})
}
