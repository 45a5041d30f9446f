package site

import "arclint/internal/source"

// Written gives an option that stands in arc.conf or arc.conf.d, the first of
// several: what ARC holds for it, and the place of the value, or of its name
// where the value is empty. ok is false where nothing is written and ARC's
// default holds.
func (s *Site) Written(block, option string) (value string, at source.Span, ok bool) {
	v := s.Value(block, option)
	if v.Option == nil {
		return "", source.Span{}, false
	}
	at = v.Option.Value.Span
	if v.Option.Value.Text == "" {
		at = v.Option.Name.Span
	}
	return v.Text, at, true
}
