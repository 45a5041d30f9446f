package trust

import (
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var caUnreadable = &lint.Rule{
	ID:    "trust/ca-unreadable",
	Title: "A file under a hash name holds nothing that OpenSSL reads",
	Why: "In a hash directory OpenSSL reads PEM only. " +
		"It does not trust a certificate in DER or in an indented PEM block, an empty file or garbage, and such a CRL revokes nothing. " +
		"With OpenSSL 3.0.20, with which ARC 6.17 was measured, such a HASH.0 also hides HASH.1. OpenSSL 3.0.22, 3.5.9 and later go on to HASH.1.",
	Source:   "arc-behaviour D3, D4, S9",
	Impact:   lint.Outage,
	Facts:    []string{"D3", "D4", "S9"},
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `See what is in the file. If it is in DER, convert it, and compare what it holds
with what the CA publishes:

    cd /etc/grid-security/certificates
    openssl x509 -inform DER -in FILE -out NAME.pem
    openssl x509 -in NAME.pem -noout -subject -hash -fingerprint -sha256
    ln -sf NAME.pem HASH.0

Convert a CRL in DER in the same way, or let fetch-crl write it anew:

    openssl crl -inform DER -in FILE -out HASH.r0

If the file is empty or something else, install the package of the CA again,
or remove the file. Leave no gap in the numbers: rename HASH.1 to HASH.0.

See what the CE does with the file now:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			for _, e := range d.Entries {
				if sl, ok := parseSlot(e.Name); ok && e.Err != nil {
					reportUnread(r, e, sl)
				}
			}
			for _, file := range d.Files {
				if sl, ok := firstSlot(file); ok {
					reportUnreadable(s, r, d, file, sl)
				}
			}
		}
	},
}

func reportUnread(r *lint.Reporter, e *gridsec.Entry, sl slot) {
	switch e.Obstacle() {
	case gridsec.Denied:
		r.Skip("%s may not be read by this user, run as root to look at it", e.Path)
	case gridsec.OtherObstacle:
		r.Skip("%s could not be read: %v", e.Path, e.Err)
	case gridsec.TooLarge:
		r.Path(e.Path, "this file is too large for arclint to read").Means("It is not known what it holds.").
			Do("Look at what it holds, and put a %s of a normal size in its place.", sl.what()).About(e.Name)
	}
}

// firstSlot is the name under which a lookup comes to the file, or would if it
// could be read; ok is false where there is none. Old names are for nobody.
func firstSlot(file *gridsec.File) (sl slot, ok bool) {
	for _, sl := range slots(file) {
		if !sl.old(file) {
			return sl, true
		}
	}
	return slot{}, false
}

func reportUnreadable(s *site.Site, r *lint.Reporter, d *directory, file *gridsec.File, sl slot) {
	reason, blocks := blocking(file, sl.isCRL())
	switch {
	case file.DER:
		reason = "this file is in DER"
	case blocks == gridsec.Unclear:
		r.Skip("%s: %s", file.Path, reason)
		return
	case blocks != gridsec.Harmless:
	case !sl.isCRL() && len(file.Certificates) == 0, sl.isCRL() && len(file.CRLs) == 0:
		reason = "this file holds no " + sl.what() + " in PEM"
		if len(file.Problems) > 0 {
			reason = file.Problems[0].Message
		}
	default:
		return
	}
	reason, _, _ = strings.Cut(reason, ";")
	f := r.Path(file.Path, "%s", reason).About(sl.name())
	if sl.isCRL() {
		f.Means("OpenSSL reads only PEM, and does not see what the CRL %s revokes.", sl.name()).Do("Fetch the CRL again.").Offer("refresh-crls").Impacts(lint.Intrusion, lint.Moderate)
		return
	}
	effect := "OpenSSL reads only PEM, and does not trust a CA that it cannot read under " + sl.name() + "."
	if !s.Release.SkipsUnreadable && d.Lookup(sl.next().name()) != nil {
		effect += oldStops(sl.next())
		f.As(lint.Error)
	}
	f.Means("%s", effect).Do("Put a certificate in PEM under %s, or remove the file.", sl.name())
}

func (s slot) what() string {
	if s.isCRL() {
		return "CRL"
	}
	return "certificate"
}

// blocking is the first problem of the file that hides a certificate or CRL
// from OpenSSL, or that arclint cannot judge.
func blocking(file *gridsec.File, crl bool) (string, gridsec.Effect) {
	for _, p := range file.Problems {
		switch p.Effect {
		case gridsec.Stops, gridsec.Unclear:
			return p.Message, p.Effect
		case gridsec.StopsCertificates:
			if !crl {
				return p.Message, p.Effect
			}
		case gridsec.StopsCRLs:
			if crl {
				return p.Message, p.Effect
			}
		}
	}
	return "", gridsec.Harmless
}
