package authgroup

import (
	"strings"

	"arclint/internal/arcconf"
)

// Scopes is what [arex] tokenscopes demands of tokens (arc-behaviour A12).
type Scopes struct {
	Options []*arcconf.Option
	Pairs   []ScopePair
}

// ScopePair is one action=scope of tokenscopes, or the shortcut wlcg. ARC skips
// a part that is neither.
type ScopePair struct {
	Action, Scope Field // a shortcut has no Scope
	Option        *arcconf.Option
}

// Shortcut says whether the part stands without a scope.
func (p ScopePair) Shortcut() bool { return p.Scope.Missing() }

func readScopes(arex *arcconf.Block) *Scopes {
	s := &Scopes{Options: arex.All("tokenscopes")}
	for _, o := range s.Options {
		for at := 0; at < len(o.Value.Text); {
			end := len(o.Value.Text)
			if n := strings.IndexByte(o.Value.Text[at:], ','); n >= 0 {
				end = at + n
			}
			if end > at {
				s.Pairs = append(s.Pairs, readPair(o.Value.Sub(at, end), o))
			}
			at = end + 1
		}
	}
	return s
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
