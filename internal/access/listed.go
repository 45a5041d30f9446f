package access

import (
	"iter"

	"arclint/internal/authgroup"
)

// covers is Covers with what stands in the lists of subjects, of which it says how
// many were looked at.
func (p *Policy) covers(a, b authgroup.Test) (ok bool, looked int) {
	if Covers(a, b) {
		return true, 0
	}
	for dn := range p.subjectsOf(b) {
		if looked++; !p.matchesSubject(a, dn) {
			return false, looked
		}
	}
	return looked > 0, looked
}

// firstSubject is one of those whom a test is about.
func (p *Policy) firstSubject(t authgroup.Test) (dn string, ok bool) {
	for dn := range p.subjectsOf(t) {
		return dn, true
	}
	return "", false
}

// subjectsOf are those whom a test is about, none where that is not known.
func (p *Policy) subjectsOf(t authgroup.Test) iter.Seq[string] {
	return func(yield func(string) bool) {
		switch t := t.(type) {
		case *authgroup.Subject:
			if t.DN.Text != "" {
				yield(t.DN.Text)
			}
		case *authgroup.File:
			m := p.tables.lists().files[t.Path.Text]
			if m == nil || m.Err != nil {
				return
			}
			for _, e := range m.Entries {
				if e.Subject.Text != "" && !yield(e.Subject.Text) {
					return
				}
			}
		}
	}
}

func (p *Policy) matchesSubject(t authgroup.Test, dn string) bool {
	switch t := t.(type) {
	case *authgroup.Subject:
		return t.DN.Text == dn
	case *authgroup.File:
		listed, _ := p.listed(t.Path.Text, dn)
		return listed
	}
	return false
}
