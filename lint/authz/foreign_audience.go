package authz

import (
	"net/url"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var foreignAudience = &lint.Rule{
	ID:    "authz/foreign-audience",
	Title: "A token rule names the audience of another host",
	Why: "ARC compares the audience of a token with the rule, byte for byte. Clients ask for tokens with the name of the CE that they submit to as the audience. " +
		"If the rule names another host, these tokens do not match, and tokens for the other host do.",
	Source:   "arc-behaviour A2, A4",
	Impact:   lint.Outage,
	Facts:    []string{"A4"},
	Severity: lint.Warning,
	Effect:   "Tokens for this CE do not match the rule, and tokens for the other host do.",
	Action:   "Write the name under which clients ask for tokens.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Ask what audience the tokens for this CE have. Read the claim aud of a token
that a client got for it:

    arclint whoami --token token.jwt

Write that audience into the rule, byte for byte. If several CEs share the
file, write a line for the audience of each.

    [authgroup:dune]
    authtokens=* https://vo.example.org https://ce.example.org compute.create *

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		var hosts []authgroup.Field
		own, listed := ownHosts(s), map[*authgroup.Group]bool{}
		named := namedAudiences(access.Model(s))
		for _, n := range named {
			if own[hostOf(n.Text)] {
				listed[n.rule.Group] = true // the list is one for several CEs
			}
		}
		for _, n := range named {
			if host := hostOf(n.Text); host != "" && !own[host] && !listed[n.rule.Group] {
				hosts = append(hosts, n.Field)
			}
		}
		if len(hosts) > 0 && len(own) == 0 {
			r.Skip("arc.conf says neither hostname nor wsurl, so it is not known whether the audiences of its token rules are this CE")
			return
		}
		for _, audience := range hosts {
			r.At(audience.Span, "the audience is the host %s, and this CE is %s", hostOf(audience.Text), s.Hostname()).About(audience.Text)
		}
	},
}

// namedAudience is a place that names an audience.
type namedAudience struct {
	authgroup.Field
	rule *authgroup.Rule
}

// namedAudiences are those of authtokens rules, and those that an expression
// compares with "=". Rules that turn tokens for other services away have none.
func namedAudiences(p *access.Policy) []namedAudience {
	var found []namedAudience
	for _, r := range authgroup.Rules[*authgroup.Tokens](p.Document) {
		if !r.Negative && !r.Inverted {
			found = append(found, namedAudience{Field: r.Test.Audience, rule: r.Rule})
		}
	}
	for _, r := range authgroup.Rules[*authgroup.Expression](p.Document) {
		if r.Negative || r.Inverted {
			continue
		}
		for _, c := range r.Test.Comparisons {
			if c.Claim.Text == "aud" && !c.Regexp && !c.Negated {
				found = append(found, namedAudience{Field: c.Value, rule: r.Rule})
			}
		}
	}
	return found
}

// ownHosts are the names of this CE in arc.conf.
func ownHosts(s *site.Site) map[string]bool {
	own := map[string]bool{}
	if name := s.Hostname(); name != "" && !strings.Contains(name, "$") {
		own[strings.ToLower(name)] = true
	}
	if option := s.Conf.Block("arex/ws").First("wsurl"); option != nil {
		if host := hostOf(option.Value.Text); host != "" {
			own[host] = true
		}
	}
	return own
}

// hostOf is the host that an audience names: that of an https URL without more
// than a port and a path, or a bare host name with or without a port. The
// audience of tokens for any service, and words that are no host, give "".
func hostOf(audience string) string {
	text := audience
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || strings.Contains(u.Path, "/jwt/") {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if !strings.Contains(host, ".") || strings.ContainsAny(host, "*$,") {
		return ""
	}
	return host
}
