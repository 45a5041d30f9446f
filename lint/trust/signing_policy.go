package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

// policed is a trust anchor and the signing policy that belongs to it.
type policed struct {
	dir  *gridsec.Dir
	ca   *gridsec.Certificate
	file *gridsec.File // HASH.signing_policy; nil: there is none
}

// eachPoliced visits every CA that a lookup finds, with its signing policy.
func eachPoliced(s *site.Site, r *lint.Reporter, visit func(policed)) {
	for _, dir := range s.ClientDirs {
		if unreadable(dir, r) {
			continue
		}
		for _, c := range anchors(dir) {
			if !maySign(c) {
				continue
			}
			p := policed{dir: dir, ca: c}
			if e := dir.Lookup(slot{hash: c.Hash}.stem() + ".signing_policy"); e != nil {
				p.file = e.File
			}
			visit(p)
		}
	}
}

// policy is the parsed signing policy, nil where there is none.
func (p policed) policy() *gridsec.Policy {
	if p.file == nil {
		return nil
	}
	return p.file.Policy
}

// entries are the entries that speak of this CA.
func (p policed) entries() []*gridsec.PolicyEntry {
	var found []*gridsec.PolicyEntry
	if policy := p.policy(); policy != nil {
		for _, e := range policy.Entries {
			if e.CA.Text == p.ca.SubjectName {
				found = append(found, e)
			}
		}
	}
	return found
}
