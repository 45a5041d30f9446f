// Package recipes repairs what the rules find. A recipe is data: it makes a
// Plan from a site, and the plan is a list of actions. Renderers turn the same
// actions into a shell script, a diff or numbered steps; the prover applies them
// to an overlay of the site. Nothing here changes a machine.
package recipes

import (
	"errors"
	"fmt"
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

// Recipe is one repair. Its ID is also its file.
type Recipe struct {
	ID     string
	Title  string                  // a verb phrase: what it does
	Where  func(site.Release) bool // says of a release by what it does whether the recipe works there; nil: on all
	Keys   []string                // of Params.Args that it reads
	Issuer bool                    // it is for one issuer where its findings speak of several
	Plan   func(s *site.Site, p Params) (Plan, error)

	// Can says whether it can do something about one finding, where that costs less
	// than a plan. nil: a plan for that finding alone says it.
	Can func(s *site.Site, f lint.Finding) bool

	// Select says of each of its findings which of them one call is for. nil: those
	// of one issuer where there are several, or those of one path.
	Select func(s *site.Site, found []lint.Finding) func(lint.Finding) Selection
}

// Params are what a recipe needs to know beyond the site.
type Params struct {
	Strategy string                 // a strategy of trust-issuer; "" is the safest that the release supports
	Issuer   string                 // the issuer as arc.conf and the tokens write it; "": the one that the findings name
	Roots    []*gridsec.Certificate // the public roots over the issuer's TLS chain; findRoots finds them
	Keys     []byte                 // the issuer's key set where it is known; only the prover uses it
	ConfD    bool                   // new lines may go to a file of their own in arc.conf.d (7.x)
	Findings []lint.Finding         // what is to be repaired
	Args     map[string]string      // answers to what a recipe asks for, by the Keys of the recipe
	Flags    Flags                  // with which the site was read, for the commands that a plan names
}

// ErrNothing says that the site needs nothing of what the recipe does. Test
// with errors.Is.
var ErrNothing = errors.New("nothing to do")

// All lists every recipe.
func All() []Recipe {
	return []Recipe{
		trustIssuer,
		pinIssuer,
		splitTrust,
		anchorWithPolicy,
		fixModes,
		relinkHashes,
		refreshCRLs,
		editArcConf,
		narrowTokenRules,
		restoreIGTF,
		undoArcctlDeploy,
		removeAnchor,
		restorePolicyGrid,
		upgrade,
		negtestIssuer,
	}
}

// Find gives the recipe of that ID.
func Find(id string) (Recipe, bool) {
	all := All()
	i := slices.IndexFunc(all, func(r Recipe) bool { return r.ID == id })
	if i < 0 {
		return Recipe{}, false
	}
	return all[i], true
}

// Make asks the recipe for its plan and checks what comes back: a release that
// the recipe does not know, a path that is not absolute, a NUL byte and the
// like are errors. Everything that renders a plan gets it from here.
func (r Recipe) Make(s *site.Site, p Params) (Plan, error) {
	if !r.supports(s.Release) {
		return Plan{}, fmt.Errorf("recipe %s works on ARC %s, this site is judged as %s", r.ID, listed(site.Releases(r.supports)), s.Release.Measured)
	}
	if old := s.Conf.ARC5(); len(old) > 0 {
		return Plan{}, fmt.Errorf("recipe %s: arc.conf is one of ARC 5, as [%s] shows, and is written anew by hand; `arclint explain conf/arc5` says how", r.ID, old[0].Text)
	}
	if r.Issuer {
		var err error
		if p, err = p.withIssuer(); err != nil {
			return Plan{}, fmt.Errorf("recipe %s: %w", r.ID, err)
		}
	}
	plan, err := r.Plan(s, p)
	if err != nil {
		return Plan{}, fmt.Errorf("recipe %s: %w", r.ID, err)
	}
	if plan.Recipe == "" {
		plan.Recipe = r.ID
	}
	if plan.Title == "" {
		plan.Title = r.Title
	}
	plan.Meant.Anybody = plan.Meant.Anybody || Decided(p.Args)
	if err := plan.check(); err != nil {
		return Plan{}, fmt.Errorf("recipe %s: %w", r.ID, err)
	}
	return plan, nil
}

// withIssuer takes the issuer from the findings where none is given.
func (p Params) withIssuer() (Params, error) {
	if p.Issuer != "" {
		return p, nil
	}
	var named []string
	for _, f := range p.Findings {
		if iss := f.Args["issuer"]; iss != "" && !slices.Contains(named, iss) {
			named = append(named, iss)
		}
	}
	if len(named) > 1 {
		return p, fmt.Errorf("the findings name the issuers %s: choose one at a time", listed(named))
	}
	if len(named) == 1 {
		p.Issuer = named[0]
	}
	return p, nil
}

func (r Recipe) supports(release site.Release) bool { return r.Where == nil || r.Where(release) }
