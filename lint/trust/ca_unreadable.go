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
	Why: "In a hash directory OpenSSL reads PEM only: a certificate in DER, an indented PEM block, an empty file or garbage is no CA, and a CRL of that kind revokes nothing. " +
		"With OpenSSL 3.0.20, with which ARC 6.17 was measured, such a HASH.0 also hides HASH.1; 3.0.22, 3.5.9 and later go on.",
	Source:   "arc-behaviour D3, D4, S9",
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
		r.Path(e.Path, "this file is too large to be looked at, want a %s of a sensible size: nothing is known of it", sl.what()).About(e.Name)
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
	reason, effect := blocking(file, sl.isCRL())
	switch {
	case file.DER:
		reason = "this file is in DER"
	case effect == gridsec.Unclear:
		r.Skip("%s: %s", file.Path, reason)
		return
	case effect != gridsec.Harmless:
	case !sl.isCRL() && len(file.Certificates) == 0, sl.isCRL() && len(file.CRLs) == 0:
		reason = "this file holds no " + sl.what() + " in PEM"
		if len(file.Problems) > 0 {
			reason, _, _ = strings.Cut(file.Problems[0].Message, ";")
		}
	default:
		return
	}
	f := r.Path(file.Path, "%s, want a %s in PEM under %s: OpenSSL reads nothing else", reason, sl.what(), sl.name()).About(sl.name())
	switch {
	case sl.isCRL():
		f.Headline += ", so revocations of this CA are not seen"
		f.Offer("refresh-crls")
	case !s.Release.SkipsUnreadable && d.Lookup(sl.next().name()) != nil:
		f.As(lint.Error).Headline += ", and OpenSSL 3.0.20 does not go on to " + sl.next().name() + " (3.0.22 does)"
	}
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
