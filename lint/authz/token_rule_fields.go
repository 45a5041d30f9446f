package authz

import (
	"strings"

	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var tokenRuleFields = &lint.Rule{
	ID:    "authz/token-rule-fields",
	Title: "The fields of a token rule are not what ARC compares",
	Why: "An authtokens rule has five fields, subject issuer audience scope group, separated by spaces. Each is `*` or is compared with the token exactly: " +
		"there are no patterns, no lists and no comments. Double quotes may enclose one field, not all of them. A tab does not separate fields. " +
		"With fewer than five fields the rule fails for everybody with a token, and ARC does not look at the rest of the group.",
	Source:   "arc-behaviour A1, A2, A5, A6, A7",
	Impact:   lint.Outage,
	Facts:    []string{"A1", "A2", "A5", "A6", "A7"},
	Severity: lint.Error,
	Action:   "Write five fields: subject issuer audience scope group.",
	Rests:    true,
	Recipe:   "edit-arc-conf",
	ByHand: `Write five fields with blanks between them: subject, issuer, audience, scope
and group. Write a * where any will do, and the exact text elsewhere. Write
a comment on a line of its own.

    [authgroup:dune]
    authtokens=* https://vo.example.org https://ce.example.org compute.create *

Write a rule for each audience and each scope of which one is enough. Begin the
group with a slash, such as /dune, if the issuer follows the WLCG profile.

Ask for an entitlement, such as those of EGI Check-in, in an expression:

    [authgroup:training]
    authtokensgen=(iss="https://vo.example.org") & (entitlements="urn:x:dune")

Ask what becomes of a token:

    arclint whoami --token token.jwt

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, t := range authgroup.Rules[*authgroup.Tokens](s.Access) {
			c := fieldCheck{Asking: t, site: s, reporter: r}
			if !c.shape() {
				continue
			}
			c.swapped()
			for i, f := range t.Test.Fields() {
				c.field(fieldNames[i], f)
			}
			c.scope()
			c.group()
			c.extra()
		}
	},
}

var fieldNames = [...]string{"subject", "issuer", "audience", "scope", "group"}

// fieldCheck looks at one authtokens rule.
type fieldCheck struct {
	authgroup.Asking[*authgroup.Tokens]
	site     *site.Site
	reporter *lint.Reporter
}

func (c fieldCheck) at(f authgroup.Field, format string, args ...any) *lint.Finding {
	return c.reporter.At(f.Span, format, args...).About(c.Group.Name + " " + c.Option.Value.Text + ": " + f.Text)
}

func (c fieldCheck) never() string { return lint.MatchesNobody(c.Inverted) }

const failsWithToken = "The rule fails for everybody with a token, and ARC looks at no rule below it in this group."

// shape looks at the value as a whole; false means that its fields are not
// worth a look.
func (c fieldCheck) shape() bool {
	whole := value(c.Rule)
	inner, enclosed := c.Option.Enclosed()
	switch {
	case enclosed && strings.Contains(inner.Text, " "):
		c.at(whole, "quotes enclose the whole rule").Means("ARC reads all of it as the subject. " + failsWithToken).
			Do("Remove the quotes, or put them around single fields.").Fix(whole.Replace(inner.Text))
		return false
	case strings.Contains(whole.Text, "\t"):
		c.at(whole, "a tab is between two fields").Means("ARC does not split at tabs. %s", c.never()).Opens(turnsOpen(c.Rule)).
			Do("Write spaces between the fields.").Fix(whole.Replace(strings.ReplaceAll(whole.Text, "\t", " ")))
		return false
	case c.Test.Missing == "":
		return true
	case whole.Text == "":
		c.at(c.Keyword, "the token rule has no fields").Means(failsWithToken)
		return false
	}
	c.at(whole, "the %s of the token rule is missing", c.Test.Missing).Means(failsWithToken)
	return false
}

// swapped reports a rule that begins with the issuer.
func (c fieldCheck) swapped() {
	sub, iss := c.Test.Subject, c.Test.Issuer
	if !authgroup.HasScheme(sub.Text, "https") || strings.Contains(iss.Text, "://") {
		return
	}
	f := c.at(sub, "the subject is the URL %s", sub.Text).Means("%s", c.never()).Opens(turnsOpen(c.Rule)).Do("Write the subject first, and then the issuer.")
	if !sub.Quoted && !iss.Quoted {
		f.Fix(sub.Replace(iss.Text), iss.Replace(sub.Text))
	}
}

// field looks for what can never be equal to a claim.
func (c fieldCheck) field(name string, f authgroup.Field) {
	switch {
	case name == "group" && strings.HasPrefix(f.Text, "#"):
		c.at(f, "the comment is in the place of the group").
			Means("The rule has four fields of its own. ARC asks for the group %s, which no token has.", f.Text).
			Do("Write * or a group as the fifth field, and the comment on a line of its own.")
	case f.Text == "" && name == "audience" && c.site.Release.EmptyAudience:
		// ARC 6 takes a token without an audience for one with an empty one (A4).
	case f.Text == "":
		c.at(f, "the %s is empty", name).Means("%s", c.whoIsEmpty(name)).Do("Write the %s, or *.", name)
	case len(f.Text) > 1 && strings.HasPrefix(f.Text, "'") && strings.HasSuffix(f.Text, "'"):
		c.at(f, "single quotes are part of the %s", name).Means("Only a token that has them too matches.").
			Do("Write double quotes, or none.").Fix(f.Replace(strings.Trim(f.Text, "'")))
	case !f.Quoted && strings.Contains(f.Text, `"`):
		c.at(f, "a double quote is part of the %s", name).Means("Only a token that has it too matches.").
			Do("Write double quotes in pairs around whole fields.")
	case !f.Any() && strings.Contains(f.Text, "*"):
		c.at(f, "the %s %s looks like a pattern", name, f.Text).
			Means("ARC compares it byte for byte, so that only a token with this very text matches.").Do("Write the exact text, or * alone.")
	case name == "audience" && strings.ContainsAny(f.Text, ", "):
		c.at(f, "the audience is a list").Means("ARC compares the whole text, so that only a token with all of it as one audience matches.").
			Do("Write a rule for each audience.")
	}
}

// whoIsEmpty says which tokens an empty field is for (arc-behaviour A4, A5, A6, A9):
// ARC 7 compares no audience and no group where there is none, and a token without
// an issuer counts as none.
func (c fieldCheck) whoIsEmpty(name string) string {
	switch name {
	case "subject":
		return "Only a token with an empty subject, or without any, can match."
	case "audience", "group":
		return "Only a token with an empty " + name + " can match."
	}
	return "To ARC no token has an empty " + name + ". " + c.never()
}

// scope: ARC splits the token's scopes at spaces and compares the rule's one
// with each.
func (c fieldCheck) scope() {
	if f := c.Test.Scope; strings.ContainsAny(f.Text, ", ") {
		c.at(f, "the scope is a list").Means("ARC looks for one scope of that whole name. %s", c.never()).Opens(turnsOpen(c.Rule)).Do("Write a rule for each scope.")
	}
}

// group: the claim wlcg.groups holds paths.
func (c fieldCheck) group() {
	f := c.Test.Group
	if f.Text == "" || strings.Contains(f.Text, "*") {
		return
	}
	// With a slash before it, as a group has, it matches no better.
	entitlement := strings.HasPrefix(strings.TrimLeft(strings.ToLower(f.Text), "/"), "urn:")
	if strings.ContainsAny(f.Text[:1], `/#'"`) && !entitlement {
		return
	}
	if entitlement {
		c.at(f, "the group is an entitlement").As(lint.Warning).Do("%s", c.entitlements()).
			Means("ARC compares the claim wlcg.groups alone. A token that has this value in eduperson_entitlement or entitlements does not match.")
		return
	}
	c.at(f, "the group %s has no slash before it", f.Text).As(lint.Warning).
		Means("ARC reads the claim wlcg.groups only and compares it exactly, the slash included.").
		Do("Write /%s, if the issuer follows the WLCG profile.", f.Text)
}

// entitlements says how to ask for one: issuers of the AARC profile, such as EGI
// Check-in, put no groups into tokens (AARC-G069).
func (c fieldCheck) entitlements() string {
	if !c.site.Release.Expressions {
		return "Name the subjects until ARC 7, which has authtokensgen."
	}
	return "Write an authtokensgen rule on that claim."
}

func (c fieldCheck) extra() {
	if len(c.Test.Extra) == 0 {
		return
	}
	if _, comment := c.Option.InlineComment(); comment {
		return // conf/inline-comment speaks of it
	}
	first := c.Test.Extra[0]
	c.at(first, "%q is after the fifth field", first.Text).As(lint.Note).Means("ARC ignores it.").Do("Remove what is after the fifth field.")
}
