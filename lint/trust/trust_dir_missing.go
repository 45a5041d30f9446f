package trust

import (
	"errors"
	"io/fs"

	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var trustDirMissing = &lint.Rule{
	ID:    "trust/trust-dir-missing",
	Title: "There is no directory of trust anchors, or no trust anchor in it",
	Why: "ARC looks for the CAs of token issuers in /etc/grid-security/certificates and for those of clients in x509_cert_dir, by default the same place. " +
		"Where nothing is found there, every client certificate is refused, and every token whose keys are not pinned. The packages of the grid CAs are installed apart from ARC.",
	Source:   "arc-behaviour C8, D1, H1",
	Impact:   lint.Outage,
	Facts:    []string{"C8"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, d := range trustDirs(s) {
			var headline, action string
			switch {
			case errors.Is(d.Err, fs.ErrNotExist) && s.NotCopied(d.Path):
				r.Skip("%s is not in this copy of the site, so no rule could look at its trust anchors, CRLs and policies", d.Path)
				continue
			case errors.Is(d.Err, fs.ErrNotExist):
				headline, action = "this directory does not exist", "Install the CAs of this site in it."
			case d.Err != nil:
				r.Skip("%s could not be read (%v), so no rule could look at its trust anchors, CRLs and policies", d.Path, d.Err)
				continue
			case len(d.anchors) > 0:
				continue
			case d.Unseen() != "":
				r.Skip("%s was not read, so it is not known which CAs are in %s", d.Unseen(), d.Path)
				continue
			default:
				headline, action = "no CA is found in this directory", "Install the CAs of this site in it, under their hash names."
			}
			f := r.Path(d.Path, "%s", headline).Means("%s", effectOfNoAnchors(s, d)).Do("%s", action).About(d.Path)
			if len(d.Files) > 0 {
				f.Offer("relink-hashes", "restore-igtf")
			}
			if !needsAnchors(s, d) {
				f.As(lint.Note)
			}
		}
	},
}

func effectOfNoAnchors(s *site.Site, d *directory) string {
	switch {
	case isClientDir(s, d) && d.Dir == s.GridDir:
		return "Every client certificate is refused, and every token whose keys are not pinned."
	case d.Dir == s.GridDir:
		return "Every token whose keys are not pinned is refused."
	}
	return "Every client certificate is refused."
}

// needsAnchors says whether anything in arc.conf depends on the directory.
func needsAnchors(s *site.Site, d *directory) bool {
	if _, decides := x509Rule(s); decides && isClientDir(s, d) {
		return true
	}
	if d.Dir != s.GridDir {
		return false
	}
	for _, it := range trust.Issuers(s) {
		if it.KeyFetch != trust.FetchPinned && len(namedIn(s, it)) > 0 {
			return true
		}
	}
	return false
}

func isClientDir(s *site.Site, d *directory) bool {
	for _, client := range s.ClientDirs {
		if d.same(client) {
			return true
		}
	}
	return false
}
