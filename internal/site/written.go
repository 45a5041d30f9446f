package site

import "arclint/internal/source"

// Written gives an option as it stands in arc.conf or arc.conf.d, the first of
// several: its value and the place of the value, or of its name where the value
// is empty. ok is false where nothing is written and ARC's default holds.
func (s *Site) Written(block, option string) (value string, at source.Span, ok bool) {
	o := s.Conf.Block(block).First(option)
	if o == nil {
		return "", source.Span{}, false
	}
	at = o.Value.Span
	if o.Value.Text == "" {
		at = o.Name.Span
	}
	return o.Value.Text, at, true
}
