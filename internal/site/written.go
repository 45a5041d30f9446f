package site

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/source"
)

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

// ClosedToNew says whether allownew of [arex/ws/jobs] takes no new jobs, and where: of
// several lines the last counts (arc-behaviour C7).
func (s *Site) ClosedToNew() (at source.Span, closed bool) {
	last := s.AllowNew()
	if last.Text != "no" || last.Option == nil {
		return source.Span{}, false
	}
	return last.Option.Value.Span, true
}

// Drained says whether each session directory that arc.conf names is set to drain, and
// where the first is: A-REX takes no job then (grid-manager/conf/CoreConfig.cpp, and
// ChooseSessionDir of a-rex/job.cpp).
func (s *Site) Drained() (at source.Span, is bool) {
	for _, dir := range s.Conf.Values("arex", "sessiondir", s.Release.Ref) {
		words := strings.Fields(dir.Text)
		if dir.Option == nil || dir.Origin == arcconf.Unresolved || len(words) < 2 || words[1] != "drain" {
			return source.Span{}, false
		}
		if at.IsZero() {
			at = dir.Option.Value.Span
		}
	}
	return at, !at.IsZero()
}

// AllowNew is allownew of [arex/ws/jobs] as it counts.
func (s *Site) AllowNew() arcconf.Value {
	values := s.Conf.Values("arex/ws/jobs", "allownew", s.Release.Ref)
	if len(values) == 0 {
		return arcconf.Value{Origin: arcconf.Absent}
	}
	return values[len(values)-1]
}
