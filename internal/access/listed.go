package access

import "arclint/internal/authgroup"

// covers is Covers with what stands in the lists of subjects.
func (p *Policy) covers(a, b authgroup.Test) bool {
	if Covers(a, b) {
		return true
	}
	subjects := p.subjectsOf(b)
	for _, dn := range subjects {
		if !p.matchesSubject(a, dn) {
			return false
		}
	}
	return len(subjects) > 0
}

// subjectsOf are those whom a test is about, none where that is not known.
func (p *Policy) subjectsOf(t authgroup.Test) []string {
	switch t := t.(type) {
	case *authgroup.Subject:
		if t.DN.Text != "" {
			return []string{t.DN.Text}
		}
	case *authgroup.File:
		m := p.tables.lists().files[t.Path.Text]
		if m == nil || m.Err != nil {
			return nil
		}
		var subjects []string
		for _, e := range m.Entries {
			if e.Subject.Text != "" {
				subjects = append(subjects, e.Subject.Text)
			}
		}
		return subjects
	}
	return nil
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
