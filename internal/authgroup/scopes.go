package authgroup

import (
	"strings"

	"arclint/internal/arcconf"
)

// Scopes is what [arex] tokenscopes demands of tokens (arc-behaviour A12).
type Scopes struct {
	Options []*arcconf.Option
	Pairs   []ScopePair
	Hidden  []HiddenScope
}

// HiddenScope is a part of tokenscopes that ARC computes.
type HiddenScope struct {
	Field
	Why Hidden
}

// ScopePair is one action=scope of tokenscopes, or the shortcut wlcg. ARC skips
// a part that is neither.
type ScopePair struct {
	Action, Scope Field // a shortcut has no Scope
	Option        *arcconf.Option
}

// Shortcut says whether the part stands without a scope.
func (p ScopePair) Shortcut() bool { return p.Scope.Missing() }

func (d *Document) readScopes() {
	b := d.conf.Block("arex")
	d.Scopes = &Scopes{Options: b.All("tokenscopes")}
	for _, o := range d.Scopes.Options {
		for _, l := range d.held(b, o) {
			d.Scopes.read(l)
		}
	}
}

func (s *Scopes) read(l line) {
	text := l.value.Text
	for at := 0; at < len(text); {
		end := len(text)
		if n := strings.IndexByte(text[at:], ','); n >= 0 {
			end = at + n
		}
		switch part := l.value.Sub(at, end); {
		case l.hidden != "" && strings.Contains(part.Text, "$"):
			s.Hidden = append(s.Hidden, HiddenScope{fieldOf(l.value.Sub(at, len(text))), l.hidden})
			return // a comma may be in it
		case end > at:
			s.Pairs = append(s.Pairs, readPair(part, l.Option))
		}
		at = end + 1
	}
}

func readPair(w arcconf.Word, o *arcconf.Option) ScopePair {
	if n := strings.IndexByte(w.Text, '='); n >= 0 {
		return ScopePair{Action: trimmed(w.Sub(0, n)), Scope: trimmed(w.Sub(n+1, len(w.Text))), Option: o}
	}
	return ScopePair{Action: trimmed(w), Option: o}
}

func trimmed(w arcconf.Word) Field {
	text := strings.Trim(w.Text, " \t\n\v\f\r")
	from := strings.Index(w.Text, text)
	return fieldOf(w.Sub(from, from+len(text)))
}
