package trust

import (
	"iter"
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/site"
)

// policed is a trust anchor and the signing policy that belongs to it.
type policed struct {
	dir  *directory
	ca   *gridsec.Certificate
	file *gridsec.File // HASH.signing_policy; nil: there is none
}

// policies are the CAs that client certificates may be of, each with its signing
// policy.
func policies(s *site.Site) iter.Seq[policed] {
	return func(yield func(policed) bool) {
		for _, d := range clientDirs(s) {
			if d.Err != nil {
				continue
			}
			for _, c := range d.anchors {
				if p := policedBy(d, c); maySign(c) && !p.unseen() && !yield(p) {
					return
				}
			}
		}
	}
}

func policedBy(d *directory, c *gridsec.Certificate) policed {
	p := policed{dir: d, ca: c}
	if e := d.Lookup(p.name()); e != nil {
		p.file = e.File
	}
	return p
}

// unseen says whether the policy is there and arclint has not read it.
func (p policed) unseen() bool {
	e := p.dir.Lookup(p.name())
	return e != nil && e.Unseen()
}

// unread7 is what ARC 7 makes of a signing policy.
const unread7 = "ARC 7 reads no signing policy; other grid software on this host does."

// name is the name under which ARC looks for the policy.
func (p policed) name() string { return hashText(p.ca.Hash) + ".signing_policy" }

// policy is the parsed signing policy, nil where there is none.
func (p policed) policy() *gridsec.Policy {
	if p.file == nil {
		return nil
	}
	return p.file.Policy
}

// entries are the entries for this CA.
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

// grants says whether any entry lets ARC 6.17 accept anything of this CA.
func (p policed) grants() bool { return len(p.granted()) > 0 }

// grantsMore says whether that is more than the CA's own certificate.
func (p policed) grantsMore() bool {
	return slices.ContainsFunc(p.granted(), func(pattern gridsec.Line) bool { return pattern.Text != p.ca.SubjectName })
}

// granted are the patterns of the entries from which ARC 6.17 takes any.
func (p policed) granted() []gridsec.Line {
	var patterns []gridsec.Line
	for _, e := range p.entries() {
		if e.Signs && len(e.Faults) == 0 {
			patterns = append(patterns, e.Subjects...)
		}
	}
	return patterns
}
