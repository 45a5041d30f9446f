package trust

import (
	"cmp"
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var hashLinkGap = &lint.Rule{
	ID:       "trust/hash-link-gap",
	Title:    "The numbers of a hash name have a gap",
	Why:      "OpenSSL tries HASH.0, HASH.1 and so on and stops at the first that is missing. What stands behind a gap is not found: a CA there is not trusted, and a CRL there revokes nothing.",
	Source:   "arc-behaviour D1, S9",
	Facts:    []string{"D1", "S9"},
	Severity: lint.Error,
	Recipe:   "relink-hashes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			for _, e := range behindGap(dir) {
				sl, _ := parseSlot(e.Name)
				first := slot{hash: sl.hash, crl: sl.crl}
				for dir.Lookup(first.name()) != nil {
					first.number++
				}
				what := "the CA here is not found"
				if sl.crl {
					what = "this CRL revokes nothing"
				}
				r.Path(e.Path, "%s is missing before it, want the numbers without a gap from 0: OpenSSL stops there, so %s", first.name(), what).About(e.Name)
			}
		}
	},
}

// behindGap are the entries of the current hashes that no lookup reaches.
func behindGap(dir *gridsec.Dir) []*gridsec.Entry {
	type key struct {
		hash uint32
		crl  bool
	}
	chains := map[key][]*gridsec.Entry{}
	for _, e := range dir.Entries {
		if sl, ok := parseSlot(e.Name); ok && !isOldName(sl, e.File) {
			k := key{sl.hash, sl.crl}
			chains[k] = append(chains[k], e)
		}
	}
	var found []*gridsec.Entry
	for _, chain := range chains {
		slices.SortFunc(chain, func(a, b *gridsec.Entry) int { return cmp.Compare(number(a), number(b)) })
		for i, e := range chain {
			if number(e) > i {
				found = append(found, chain[i:]...)
				break
			}
		}
	}
	return found
}

func number(e *gridsec.Entry) int {
	sl, _ := parseSlot(e.Name)
	return sl.number
}

// isOldName says whether the name is of the old MD5 style, which no lookup uses.
func isOldName(sl slot, file *gridsec.File) bool {
	if file == nil {
		return false
	}
	for _, c := range file.Certificates {
		if !sl.crl && c.OldHash == sl.hash && c.Hash != sl.hash {
			return true
		}
	}
	for _, crl := range file.CRLs {
		if sl.crl && crl.IssuerOldHash == sl.hash && crl.IssuerHash != sl.hash {
			return true
		}
	}
	return false
}
