package access

import (
	"slices"
	"strings"

	"arclint/internal/arcconf"
)

// Operation is what a client asks of the job interface, as tokenscopes names it.
type Operation string

// The operations that tokenscopes can limit (arc.conf.reference [arex] tokenscopes).
const (
	Info      Operation = "info"
	JobInfo   Operation = "jobinfo"
	JobCreate Operation = "jobcreate"
	JobCancel Operation = "jobcancel"
	JobDelete Operation = "jobdelete"
	DataInfo  Operation = "datainfo"
	DataWrite Operation = "datawrite"
	DataRead  Operation = "dataread"
)

// Operations are all of them.
func Operations() []Operation {
	return []Operation{Info, JobInfo, JobCreate, JobCancel, JobDelete, DataInfo, DataWrite, DataRead}
}

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

// wlcg is the shortcut of that name (grid-manager/conf/CoreConfig.cpp).
var wlcg = map[Operation]string{
	JobInfo: "compute.read", JobCreate: "compute.create", JobCancel: "compute.cancel", JobDelete: "compute.cancel",
	DataInfo: "compute.read", DataWrite: "compute.modify", DataRead: "compute.read",
}

func parseScopes(arex *arcconf.Block) *Scopes {
	s := &Scopes{Options: arex.All("tokenscopes")}
	for _, o := range s.Options {
		for at := 0; at < len(o.Value.Text); {
			end := len(o.Value.Text)
			if n := strings.IndexByte(o.Value.Text[at:], ','); n >= 0 {
				end = at + n
			}
			if end > at {
				s.Pairs = append(s.Pairs, parsePair(o.Value.Sub(at, end), o))
			}
			at = end + 1
		}
	}
	return s
}

func parsePair(w arcconf.Word, o *arcconf.Option) ScopePair {
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

// Required are the scopes of which a token must have one for the operation;
// none means no limit.
func (s *Scopes) Required(op Operation) []string {
	var scopes []string
	for _, p := range s.Pairs {
		switch {
		case p.Shortcut() && p.Action.Text == "wlcg" && wlcg[op] != "":
			scopes = append(scopes, wlcg[op])
		case !p.Shortcut() && p.Action.Text == string(op):
			scopes = append(scopes, p.Scope.Text)
		}
	}
	return scopes
}

// admits says whether a token with these values of the claim scope may do the
// operation. 7.0.0 compares each value whole; 7.2.0 splits the first one.
func (s *Scopes) admits(op Operation, values []string, whole bool) bool {
	required := s.Required(op)
	if len(required) == 0 {
		return true
	}
	if !whole {
		values = scopesOf(values)
	}
	return slices.ContainsFunc(values, func(v string) bool { return slices.Contains(required, v) })
}

// scopesOf splits the first value of the claim scope at spaces, and only there
// (arc-behaviour A5).
func scopesOf(values []string) []string {
	if len(values) == 0 {
		return nil
	}
	return strings.FieldsFunc(values[0], func(r rune) bool { return r == ' ' })
}
