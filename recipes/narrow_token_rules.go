package recipes

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var narrowTokenRules = Recipe{
	ID:     "narrow-token-rules",
	Title:  "close what token rules leave open",
	Keys:   append(narrowed(), lineKey),
	Issuer: true,
	Plan:   planNarrowTokenRules,
	Can:    canNarrow,
	Select: selectTokenRules,
}

// planNarrowTokenRules closes what the rules of the findings leave open, or all
// token rules where no finding is given. With an issuer it touches the rules of
// that issuer only: a subject means something only together with its issuer
// (RFC 7519 section 4.1.2).
func planNarrowTokenRules(s *site.Site, p Params) (Plan, error) {
	n := narrower{given: map[string]string{}, needed: map[string]bool{}}
	for _, name := range narrowed() {
		v, ok := p.Args[name]
		if !ok {
			continue
		}
		if err := checkField(name, v); err != nil {
			return Plan{}, err
		}
		n.given[name] = v
	}
	if err := n.narrow(s, p); err != nil {
		return Plan{}, err
	}
	if err := n.missing(); err != nil {
		return Plan{}, err
	}
	switch {
	case len(n.edits) == 0 && len(n.byHand) > 0:
		return Plan{}, errors.New("write by hand what the rule must ask for: " + n.handed(p.Findings))
	case len(n.edits) == 0:
		return Plan{}, ErrNothing
	case len(n.holders) > 1:
		return Plan{}, fmt.Errorf("a subject means something only with its issuer, and the rules are of %s: choose with --issuer or --set %s=PATH:LINE", strings.Join(n.holders, "; of "), lineKey)
	}
	plan := Plan{
		Meant:    Meant{Anybody: true},
		Why:      "A wildcard in an authtokens rule admits every token that passes the other fields: `*` as the issuer admits those of every issuer that the CE can reach (arc-behaviour S10). Every field is compared exactly (A2).",
		Restarts: []string{arex, arexWS},
		Notes:    []string{"Fields that ask for something stay as they are. Each value must be exactly that in the tokens: `" + p.Flags.Without("--target").Command("whoami", "--token", "FILE") + "` shows the effect before you run this."},
		Actions:  append(editsByFile(n.edits), restartAll()),
	}
	plan.Notes = append(plan.Notes, n.shared...)
	if len(n.byHand) > 0 {
		plan.Notes = append(plan.Notes, "By hand: "+n.handed(p.Findings)+".")
	}
	return plan, nil
}

// left is a rule that is left for a person.
type left struct {
	line source.Span
	why  string
}

// handed says which rules are left for a person, and what was found of them.
func (n *narrower) handed(found []lint.Finding) string {
	var parts []string
	for _, l := range n.byHand {
		part := lineText(l.line) + ": " + l.why
		for _, f := range found {
			if atLine(f.Span) == atLine(l.line) {
				part += "; " + f.Headline
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

// narrowed are the arguments of the recipe, each the name of what a rule asks
// for, in the order of the fields of authtokens (arc-behaviour A1).
func narrowed() []string { return []string{"subject", "issuer", "audience", "scope", "group"} }

// holders are the arguments of which one is enough to say who the holder is.
func holders() []string { return []string{"subject", "scope", "group"} }

// narrower collects the edits, and what is needed for them and was not given.
type narrower struct {
	given   map[string]string
	needed  map[string]bool
	edits   []source.Edit
	byHand  []left
	holders []string // of whose tokens the subject is written
	shared  []string // what is to be said of rules of several issuers
}

// narrow closes the rules that the recipe was asked about.
func (n *narrower) narrow(s *site.Site, p Params) error {
	if p.Issuer != "" && !tokenRules(s).named[p.Issuer] && n.given["issuer"] == "" {
		n.given["issuer"] = p.Issuer // for the rules that ask for none
		p.Issuer = ""
	}
	line, found := p.Args[lineKey], 0
	for _, r := range tokenRules(s).of(p.Findings, line) {
		open, ok := r.Open()
		issuers := askedFor(r)
		if !ok || p.Issuer != "" && !slices.Contains(issuers, p.Issuer) {
			continue
		}
		if found++; p.Issuer != "" && len(issuers) > 1 && line == "" {
			n.byHand = append(n.byHand, left{r.Option.Line, fmt.Sprintf("the rule takes in tokens of %s, which --set %s=%s in place of --issuer narrows together",
				listed(shownIssuers(issuers)), lineKey, lineText(r.Option.Line))})
			continue
		}
		n.rule(r, open, issuers)
	}
	if line != "" && found == 0 {
		of := ""
		if p.Issuer != "" {
			of = " and is of " + p.Issuer
		}
		return fmt.Errorf("--set %s=%s: no rule that leaves something open stands there%s; `%s` shows the lines", lineKey, line, of, p.Flags.Command("check"))
	}
	return nil
}

// rule closes what one rule leaves open. Who the holder is stays open where the
// rule asks for an audience of its own: that is a choice that no finding which
// this recipe repairs speaks of.
func (n *narrower) rule(r *authgroup.Rule, open authgroup.Open, issuers []string) {
	wanted := n.wanted(r, open)
	of := listed(shownIssuers(issuers))
	if slices.Contains(wanted, "subject") && !slices.Contains(n.holders, of) {
		n.holders = append(n.holders, of)
	}
	if len(issuers) > 1 {
		n.shared = append(n.shared, fmt.Sprintf("%s takes in tokens of %s: what is written there narrows all of them.", lineText(r.Option.Line), of))
	}
	if t, ok := r.Test.(*authgroup.Tokens); ok && t.Issuer.Computed {
		n.byHand = append(n.byHand, left{r.Option.Line, "ARC puts other values into the line: write what it is to say in their place"})
		return
	}
	for _, name := range wanted {
		if n.given[name] == "" {
			n.needed[name] = true
		}
	}
	switch t := r.Test.(type) {
	case *authgroup.Tokens:
		n.fields(t, wanted)
	case *authgroup.Expression:
		if n.contradicted(t, wanted) {
			n.byHand = append(n.byHand, left{r.Option.Line, "what is given contradicts a part of the expression, which would never be true"})
			return
		}
		n.expression(t, wanted)
	}
}

// wanted are the arguments that close a rule.
func (n *narrower) wanted(r *authgroup.Rule, open authgroup.Open) []string {
	var wanted []string
	if open.Issuer {
		wanted = append(wanted, "issuer")
	}
	if open.Audience {
		wanted = append(wanted, "audience")
	}
	if open.Holder && (open.Issuer || open.Audience) {
		wanted = append(wanted, n.holder(r)...)
	}
	return wanted
}

// holder are the given ones of the arguments that say who the holder is; where
// none is, the subject stands for them, or the scope where a part of the rule asks
// for a subject.
func (n *narrower) holder(r *authgroup.Rule) []string {
	var given []string
	for _, name := range holders() {
		if n.given[name] != "" {
			given = append(given, name)
		}
	}
	if len(given) == 0 {
		if asksInPart(r, "sub") {
			return holders()[1:2]
		}
		return holders()[:1]
	}
	return given
}

// asksInPart says whether a way in which an expression is true asks for a value of
// the claim: every other value would contradict it.
func asksInPart(r *authgroup.Rule, claim string) bool {
	e, ok := r.Test.(*authgroup.Expression)
	return ok && slices.ContainsFunc(e.Ways(), func(way []authgroup.Comparison) bool {
		return slices.ContainsFunc(way, func(c authgroup.Comparison) bool { return c.Claim.Text == claim && !c.Regexp && !c.Negated })
	})
}

// fields writes what is wanted into its fields.
func (n *narrower) fields(t *authgroup.Tokens, wanted []string) {
	for i, field := range t.Fields() {
		if name := narrowed()[i]; slices.Contains(wanted, name) {
			n.edits = append(n.edits, field.Replace(n.given[name]))
		}
	}
}

// contradicted says whether a way in which the expression is true asks for another
// issuer or subject than the one that is given: a token has one of each.
func (n *narrower) contradicted(e *authgroup.Expression, wanted []string) bool {
	given := map[string]string{}
	for _, name := range wanted {
		if name == "issuer" || name == "subject" {
			given[claimOf(name)] = n.given[name]
		}
	}
	for _, way := range e.Ways() {
		for _, c := range way {
			value := given[c.Claim.Text]
			if value != "" && !c.Regexp && (c.Value.Text == value) == c.Negated {
				return true
			}
		}
	}
	return false
}

// claimOf is the claim that an argument is about.
func claimOf(name string) string {
	return map[string]string{"subject": "sub", "issuer": "iss", "audience": "aud", "scope": "scope", "group": "wlcg.groups"}[name]
}

// expression asks for what is wanted besides the whole of what stands there.
func (n *narrower) expression(e *authgroup.Expression, wanted []string) {
	text := "(" + e.Text.Text + ")"
	for _, name := range wanted {
		text += fmt.Sprintf(" & (%s=%q)", claimOf(name), n.given[name])
	}
	if len(wanted) > 0 {
		n.edits = append(n.edits, e.Text.Replace(text))
	}
}

// missing says what must be given, nil where nothing must.
func (n *narrower) missing() error {
	var list, sets []string
	for _, name := range narrowed() {
		if n.needed[name] {
			list, sets = append(list, name), append(sets, "--set "+name+"=VALUE")
		}
	}
	if len(list) == 0 {
		return nil
	}
	or := ""
	if n.needed["subject"] {
		or = "; a scope or a group does as well as the subject"
	} else if n.needed["scope"] {
		or = "; a group does as well as the scope"
	}
	return needsAnswers(fmt.Sprintf("rules take any %s: say what it must be with %s (copy it from a token of your users)%s",
		strings.Join(list, " and any "), strings.Join(sets, " "), or), list...)
}

// checkField admits what is one field without quotes, and can stand in a quoted
// string of an expression on every release (arc-behaviour A11).
func checkField(name, value string) error {
	if value == "" || strings.ContainsAny(value, " \t\r\n\"'\\)") || comment(value) != value {
		return fmt.Errorf("%s %q: it cannot be empty, and blanks, quotes, brackets and control characters cannot stand in a field of authtokens", name, value)
	}
	if name == "issuer" && strings.HasPrefix(value, "http://") {
		return fmt.Errorf("issuer %q: ARC refuses every token of an issuer whose URL is not https", value)
	}
	if value == "*" {
		return errors.New(name + " must be a value, not `*`")
	}
	return nil
}

// editsByFile makes one edit of each file, in the order of their first edit.
func editsByFile(edits []source.Edit) []Action {
	var actions []Action
	at := map[*source.File]int{}
	for _, e := range edits {
		i, ok := at[e.Span.File]
		if !ok {
			i = len(actions)
			at[e.Span.File] = i
			actions = append(actions, EditConf{Path: e.Span.Path()})
		}
		conf := actions[i].(EditConf)
		conf.Edits = append(conf.Edits, e)
		actions[i] = conf
	}
	return actions
}
