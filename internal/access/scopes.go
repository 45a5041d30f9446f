package access

import (
	"slices"
	"strings"
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

// wlcg is the shortcut of that name (grid-manager/conf/CoreConfig.cpp).
var wlcg = map[Operation]string{
	JobInfo: "compute.read", JobCreate: "compute.create", JobCancel: "compute.cancel", JobDelete: "compute.cancel",
	DataInfo: "compute.read", DataWrite: "compute.modify", DataRead: "compute.read",
}

// Required are the scopes of which a token must have one for the operation;
// none means no limit.
func (p *Policy) Required(op Operation) []string {
	var scopes []string
	for _, pair := range p.Scopes.Pairs {
		switch {
		case pair.Shortcut() && pair.Action.Text == "wlcg" && wlcg[op] != "":
			scopes = append(scopes, wlcg[op])
		case !pair.Shortcut() && pair.Action.Text == string(op):
			scopes = append(scopes, pair.Scope.Text)
		}
	}
	return scopes
}

// Limits says whether tokenscopes asks for a scope for any operation: parts that
// ARC skips ask for none.
func (p *Policy) Limits() bool {
	return slices.ContainsFunc(Operations(), func(op Operation) bool { return len(p.Required(op)) > 0 })
}

// scopesInclude says whether a token with these values of the claim scope may do the
// operation. 7.0.0 compares each value whole; 7.2.0 splits the first one.
func (p *Policy) scopesInclude(op Operation, values []string, whole bool) bool {
	required := p.Required(op)
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
