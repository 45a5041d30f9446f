package recipes

import (
	"errors"
	"maps"
	"slices"

	"arclint/internal/site"
	"arclint/lint"
)

// Offered is the result of a run whose findings offer only recipes that do
// something about them on this site.
type Offered struct {
	lint.Result
	flags  Flags
	decide func(Plan) error
	groups map[string]*group // by the recipe
}

// group is what a recipe is offered for.
type group struct {
	found   []lint.Finding
	issuers map[string]bool // of which the findings speak, "" for none
	answers map[Selection]answer
	choice  func(lint.Finding) Selection // nil: by issuer and path
	lines   map[string][]lint.Finding    // where there is a choice
}

// answer is what the recipe says to one selection of its findings.
type answer struct {
	words []string // of the command, beyond the selection and the recipe's name
	fails bool
}

// Selection says which of the findings a call of a recipe is for. The zero
// value is all of them.
type Selection struct{ Issuer, Path, Line string }

// Of are the findings that speak of the path, stand on the line, and speak of no
// other issuer.
func (sel Selection) Of(found []lint.Finding) []lint.Finding {
	return slices.DeleteFunc(slices.Clone(found), func(f lint.Finding) bool {
		issuer := f.Args["issuer"]
		return sel.Issuer != "" && issuer != "" && issuer != sel.Issuer || sel.Path != "" && f.Args["path"] != sel.Path ||
			sel.Line != "" && lineText(f.Span) != sel.Line
	})
}

// words are the flags of `arclint recipe` that make the selection.
func (sel Selection) words() []string {
	var words []string
	if sel.Issuer != "" {
		words = append(words, "--issuer", sel.Issuer)
	}
	if sel.Path != "" {
		words = append(words, "--set", "path="+sel.Path)
	}
	if sel.Line != "" {
		words = append(words, "--set", lineKey+"="+sel.Line)
	}
	return words
}

// Offer asks each recipe that a finding names whether it has a plan for it, and
// takes away those that have none. The rules name their recipes; here alone it
// is decided what is offered. flags are those with which the site was read. decide
// says of a plan what only a person can decide, such as Effect.Undecided; nil: it
// is not asked.
func Offer(s *site.Site, res lint.Result, flags Flags, decide func(Plan) error) Offered {
	o := Offered{Result: res, flags: flags, decide: decide, groups: map[string]*group{}}
	o.Findings = slices.Clone(res.Findings)
	o.keep(func(id string, f lint.Finding) bool { return able(s, id, f) })
	for _, f := range o.Findings {
		for _, id := range f.Recipes {
			if o.groups[id] == nil {
				o.groups[id] = &group{issuers: map[string]bool{}, answers: map[Selection]answer{}}
			}
			g := o.groups[id]
			g.found = append(g.found, f)
			g.issuers[f.Args["issuer"]] = true
		}
	}
	for id, g := range o.groups {
		g.choose(s, id)
	}
	o.keep(func(id string, f lint.Finding) bool { return !o.ask(s, id, o.Selection(id, f)).fails })
	return o
}

// choose asks the recipe which of the findings a call is for.
func (g *group) choose(s *site.Site, id string) {
	r, _ := Find(id)
	if r.Select == nil {
		return
	}
	g.choice, g.lines = r.Select(s, g.found), map[string][]lint.Finding{}
	for _, f := range g.found {
		g.lines[lineText(f.Span)] = append(g.lines[lineText(f.Span)], f)
	}
}

// params are what the recipe gets for the selection.
func (g *group) params(sel Selection) Params {
	if sel.Line != "" {
		return sel.Params(g.lines[sel.Line])
	}
	return sel.Params(g.found)
}

// keep takes away the recipes of which ok does not hold.
func (o Offered) keep(ok func(id string, f lint.Finding) bool) {
	for i, f := range o.Findings {
		o.Findings[i].Recipes = slices.DeleteFunc(slices.Clone(f.Recipes), func(id string) bool { return !ok(id, f) })
	}
}

// Selection is what `arclint recipe` must be told so that the recipe is for the
// finding: nothing where its findings speak of one issuer, or all of none.
func (o Offered) Selection(id string, f lint.Finding) Selection {
	g := o.groups[id]
	r, _ := Find(id)
	switch issuer := f.Args["issuer"]; {
	case g != nil && g.choice != nil:
		return g.choice(f)
	case g == nil || len(g.issuers) < 2 || !r.Issuer:
		return Selection{}
	case issuer != "":
		return Selection{Issuer: issuer}
	}
	return Selection{Path: f.Args["path"]}
}

// Commands are those that repair the finding, in the order of preference, each
// as it runs. Where the recipe must be told something, a placeholder shows it.
func (o Offered) Commands(f lint.Finding) []string {
	var lines []string
	for _, id := range f.Recipes {
		sel := o.Selection(id, f)
		words := sel.words()
		if g := o.groups[id]; g != nil {
			words = append(words, g.answers[sel].words...)
		}
		words = append(words, id)
		lines = append(lines, o.flags.Command("recipe", words...))
	}
	return lines
}

// ask makes the plan for a selection once, and gives what its command needs.
func (o Offered) ask(s *site.Site, id string, sel Selection) answer {
	g := o.groups[id]
	if a, ok := g.answers[sel]; ok {
		return a
	}
	var a answer
	var needs NeedsError
	r, _ := Find(id)
	plan, err := r.Make(s, g.params(sel))
	if err == nil && o.decide != nil {
		err = o.decide(plan)
	}
	switch {
	case errors.As(err, &needs) && !slices.Contains(o.flags, needs.Flags[0]):
		a.words = needs.Flags
	default:
		a.fails = err != nil
	}
	g.answers[sel] = a
	return a
}

// Params are what the recipe gets for the selection.
func (sel Selection) Params(found []lint.Finding) Params {
	p := Params{Issuer: sel.Issuer, Findings: sel.Of(found)}
	p.Args = sel.Answer(nil)
	return p
}

// Answer are the answers of --set with those that make the selection.
func (sel Selection) Answer(given map[string]string) map[string]string {
	all := map[string]string{}
	for name, value := range map[string]string{"path": sel.Path, lineKey: sel.Line} {
		if value != "" {
			all[name] = value
		}
	}
	maps.Copy(all, given)
	return all
}

// able says whether the recipe has something to do about the one finding.
func able(s *site.Site, id string, f lint.Finding) bool {
	r, ok := Find(id)
	if !ok || !r.supports(s.Release) {
		return false
	}
	if r.Can != nil {
		return r.Can(s, f)
	}
	_, err := r.Make(s, Params{Findings: []lint.Finding{f}})
	var needs NeedsError
	return err == nil || errors.As(err, &needs)
}

// always is Can of the recipes whose plan for all findings says whether they do
// something.
func always(*site.Site, lint.Finding) bool { return true }
