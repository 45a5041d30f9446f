package authz

import (
	"strings"

	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var vomsFields = &lint.Rule{
	ID:    "authz/voms-fields",
	Title: "The fields of a voms= rule are not what ARC compares",
	Why: "A voms= rule has four fields, VO group role capability, separated by spaces, each `*` or compared exactly. " +
		"With more or fewer the rule fails for everybody who has VOMS attributes, and ARC looks at no rule below it in the group. Others do not notice. " +
		"To ARC an attribute such as /dune/prod/Role=pilot is the group /dune/prod and the role pilot. A role or capability NULL is none at all. " +
		"A slash at the end of the group, or two together, are in no attribute.",
	Source:   "arc-behaviour B6, V6, V7",
	Impact:   lint.Outage,
	Facts:    []string{"B6", "V7"},
	Severity: lint.Error,
	Action:   "Write four fields: VO group role capability.",
	Rests:    true,
	Recipe:   "edit-arc-conf",
	ByHand: `Write four fields: VO, group, role and capability. Write a * where any will do.
Write the group as a path from the VO on, and the role without Role= before it.

    [authgroup:pilots]
    voms=vo.example.org /vo.example.org/pilots pilot *

Ask what becomes of an attribute:

    arclint whoami --subject "/DC=org/DC=example/CN=Jane Doe" --fqan /VO/Role=R

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, t := range authgroup.Rules[*authgroup.VOMS](s.Access) {
			about := t.Group.Name + " " + t.Option.Value.Text
			if !checkVOMSShape(r, t, about) {
				continue
			}
			checkVOMSQuotes(r, t, about)
			checkVOMSGroup(r, t.Test.VO, t.Test.Group, about)
			checkVOMSSlashes(r, t, about)
			checkVOMSKey(r, t, t.Test.Role, "Role")
			checkVOMSKey(r, t, t.Test.Capability, "Capability")
		}
	},
}

func checkVOMSShape(r *lint.Reporter, t authgroup.Asking[*authgroup.VOMS], about string) bool {
	const fails = "The rule fails for everybody with VOMS attributes, and ARC looks at no rule below it in this group."
	switch {
	case t.Test.Missing != "" && t.Option.Value.Text == "":
		r.At(t.Option.Name.Span, "the voms rule has no fields").Means(fails).About(about).Offer()
		return false
	case t.Test.Missing != "":
		r.At(t.Option.Value.Span, "the %s of the voms rule is missing", t.Test.Missing).Means(fails).About(about).Offer()
		return false
	case len(t.Test.Extra) > 0:
		r.At(t.Test.Extra[0].Span, "%q is after the fourth field", t.Test.Extra[0].Text).Means(fails).About(about).Offer()
		return false
	}
	return true
}

// checkVOMSQuotes looks for quotes, which belong to the fields beside them. Those
// round all four fields are one fault.
func checkVOMSQuotes(r *lint.Reporter, t authgroup.Asking[*authgroup.VOMS], about string) {
	if inner, ok := t.Option.Enclosed(); ok {
		whole := value(t.Rule)
		r.At(whole.Span, "quotes enclose the whole rule").
			Means("They are part of its first and last field. %s", lint.MatchesNobody(t.Inverted)).Opens(turnsOpen(t.Rule)).Do("Remove the quotes.").
			About(about).Fix(whole.Replace(inner.Text))
		return
	}
	for _, f := range t.Test.Fields() {
		if plain := strings.Trim(f.Text, `"'`); plain != f.Text {
			r.At(f.Span, "quotes are part of the field").
				Means("%s", lint.MatchesNobody(t.Inverted)).Opens(turnsOpen(t.Rule)).Do("Remove the quotes.").About(about + ": " + f.Text).Fix(f.Replace(plain))
		}
	}
}

func checkVOMSGroup(r *lint.Reporter, vo, group authgroup.Field, about string) {
	if group.Any() || strings.HasPrefix(group.Text, "/") || strings.ContainsAny(group.Text, `"'`) {
		return
	}
	want := "/" + group.Text
	if !vo.Any() && group.Text != vo.Text {
		want = "/" + vo.Text + "/" + group.Text
	}
	r.At(group.Span, "the group %s has no slash before it", group.Text).
		Means("ARC compares the group with its path from the VO on.").Do("Write the whole path, such as %s.", want).
		As(lint.Warning).About(about).Offer()
}

// checkVOMSSlashes looks for slashes that the path of no group has: ARC takes those of an
// attribute away, and compares the rule as it is written (arc-behaviour V7).
func checkVOMSSlashes(r *lint.Reporter, t authgroup.Asking[*authgroup.VOMS], about string) {
	f := t.Test.Group
	clean := "/" + strings.Join(strings.FieldsFunc(f.Text, func(r rune) bool { return r == '/' }), "/")
	if !strings.HasPrefix(f.Text, "/") || clean == f.Text && clean != "/" || strings.ContainsAny(f.Text, `"'`) {
		return
	}
	write := clean
	if clean == "/" {
		write = "* for any group"
	}
	finding := r.At(f.Span, "the group %s has a slash too many", f.Text).
		Means("%s", lint.MatchesNobody(t.Inverted)).Opens(turnsOpen(t.Rule)).Do("Write %s.", write).About(about + ": " + f.Text)
	if clean == "/" {
		finding.Offer()
		return
	}
	finding.Fix(f.Replace(clean))
}

// checkVOMSKey looks at a role or a capability.
func checkVOMSKey(r *lint.Reporter, t authgroup.Asking[*authgroup.VOMS], f authgroup.Field, key string) {
	about, never := t.Group.Name+" "+t.Option.Value.Text, lint.MatchesNobody(t.Inverted)
	rest, named := strings.CutPrefix(f.Text, key+"=")
	switch {
	case named && rest != "NULL":
		r.At(f.Span, "the value has %s before it", key+"=").
			Means("ARC compares the value alone. %s", never).Opens(turnsOpen(t.Rule)).Do("Write %s alone.", rest).About(about + ": " + key).Fix(f.Replace(rest))
	case f.Text == "NULL" || rest == "NULL" && named:
		r.At(f.Span, "NULL is not a value to ARC").
			Means("An attribute without %s has an empty one. %s", strings.ToLower(key), never).Opens(turnsOpen(t.Rule)).Do("Write *.").About(about + ": " + key).Offer()
	}
}
