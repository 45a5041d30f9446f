package authz

import (
	"strings"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var mappingOrder = &lint.Rule{
	ID:    "authz/mapping-order",
	Title: "A line of [mapping] is never reached",
	Why: "The first line of [mapping] whose group a user is in decides about the account, also where it finds none. policy_on_map or policy_on_nomap with continue change that. " +
		"A line for the same group, or for a group whose members are all in groups of lines above it, therefore maps nobody. Its users get the account of the line above. " +
		"The line for the smaller group belongs above that for the larger one.",
	Source:   "arc-behaviour B8; src/hed/shc/legacy/LegacyMap.cpp and unixmap.cpp (policies read only)",
	Impact:   lint.Hygiene,
	Facts:    []string{"B8"},
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `Write one line a group, and the line of the smaller group above that of the
larger one. Remove the line that maps nobody, if the account of the line above
it is the right one.

    [mapping]
    map_to_user=production prod:prod
    map_to_user=dune dune:dune

See which account each group gets:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		if p.Mapping == nil {
			return
		}
		m := mapOrder{site: s, policy: p, reporter: r, by: map[string]*authgroup.MapRule{}, cover: p.NewCover(), onNoMap: true, onMap: true}
		for _, line := range p.Mapping.Rules {
			if !m.line(line) {
				break
			}
		}
		if m.cover.Tired() {
			r.Skip("the lines of [mapping] are for groups that name each other in too many ways: not each was compared with all above it")
		}
	},
}

// mapOrder goes through [mapping] and keeps the groups whose members have all
// been decided about.
type mapOrder struct {
	site           *site.Site
	policy         *access.Policy
	reporter       *lint.Reporter
	by             map[string]*authgroup.MapRule // of a group, the line that takes all its members
	lines          []*authgroup.MapRule          // these, in order
	cover          *access.Cover                 // their groups
	witnesses      map[string]admission.Door     // of a group; nil until one is asked for
	onNoMap, onMap bool                          // true: stop
}

// line looks at one line; false means that what follows is the business of
// no-mapping or mapping-rule.
func (m *mapOrder) line(line *authgroup.MapRule) bool {
	switch {
	case line.Kind == authgroup.MapComputed && strings.HasPrefix(line.Option.Name.Text, "policy_"):
		return false
	case line.Kind == authgroup.MapPolicy:
		return m.policyLine(line)
	case line.Kind == authgroup.MapUnknown || line.Target.Missing() || !m.policy.Defined(line.Group.Text):
		return true
	}
	g := m.policy.Group(line.Group.Text)
	if first := m.by[line.Group.Text]; first != nil {
		m.repeated(line, first)
		return true
	}
	if g == nil {
		return true // known by a name= only
	}
	if m.cover.Holds(g) {
		m.shadowed(line, g)
		return true
	}
	if m.onMap && (m.onNoMap || line.Kind == authgroup.MapToUser) {
		m.by[g.Name], m.lines = line, append(m.lines, line)
		m.cover.Add(g)
	}
	return true
}

func (m *mapOrder) policyLine(line *authgroup.MapRule) bool {
	stop := line.Group.Text == "stop"
	switch line.Option.Name.Text {
	case "policy_on_map":
		m.onMap = stop
	case "policy_on_nomap":
		m.onNoMap = stop
	default:
		return !stop
	}
	return stop || line.Group.Text == "continue"
}

func (m *mapOrder) repeated(line, first *authgroup.MapRule) {
	f := m.reporter.At(line.Group.Span, "authgroup %s is mapped by a line above", line.Group.Text).
		Means("The first line decides, and this one maps nobody.").Do("Remove this line, or the one above.").
		About(line.Group.Text+" "+line.Target.Text).Relate(first.Option.Line, "decides about all members")
	if first.Kind == line.Kind && first.Target.Text == line.Target.Text {
		f.As(lint.Note).Fix(authgroup.Field{Span: line.Option.Line.Lines()}.Replace("")).Offer("edit-arc-conf")
	}
	m.witness(f, line)
}

// witness adds a request of a member of the group and the account that it ends
// with, where one was worked out.
func (m *mapOrder) witness(f *lint.Finding, line *authgroup.MapRule) {
	if m.witnesses == nil {
		m.witnesses = map[string]admission.Door{}
		for _, d := range admission.Doors(m.site).Doors {
			if _, known := m.witnesses[d.Group]; !known && d.Decision.Allowed && d.Decision.Account != "" {
				m.witnesses[d.Group] = d
			}
		}
	}
	if d, ok := m.witnesses[line.Group.Text]; ok {
		f.With("request", proofOf(d)).With("account", d.Decision.Account)
	}
}

func (m *mapOrder) shadowed(line *authgroup.MapRule, g *authgroup.Group) {
	n, _ := m.cover.One(g)
	if n < 0 {
		f := m.reporter.At(line.Group.Span, "every member of %s is in a group that is mapped by a line above", g.Name).
			Means("The line maps nobody.").Do("Move it above the lines of those groups, or remove it.").
			About(g.Name+" "+line.Target.Text).Relate(m.lines[0].Option.Line, "the first of the lines above")
		m.witness(f, line)
		return
	}
	first := m.lines[n]
	f := m.reporter.At(line.Group.Span, "every member of %s is in %s as well, which is mapped by a line above", g.Name, first.Group.Text).
		Means("The line maps nobody.").Do("Move it above the line of %s, or remove it.", first.Group.Text).
		About(g.Name+" "+line.Target.Text).Relate(first.Option.Line, "decides about all members")
	if first.Kind == line.Kind && first.Target.Text == line.Target.Text {
		f.As(lint.Note)
	}
	m.witness(f, line)
}
