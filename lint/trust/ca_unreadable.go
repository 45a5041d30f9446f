package trust

import (
	"errors"
	"io/fs"

	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
)

var caUnreadable = &lint.Rule{
	ID:    "trust/ca-unreadable",
	Title: "A file under a hash name holds nothing that OpenSSL reads",
	Why: "In a hash directory OpenSSL reads PEM only: a certificate in DER, an indented PEM block, an empty file or garbage is no CA, and a CRL of that kind revokes nothing. " +
		"With OpenSSL 3.0, on which ARC 6.17 runs in Debian, such a HASH.0 also hides HASH.1; OpenSSL 3.5 and later go on.",
	Source:   "arc-behaviour D3, D4, S9",
	Facts:    []string{"D3", "D4", "S9"},
	Severity: lint.Warning,
	Recipe:   "relink-hashes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			for _, e := range dir.Entries {
				sl, ok := parseSlot(e.Name)
				if !ok {
					continue
				}
				switch {
				case errors.Is(e.Err, fs.ErrPermission):
					r.Skip("%s may not be read by this user, run as root to look at it", e.Path)
				case errors.Is(e.Err, rootfs.ErrTooLarge):
					r.Path(e.Path, "the file is too large to be looked at, want a certificate or CRL of a sensible size: nothing is known of it").About(e.Name)
				case e.File != nil:
					reportUnreadable(s, r, dir, e, sl)
				}
			}
		}
	},
}

func reportUnreadable(s *site.Site, r *lint.Reporter, dir *gridsec.Dir, e *gridsec.Entry, sl slot) {
	what, reason := "CA", ""
	if sl.crl {
		what = "CRL"
	}
	problem, effect := blocking(e.File, sl.crl)
	switch {
	case e.File.DER:
		reason = "is in DER"
	case effect != gridsec.Harmless:
		reason = problem
	case !sl.crl && len(e.File.Certificates) == 0, sl.crl && len(e.File.CRLs) == 0:
		reason = "holds no " + what + " in PEM"
	default:
		return
	}
	if effect == gridsec.Unclear {
		r.Skip("%s: %s", e.Path, reason)
		return
	}
	f := r.Path(e.Path, "this file %s, want a %s in PEM: OpenSSL reads nothing else here", reason, what).About(e.Name)
	next := slot{hash: sl.hash, crl: sl.crl, number: sl.number + 1}
	if !s.Release.Is7() && !sl.crl && dir.Lookup(next.name()) != nil {
		f.As(lint.Error).Message += ", and OpenSSL 3.0 does not go on to " + next.name()
	}
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
