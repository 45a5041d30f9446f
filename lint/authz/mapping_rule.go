package authz

import (
	"errors"
	"io/fs"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var mappingRule = &lint.Rule{
	ID:    "authz/mapping-rule",
	Title: "A line of [mapping] fails",
	Why: "A rule of [mapping] that has no account, or that ARC does not know, makes ARC refuse every member of its group with status 403. The rules below change nothing. " +
		"A policy that is neither continue nor stop does so with everybody who gets as far. ARC 6 does not start on a rule that it does not know.",
	Source:   "arc-behaviour B8",
	Impact:   lint.Outage,
	Facts:    []string{"B8"},
	Severity: lint.Error,
	Stops:    true,
	Rests:    true,
	Recipe:   "edit-arc-conf",
	ByHand: `Write the group, and after it an account, the directory of a pool, a file, or a
time limit in seconds and a command. Write continue or stop after a policy.

    [mapping]
    policy_on_nomap=continue
    map_to_user=dune dune:dune
    map_with_plugin=atlas 10 /path/plugin

Make the directory of a pool, and in it the file pool with the accounts:

    install -d -o root -g root -m 0755 /etc/grid-security/pool/dune

See which account each group gets:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		if p.Mapping == nil {
			return
		}
		for _, m := range p.Mapping.Rules {
			checkMapRule(s, r, m)
		}
	},
}

var mapNames = []string{
	"map_to_user", "map_to_pool", "map_with_file", "map_with_plugin", "policy_on_nomap", "policy_on_map", "policy_on_nogroup",
}

// follows is what a rule has after its authgroup.
var follows = map[authgroup.MapKind]string{
	authgroup.MapToUser: "an account", authgroup.MapToPool: "the directory of a pool", authgroup.MapWithFile: "a file", authgroup.MapWithPlugin: "a time limit and a command",
}

func checkMapRule(s *site.Site, r *lint.Reporter, m *authgroup.MapRule) {
	name, about := m.Option.Name, m.Option.Line.Text()
	policy := strings.HasPrefix(name.Text, "policy_")
	switch {
	case m.Kind == authgroup.MapComputed: // nobody knows here what it says
	case m.Kind == authgroup.MapUnknown:
		reportUnknownMap(s, r, m, policy)
	case policy && m.Group.Text != "continue" && m.Group.Text != "stop":
		r.At(placeOf(m).Span, "%s is neither continue nor stop", name.Text).Means(refusesFromHere).
			Do("Write continue or stop.").About(about).Offer()
	case policy:
	case m.Group.Missing():
		r.At(name.Span, "%s has no value", name.Text).Means(refusesFromHere).
			Do("Write an authgroup and %s.", follows[m.Kind]).About(about).Offer()
	case m.Kind == authgroup.MapToUser && m.Account.Text == "", m.Target.Missing():
		r.At(m.Option.Value.Span, "%s is incomplete", name.Text).Means(refusesMembers, m.Group.Text).
			Do("Write an authgroup and %s.", follows[m.Kind]).About(about).Offer()
	case (m.Kind == authgroup.MapWithFile || m.Kind == authgroup.MapToPool) && strings.ContainsAny(m.Target.Text, " \t"):
		checkPath(s, r, m, about)
	case m.Kind == authgroup.MapToPool:
		checkPoolPath(s, r, m, about)
	case m.Kind == authgroup.MapWithPlugin:
		checkPlugin(r, m, about)
	}
}

const (
	refusesFromHere = "ARC refuses everybody who gets as far as this line."
	refusesMembers  = "ARC refuses every member of %s."
)

func reportUnknownMap(s *site.Site, r *lint.Reporter, m *authgroup.MapRule, policy bool) {
	name := m.Option.Name
	f := r.At(name.Span, "ARC knows no line %s in [mapping]", name.Text).Means("ARC refuses every member of the group.").
		Do("Write one of %s.", strings.Join(mapNames, ", ")).About(m.Option.Line.Text()).Stopping(s.Release.StrictStart)
	switch {
	case s.Release.StrictStart:
		f.Means(noStart6)
	case policy:
		f.Means(refusesFromHere)
	}
	if near, ok := f.Suggest(name.Text, mapNames); ok {
		f.Do("Write %s.", near).Fix(authgroup.Field{Span: name.Span}.Replace(near))
	} else {
		f.Offer()
	}
}

// placeOf is the value, or the name where there is none.
func placeOf(m *authgroup.MapRule) authgroup.Field {
	if m.Option.Value.Text == "" {
		return authgroup.Field{Text: m.Option.Name.Text, Span: m.Option.Name.Span}
	}
	return authgroup.Field{Text: m.Option.Value.Text, Span: m.Option.Value.Span}
}

// checkPath looks at a path with blanks in it, which is rarely meant.
func checkPath(s *site.Site, r *lint.Reporter, m *authgroup.MapRule, about string) {
	if n, ok := s.NamedPath(m.Target.Text); ok && n.Err == nil {
		return
	}
	f := r.At(m.Target.Span, "%q is one path to ARC", m.Target.Text).
		Means("There is no such path, so ARC refuses every member of %s.", m.Group.Text).Do("Write the path of %s alone.", follows[m.Kind]).
		About(about).Claim(m.Option.Line, m.Target.Span)
	first := strings.Fields(m.Target.Text)[0]
	if n, ok := s.NamedPath(first); ok && n.Err == nil {
		f.Fix(m.Target.Replace(first))
	} else {
		f.Offer()
	}
}

// checkPoolPath looks whether a pool has a directory.
func checkPoolPath(s *site.Site, r *lint.Reporter, m *authgroup.MapRule, about string) {
	n, ok := s.NamedPath(m.Target.Text)
	fault := ""
	switch {
	case ok && errors.Is(n.Err, fs.ErrNotExist) && !s.NotCopied(m.Target.Text):
		fault = "does not exist"
	case ok && n.Err == nil && !n.Mode.IsDir():
		fault = "is not a directory"
	default:
		return
	}
	r.At(m.Target.Span, "%s %s", m.Target.Text, fault).Means(refusesMembers, m.Group.Text).
		Do("Make the directory, with a file pool that has the names of the accounts.").About(about).Offer()
}

func checkPlugin(r *lint.Reporter, m *authgroup.MapRule, about string) {
	timeout := m.Plugin.Timeout
	switch {
	case strings.Trim(timeout.Text, "0123456789") != "":
		r.At(timeout.Span, "%s is not a time limit in seconds", timeout.Text).Means(refusesMembers, m.Group.Text).
			Do("Write a time limit before the command.").About(about).Offer()
	case len(m.Plugin.Command) == 0:
		r.At(m.Option.Value.Span, "map_with_plugin has no command").Means(refusesMembers, m.Group.Text).
			Do("Write a command after the time limit.").About(about).Offer()
	}
}
