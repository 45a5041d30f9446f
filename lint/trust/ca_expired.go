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
	Why: "OpenSSL refuses every chain over an expired root or one that is not valid yet. It does not stand in the way of a valid certificate of the same subject. " +
		"CAs of the IGTF distribution come and go with its releases: one that expired there was mostly renewed or closed.",
	Source:   "arc-behaviour D2, D7",
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
	f := r.Path(c.File.Path, "%s expired on %s, want its successor, or the CA removed: every chain over it is refused", c.SubjectName, c.NotAfter.UTC().Format(day)).
		About(c.SubjectName).With("path", c.File.Path)
	from := c.SubjectName + " is valid only from " + c.NotBefore.UTC().Format(day)
	switch early := s.Now.Before(c.NotBefore); {
	case early && d.hasValid(c, s.Now):
		f.As(lint.Note).Offer().Headline = from + ", want this host's clock to be right: a valid certificate of the same CA is here too"
	case early:
		f.Offer().Headline = from + ", want this host's clock to be right, or a certificate that is valid now: every chain over it is refused"
	case d.hasValid(c, s.Now):
		f.As(lint.Note).Headline = c.SubjectName + " is not valid today, want the file removed: a valid certificate of the same CA is here too, and this one is of no use"
	}
}

// reportExpiredSet says it once for what the IGTF packages brought: a new
// release is the repair for all.
func reportExpiredSet(r *lint.Reporter, d *directory, expired []*gridsec.Certificate) {
	if len(expired) == 0 {
		return
	}
	f := r.Path(d.Path, "%s of the IGTF set here expired (%s), want a current release: every chain over an expired CA is refused", prose.Plural(len(expired), "CA"), list(names(expired))).
		About("IGTF set").Offer("restore-igtf")
	for _, c := range expired {
		f.RelatePath(c.File.Path, "expired on %s", c.NotAfter.UTC().Format(day))
	}
}

// hasValid says whether another certificate of the same subject is valid.
func (d *directory) hasValid(than *gridsec.Certificate, now time.Time) bool {
	return slices.ContainsFunc(d.named[than.Hash], func(c *gridsec.Certificate) bool {
		return !now.Before(c.NotBefore) && !now.After(c.NotAfter)
	})
}
