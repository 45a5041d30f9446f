package trust

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var hashLinkGap = &lint.Rule{
	ID:       "trust/hash-link-gap",
	Title:    "The numbers of a hash name have a gap",
	Why:      "OpenSSL tries HASH.0, HASH.1 and so on, and stops at the first that is missing. It finds nothing behind a gap: a CA there is not trusted, and a CRL there revokes nothing.",
	Source:   "arc-behaviour D1, S9",
	Impact:   lint.Outage,
	Facts:    []string{"D1", "S9"},
	Severity: lint.Error,
	Effect:   "OpenSSL stops at the gap and does not find this CA, so ARC does not trust it.",
	Action:   "Use the numbers from 0 on, without a gap.",
	Recipe:   "relink-hashes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			for _, e := range d.Entries {
				sl, ok := parseSlot(e.Name)
				if !ok || e.File == nil || !sl.current(e.File) || d.foundElsewhere(e.File, sl) {
					continue
				}
				seen, rest := d.Chain(sl.hash, sl.suffix)
				if slices.Contains(rest, e) {
					reportGap(r, e, slot{sl.hash, sl.suffix, len(seen)})
				}
			}
		}
	},
}

func reportGap(r *lint.Reporter, e *gridsec.Entry, gap slot) {
	f := r.Path(e.Path, "%s is missing before %s", gap.name(), e.Name).About(e.Name)
	if gap.isCRL() {
		f.Means("OpenSSL stops at the gap, so this CRL revokes nothing.").Offer("refresh-crls").Impacts(lint.Intrusion, lint.Moderate)
	}
}

// foundElsewhere says whether a lookup comes to all that the file holds, in this
// file or in another.
func (d *directory) foundElsewhere(file *gridsec.File, sl slot) bool {
	if sl.isCRL() {
		return !slices.ContainsFunc(file.CRLs, func(crl *gridsec.CRL) bool { return !d.findsCRL(crl) })
	}
	return !slices.ContainsFunc(file.Certificates, func(c *gridsec.Certificate) bool { return !d.found[c.SHA256()] })
}
