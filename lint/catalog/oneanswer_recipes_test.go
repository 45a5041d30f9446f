package catalog_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"arclint/internal/admission"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

// answersToAll are what an administrator answers to recipes that ask.
var answersToAll = map[string]string{
	"audience": "https://ce.example.org", "subject": "alice", "scope": "compute.create", "group": "/dune",
	"argus": "drop", "tokens": "no", "rest": "yes", "account": "nobody", "packages": "ca_policy_igtf-classic",
}

// recipesKeep holds each recipe that is offered against what it does to an
// overlay of the site: the findings that offered it go, nothing comes, and who
// gets in changes only as the plan means it or as it was told.
func (q *questions) recipesKeep() {
	offers := recipes.Offer(q.site, q.found, nil, nil)
	tried := map[string]bool{}
	for _, f := range offers.Findings {
		for _, id := range f.Recipes {
			sel := offers.Selection(id, f)
			if key := fmt.Sprint(id, sel); !tried[key] {
				tried[key] = true
				q.apply(id, sel, slices.DeleteFunc(slices.Clone(offers.Findings), func(f lint.Finding) bool {
					return !slices.Contains(f.Recipes, id) || offers.Selection(id, f) != sel
				}))
			}
		}
	}
}

func (q *questions) apply(id string, sel recipes.Selection, its []lint.Finding) {
	r, _ := recipes.Find(id)
	p := sel.Params(its)
	plan, err := r.Make(q.site, p)
	var needs recipes.NeedsError
	for errors.As(err, &needs) && answerAll(&p, needs.Flags) {
		plan, err = r.Make(q.site, p)
	}
	if err != nil {
		if !errors.As(err, &needs) {
			q.contradict("recipe "+id+" is offered and has no plan", "%v", err)
		}
		return
	}
	q.plans++
	options := q.from.options
	options.Before = q.site
	if plan.Release != "" {
		options.ARCVersion, options.Target = plan.Release, ""
	}
	load := func(tree rootfs.FS) (*site.Site, error) {
		st := q.from.story
		st.files, st.options = tree, options
		return st.load(q.t), nil
	}
	effect, err := recipes.Try(q.site, q.from.files, plan, load)
	if err != nil {
		q.contradict("recipe "+id+" cannot be applied", "%v", err)
		return
	}
	q.asks(plan, effect)
	if !slices.ContainsFunc(plan.Actions, unsimulated) {
		q.findingsAfter(plan, its, effect)
	}
}

// answerAll answers what a recipe asks for, as its command shows it, and says
// whether that is more than it knew.
func answerAll(p *recipes.Params, flags []string) (more bool) {
	args := map[string]string{}
	maps.Copy(args, p.Args)
	for _, flag := range flags {
		key, ok := strings.CutSuffix(flag, "="+recipes.Placeholder)
		if ok && args[key] == "" && answersToAll[key] != "" {
			args[key], more = answersToAll[key], true
		}
	}
	p.Args = args
	return more
}

// asks: a recipe that changes who gets in, beyond what it is for, asks first. The
// visitors tell whether the ways in show every change.
func (q *questions) asks(plan recipes.Plan, effect recipes.Effect) {
	who := admission.Compare(q.site, effect.Site, q.from.visitors...)
	q.comparedWho += who.Asked
	all := recipes.Effect{Site: effect.Site, Who: who}
	changes, cas := all.Unmeant(plan.Meant)
	if len(changes)+len(cas) == 0 {
		return
	}
	var needs recipes.NeedsError
	if q.decisions++; !errors.As(effect.Undecided(plan), &needs) {
		q.contradict("recipe "+plan.Recipe+" changes who gets in and does not ask", "%s", strings.Join(all.Changes(), "\n")+"\n"+proofsOf(who.Changes))
	}
}

// proofsOf shows the clients, to ask again with whoami.
func proofsOf(changes []admission.Change) string {
	var lines []string
	for _, c := range changes {
		lines = append(lines, fmt.Sprintf("%s: claims %s subject %q attributes %q", c.Who, c.Proof.Claims, c.Proof.Subject, c.Proof.FQANs))
	}
	return strings.Join(lines, "\n")
}

// unsimulated says whether what an action does is not in files.
func unsimulated(a recipes.Action) bool {
	switch a := a.(type) {
	case recipes.Run:
		return a.Argv[0] != "systemctl"
	case recipes.RunTool, recipes.FetchIssuer:
		return true
	}
	return false
}

// findingsAfter: the findings that offered a recipe go, but for those of which
// the plan says that they are left for a second run, or are no more for this
// recipe. No rule finds more than before, but what the plan uncovers.
func (q *questions) findingsAfter(plan recipes.Plan, its []lint.Finding, effect recipes.Effect) {
	after := lint.Run(effect.Site, catalog.All())
	offered, more := map[string]bool{}, map[string]int{}
	for _, f := range q.found.Findings {
		more[f.Rule]--
	}
	for _, f := range recipes.Offer(effect.Site, after, nil, nil).Findings {
		offered[same(f)] = slices.Contains(f.Recipes, plan.Recipe)
		if more[f.Rule]++; more[f.Rule] > 0 && plan.Release == "" && !q.uncovers(plan, f, its) {
			q.contradict("after recipe "+plan.Recipe+" there is a new finding: "+f.Rule, "%s\nbefore:\n%s", text(f), strings.Join(texts(its), "\n"))
		}
	}
	notes := strings.Join(plan.Notes, "\n")
	for _, f := range its {
		if offered[same(f)] && !strings.Contains(notes, f.Headline) {
			q.contradict("after recipe "+plan.Recipe+" it is offered for the same again: "+f.Rule, "%s", text(f))
		}
	}
}

// same is a finding with its line: another one may say the same in as many words.
func same(f lint.Finding) string {
	if f.Span.File == nil {
		return f.Fingerprint()
	}
	return fmt.Sprint(f.Fingerprint(), f.Span.Begin().Line)
}

// uncovers says whether a plan brings to light what a finding speaks of: it was
// there before, and ARC, and so check, did not come as far.
func (q *questions) uncovers(plan recipes.Plan, f lint.Finding, its []lint.Finding) bool {
	area, _, _ := strings.Cut(f.Rule, "/")
	switch plan.Recipe {
	case "edit-arc-conf":
		// A line that ARC reads now says something of people and of files; a header
		// that counts now gives its lines to another block.
		return area != "conf" || f.Severity == lint.Note || slices.ContainsFunc(its, func(other lint.Finding) bool {
			return slices.Contains([]string{"conf/syntax", "conf/indented-comment", "conf/block-name", "conf/encoding", "conf/unknown-block"}, other.Rule)
		}) || f.Span.File != nil && !q.hadLine(f.Span.Lines().Text())
	case "narrow-token-rules":
		return area == "authz" || strings.Contains(f.Rule, "/upgrade-") // rules that were not the same are
	case "relink-hashes", "remove-anchor", "restore-policy-grid":
		// A CA that is found now is one to speak of; one that is gone leaves its
		// CRL, its intermediates and its place in the order of names.
		return area == "trust"
	}
	return false
}

// hadLine says whether a line stood in arc.conf before.
func (q *questions) hadLine(text string) bool {
	data, err := q.from.files.ReadFile("/etc/arc.conf", 1<<20)
	return err == nil && strings.Contains("\n"+string(data)+"\n", "\n"+strings.TrimRight(text, "\r\n")+"\n")
}
