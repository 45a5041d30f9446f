package authz

import (
	"slices"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var tokenScopes = &lint.Rule{
	ID:    "authz/token-scopes",
	Title: "tokenscopes does not limit what it is meant to limit",
	Why: "tokenscopes says which scope a token must have for which action. An action without an entry is open to every token. ARC skips an entry whose action it does not know. " +
		"7.0.0 compares the scope with the undivided claim, so that it refuses every token that has more than one scope.",
	Source:   "arc-behaviour A12; arc.conf.reference [arex] tokenscopes",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"A12"},
	Severity: lint.Error,
	Effect:   "ARC skips it, so that it limits nothing.",
	Where:    func(r site.Release) bool { return r.Scopes.Known() },
	Recipe:   "edit-arc-conf",
	ByHand: `On ARC 7.2.0, write action=scope for each action and each scope, with commas
between them:

    [arex]
    tokenscopes=jobcreate=compute.create,jobcancel=compute.cancel

On ARC 7.0.0, remove the line only once the rules on tokens ask for the scope:

    [authgroup:dune]
    authtokens=* https://vo.example.org https://ce.example.org compute.create *

Ask what becomes of a token:

    arclint whoami --token token.jwt --operation jobcancel

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		if s.Release.Scopes.Whole() && p.Limits() {
			o := p.Scopes.Options[0]
			r.At(o.Name.Span, "ARC 7.0.0 compares tokenscopes with all scopes of a token at once").
				Means("Every token with more than one scope is refused.").Impacts(lint.Outage, "").Do("Ask for the scope in authtokens rules, or upgrade to ARC 7.2.").
				About("7.0.0").Offer()
		}
		for _, pair := range p.Scopes.Pairs {
			if !pair.Option.Quoted() { // conf/quoted-value speaks of quotes
				checkScopePair(r, pair)
				checkEmptyScope(p, r, pair)
			}
		}
	},
}

func checkScopePair(r *lint.Reporter, pair authgroup.ScopePair) {
	action := pair.Action
	switch {
	case pair.Shortcut() && action.Text == "wlcg", strings.HasPrefix(action.Text, "#"):
	case pair.Shortcut() && action.Text == "":
	case pair.Shortcut():
		f := r.At(action.Span, "%s is not a shortcut of tokenscopes", action.Text).Do("Write wlcg, or action=scope.").About(action.Text)
		if strings.EqualFold(action.Text, "wlcg") {
			f.Do("Write wlcg.").Fix(action.Replace("wlcg"))
		}
	case !isOperation(action.Text):
		f := r.At(action.Span, "%s is not an action of tokenscopes", action.Text).
			Do("Write one of %s.", strings.Join(operations(), ", ")).About(action.Text)
		if near, ok := f.Suggest(action.Text, operations()); ok {
			f.Do("Write %s.", near).Fix(action.Replace(near))
		}
	case strings.ContainsAny(pair.Scope.Text, " \t"):
		r.At(pair.Scope.Span, "the scope has a blank in it").Means("No token has a scope of that name.").Impacts(lint.Outage, "").
			Do("Write %s=scope for each scope, separated by commas.", action.Text).About(action.Text)
	}
}

// checkEmptyScope looks for an action that needs the scope "", which stands among those
// of no token: ARC cuts the claim at its blanks, and compares (arc-behaviour A5, A12;
// a-rex/grid-manager/conf/CoreConfig.cpp takes what stands behind the = as it is).
func checkEmptyScope(p *access.Policy, r *lint.Reporter, pair authgroup.ScopePair) {
	op := access.Operation(pair.Action.Text)
	if pair.Shortcut() || pair.Scope.Text != "" || !isOperation(pair.Action.Text) || op == access.Info {
		return
	}
	f := r.At(pair.Action.Span, "tokenscopes asks for an empty scope for %s", op).Do("Write the scope behind the =.").About(string(op) + " empty")
	if slices.ContainsFunc(p.Required(op), func(scope string) bool { return scope != "" }) || len(p.Scopes.Hidden) > 0 {
		f.Means("No token has it, so that this part admits nobody.").As(lint.Warning)
		return
	}
	f.Means("No token has it, so that ARC refuses %s to every token.", op)
}

func operations() []string {
	var names []string
	for _, op := range access.Operations() {
		names = append(names, string(op))
	}
	return names
}

func isOperation(name string) bool {
	for _, op := range operations() {
		if op == name {
			return true
		}
	}
	return false
}
