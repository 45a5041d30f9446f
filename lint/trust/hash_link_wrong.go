package trust

import (
	"fmt"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var hashLinkWrong = &lint.Rule{
	ID:    "trust/hash-link-wrong",
	Title: "A hash name leads to another certificate or CRL than it says",
	Why: "OpenSSL finds a CA by the hash of its subject: HASH.0, HASH.1 and so on. A file under another hash is not found by any lookup, so the CA is not trusted although it stands there. " +
		"Upper-case hashes and names such as HASH.pem are not looked up either.",
	Source:   "arc-behaviour D1; openssl-rehash(1)",
	Facts:    []string{"D1"},
	Severity: lint.Error,
	Recipe:   "relink-hashes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			if unreadable(dir, r) {
				continue
			}
			for _, e := range dir.Entries {
				if sl, ok := parseSlot(e.Name); ok && e.File != nil && wrong(sl, e.File) {
					reportWrong(r, e, sl)
				}
			}
		}
	},
}

// wrong says whether nothing in the file has the hash of the name, in the
// current or in the old style.
func wrong(sl slot, file *gridsec.File) bool {
	if sl.crl {
		for _, crl := range file.CRLs {
			if crl.IssuerHash == sl.hash || crl.IssuerOldHash == sl.hash {
				return false
			}
		}
		return len(file.CRLs) > 0
	}
	for _, c := range file.Certificates {
		if c.Hash == sl.hash || c.OldHash == sl.hash {
			return false
		}
	}
	return len(file.Certificates) > 0
}

func reportWrong(r *lint.Reporter, e *gridsec.Entry, sl slot) {
	if sl.crl {
		crl := e.File.CRLs[0]
		r.Path(e.Path, "this name does not fit the CRL of %s, want %08x.r0: OpenSSL does not find it, so revocations are not seen", crl.IssuerName, crl.IssuerHash).About(e.Name)
		return
	}
	c := e.File.Certificates[0]
	severity := lint.Error
	found := ""
	if reachable(e.File) {
		severity, found = lint.Note, "; it is found under its right name"
	}
	r.Path(e.Path, "this name does not fit %s, want %s: OpenSSL does not find the CA under it%s", c.SubjectName, fmt.Sprintf("%08x.0", c.Hash), found).
		As(severity).About(e.Name)
}
