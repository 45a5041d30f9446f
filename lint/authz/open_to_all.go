package authz

import (
	"fmt"
	"strings"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var openToAll = &lint.Rule{
	ID:    "authz/open-to-all",
	Title: "Everybody may submit jobs",
	Why: "all=yes matches everybody, and a rule with ! matches everybody whom the rule itself does not, clients without a token included. " +
		"On ARC 6 these are also clients that show neither a token nor a certificate: they submit jobs as the mapped account. " +
		"With [arex] user, ARC 6 lets in everybody whom [mapping] gives no account, as that user. " +
		"ARC 7 refuses those, and admits every certificate of a trusted CA, and with all=yes every token of any issuer that the CE can reach.",
	Source:   "arc-behaviour S6, F1, B11",
	Impact:   lint.Intrusion,
	Risk:     lint.Critical,
	Facts:    []string{"S6", "F1", "B11"},
	Severity: lint.Error,
	Action:   "Replace the line by rules that name the members.",
	Recipe:   lint.Manual,
	ByHand: `Replace the line by rules that name the members: VOs, subjects, or issuers with
an audience and a scope. If a rule with ! is there to keep somebody out, write
it with a minus sign, above the rules that name the members.

    [authgroup:dune]
    -subject=/DC=org/DC=example/CN=Mallory
    voms=dune * * *
    authtokens=* https://vo.example.org https://ce.example.org compute.create *

Look who gets in, and which wrong requests would:

    arclint access
    arclint negtest --static

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		reportService(s, p, r)
		for _, g := range p.Groups {
			rule := opens(g)
			if rule == nil || !p.Submits(g.Name) || !admission.OpenToBystanders(s, g.Name) {
				continue
			}
			effect := whoEnters(s, rule)
			if ca := publicClientCAs(s); !s.Release.AnonymousAdmitted && len(ca) > 0 {
				effect += fmt.Sprintf(" Among these CAs is %s, whose certificates everybody can get.", ca[0].SubjectName)
			}
			f := r.At(rule.Option.Line, "%s %s", whatOpens(rule), g.Name).Means("%s", effect).About(g.Name)
			if m := p.Maps(g.Name); m != nil {
				f.Relate(m.Option.Line, "maps them")
			}
		}
	},
}

// reportService speaks of ARC 6 where A-REX does not run as root: whom [mapping] gives no
// account gets that of A-REX, and the access list does not count.
func reportService(s *site.Site, p *access.Policy, r *lint.Reporter) {
	user, line := p.ServiceAccount()
	if user == "" || s.Release.JobsListEnforced || p.List(authgroup.JobsBlock) == nil || !admission.OpenToBystanders(s, "") {
		return
	}
	r.At(line, "every client gets in as %s", user).
		Means("ARC 6 gives the account of A-REX to everybody whom [mapping] gives none, and applies no access list.").
		Do("Remove the line, so that A-REX runs as root.").About("arex user")
}

// opens is the first rule that makes everybody a member, or everybody but
// some; nil if no rule does.
func opens(g *authgroup.Group) *authgroup.Rule {
	for _, rule := range g.Rules {
		if _, unknown := rule.Test.(*authgroup.Unknown); unknown {
			return nil
		}
		if rule.Everybody() && rule.Negative || keepsOut(rule) {
			return nil
		}
		if rule.Everybody() || rule.Inverted && rule.Positive() {
			return rule
		}
	}
	return nil
}

// keepsOut says whether whom the rule does not match leaves the group there: what
// stands below is for those who match.
func keepsOut(rule *authgroup.Rule) bool {
	if !rule.Negative || !rule.Inverted {
		return false
	}
	switch t := rule.Test.(type) {
	case *authgroup.All:
		return !t.Yes()
	case *authgroup.Tokens:
		return !(t.Issuer.Any() && t.Subject.Any() && t.Audience.Any() && t.Scope.Any() && t.Group.Any())
	}
	return true
}

// whatOpens says so, up to the name of the group.
func whatOpens(rule *authgroup.Rule) string {
	if rule.Everybody() {
		return strings.TrimSpace(rule.Option.Line.Text()) + " makes everybody a member of"
	}
	return "with the !, everybody whom the rule does not match is a member of"
}

func whoEnters(s *site.Site, rule *authgroup.Rule) string {
	switch {
	case s.Release.AnonymousAdmitted:
		return "Clients without certificate and without token get in as well and may submit jobs."
	case rule.Everybody():
		return "Every client certificate of a trusted CA gets in, and every token of an issuer that the CE can reach."
	}
	return "Every client certificate of a trusted CA gets in."
}
