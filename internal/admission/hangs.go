package admission

import (
	"slices"
	"strings"

	"arclint/internal/access"
	"arclint/internal/site"
	"arclint/internal/trust"
)

// never says whether a client shows a token that can never have a key, whatever is
// installed: its issuer is no https URL of a server.
func never(s *site.Site, id access.Identity) bool {
	fetch, asked := fetchFor(s, id.Claims)
	return asked && fetch.Never
}

// onKeys is what a decision for a token hangs on where nobody here knows whether the
// CE can fetch its keys; hardly says that its issuer is hardly one.
func (t *tester) onKeys(id access.Identity, d access.Decision) (on []access.Dependency, hardly bool) {
	fetch, asked := fetchFor(t.site, id.Claims)
	if !d.Allowed || id.Refused != "" || !asked || fetch.KeyFetch != trust.FetchUnknown {
		return nil, false
	}
	id.Refused = "without keys"
	without := t.policy.Decide(id, t.op)
	if without.Outcome() == d.Outcome() {
		return nil, false
	}
	return []access.Dependency{{
		Kind: access.OnKeys, On: "whether the CE can fetch the keys of " + fetch.Issuer + ": " + fetch.Reason,
		Taken: true, Otherwise: []string{without.Outcome()},
	}}, fetch.NoDomain && !without.Allowed
}

// shutsOut says whether nobody can know that a client gets in who does as far as the
// files tell. That a made-up subject stands in no list that is not here is taken for
// granted, and so is that an account of elsewhere exists.
func shutsOut(on access.Dependency) bool {
	switch on.Kind {
	case access.OnPlugin, access.OnAttributes, access.OnValue:
		return slices.ContainsFunc(on.Otherwise, func(o string) bool { return !strings.HasPrefix(o, access.AllowAs) })
	case access.OnSize:
		return true
	}
	return false
}

// letsIn says the same of one who does not get in as far as the files tell.
func letsIn(on access.Dependency) bool {
	switch on.Kind {
	case access.OnPlugin, access.OnAttributes, access.OnValue:
		return slices.ContainsFunc(on.Otherwise, func(o string) bool { return strings.HasPrefix(o, access.AllowAs) })
	case access.OnSize:
		return true
	}
	return false
}
