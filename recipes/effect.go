package recipes

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/admission"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

// Effect is what a plan does to a site, as far as files show it.
type Effect struct {
	Site     *site.Site           // as the plan leaves it
	Who      admission.Comparison // who gets in before and after
	Unproven []string             // effects that were not simulated, and why
}

// Meant says which changes of who gets in a plan is for. The zero value: none.
type Meant struct {
	Issuer  string // tokens of this issuer
	Tokens  bool   // tokens of any issuer, since the CE can fetch keys then or no more
	CAs     bool   // clients of CAs that are trusted then or no more
	LetIn   bool   // an answer of --set lets people in
	Anybody bool   // an answer of --set is about everybody
}

// accessAnswer is the answer of --set with which a plan may change who gets in
// though it is not for that.
const accessKey, accessAnswer = "access", "change"

// Try applies the plan to an overlay of the site's files and reads the site
// again with load. What needs the network or systemd is simulated where its
// effect on the files is known, and named where it is not. An error says that the
// plan cannot be applied, or the site not be read, as it stands.
func Try(s *site.Site, fsys rootfs.FS, plan Plan, load func(rootfs.FS) (*site.Site, error)) (Effect, error) {
	pr := prover{tree: rootfs.Overlay(fsys), site: s}
	pr.tree.SetTime(s.Now)
	for _, a := range plan.Actions {
		if err := pr.apply(a); err != nil {
			return Effect{}, fmt.Errorf("prove %s: %s: %w", plan.Recipe, describe(a), err)
		}
	}
	changed, err := load(pr.tree)
	if err != nil {
		return Effect{}, fmt.Errorf("prove %s: read the site again: %w", plan.Recipe, err)
	}
	return Effect{Site: changed, Who: admission.Compare(s, changed), Unproven: pr.unproven}, nil
}

// Unmeant are the changes of who gets in that the plan is not for.
func (e Effect) Unmeant(m Meant) (changes []admission.Change, cas []admission.CAChange) {
	if m.Anybody {
		return nil, nil
	}
	for _, c := range e.Who.Changes {
		token := c.Issuer != "" && (m.Tokens || c.Issuer == m.Issuer)
		unclear := m.CAs && c.NotKnown != "" && !c.ShutOut() // what the CAs leave open of VOMS servers
		if !token && !unclear && !(m.LetIn && c.LetIn()) {
			changes = append(changes, c)
		}
	}
	if !m.CAs {
		cas = e.Who.CAs
	}
	return changes, cas
}

// maxAsked bounds the changes that a question names.
const maxAsked = 5

// Undecided is the question whether the plan may change who gets in, nil where
// it does not, or only as it is for. It is a NeedsError.
func (e Effect) Undecided(plan Plan) error {
	changes, cas := e.Unmeant(plan.Meant)
	var parts []string
	if store := e.Who.Store; store != "" && !plan.Meant.CAs && !plan.Meant.Anybody {
		parts = append(parts, "not known: "+store)
	}
	if len(changes)+len(cas)+len(parts) == 0 {
		return nil
	}
	for _, c := range changes {
		parts = append(parts, Headline(c))
	}
	for _, ca := range cas {
		parts = append(parts, CAHeadline(ca))
	}
	if more := len(parts) - maxAsked; more > 0 {
		parts = append(parts[:maxAsked], fmt.Sprintf("and %d more", more))
	}
	return NeedsError{
		Flags: []string{"--set", accessKey + "=" + Placeholder}, // to copy a line is no decision
		Text: fmt.Sprintf("the recipe would change who gets in, decide first: %s (--set %s=%s if that is meant; --prove shows all of it)",
			strings.Join(parts, "; "), accessKey, accessAnswer),
	}
}

// Headline is a change in a line.
func Headline(c admission.Change) string {
	what := "get another answer"
	switch {
	case c.NotKnown != "" && c.ShutOut():
		what = "may be shut out"
	case c.NotKnown != "" && c.Before == "deny":
		what = "may be let in"
	case c.ShutOut():
		what = "shut out"
	case c.LetIn():
		what = "let in"
	}
	text := fmt.Sprintf("%s: %s: %s before, %s after", what, c.Who, c.Before, c.After)
	if c.NotKnown != "" {
		return text + " (not known: " + c.NotKnown + ")"
	}
	if c.ShutOut() && c.Why != "" {
		text += " (" + c.Why + ")"
	}
	return text
}

// CAHeadline is a change of the CAs of clients in a line.
func CAHeadline(c admission.CAChange) string {
	if c.Added {
		return "let in: certificates of the CA " + c.Name
	}
	return "shut out: certificates of the CA " + c.Name
}

// Tell adds to the notes of a plan who gets in by it who did not, and who is shut
// out.
func (e Effect) Tell(plan Plan) Plan {
	plan.Notes = slices.Clone(plan.Notes)
	for _, line := range e.Changes() {
		plan.Notes = append(plan.Notes, "Who gets in changes: "+line+".")
	}
	return plan
}

// Changes are the changes of who gets in, a line each.
func (e Effect) Changes() []string {
	var lines []string
	for _, c := range e.Who.Changes {
		lines = append(lines, Headline(c))
	}
	for _, ca := range e.Who.CAs {
		lines = append(lines, CAHeadline(ca))
	}
	if e.Who.Store != "" {
		lines = append(lines, "not known: "+e.Who.Store)
	}
	return lines
}

// EditsConf says whether the plan changes lines of arc.conf.
func (p Plan) EditsConf() bool {
	return slices.ContainsFunc(p.Actions, func(a Action) bool { _, ok := a.(EditConf); return ok })
}

// Decided says whether the answers of --set allow any change of who gets in.
func Decided(answers map[string]string) bool { return answers[accessKey] == accessAnswer }
