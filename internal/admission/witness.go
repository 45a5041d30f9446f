package admission

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/internal/trust"
)

// What a made-up client is called where a rule leaves it open.
const (
	anyone         = "anybody"
	otherIssuer    = "https://issuer.example.net"
	unknownIssuer  = "https://nobody.example.net"
	otherAudience  = "https://elsewhere.example.net"
	otherCertName  = "/DC=net/DC=example/CN=Anybody"
	tokenLifeHours = 1
)

// claimSet is a token in the making.
type claimSet map[string]any

// fresh is a token that is valid now and says nothing else.
func fresh(s *site.Site) claimSet {
	now := s.Now.Unix()
	return claimSet{"iat": now - 60, "nbf": now - 60, "exp": now + tokenLifeHours*3600}
}

// with gives the set with changes: a nil value takes a claim away.
func (c claimSet) with(changes claimSet) claimSet {
	all := maps.Clone(c)
	for name, value := range changes {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	return all
}

// joined is a token that is as both sets want it, as far as one can be: what this
// one lacks, or has made up itself, is as in the other. A token has several scopes
// and groups.
func (c claimSet) joined(other claimSet) claimSet {
	if c == nil {
		return other
	}
	all := c.with(nil)
	for name, value := range other {
		first, isText := all[name].(string)
		second, alsoText := value.(string)
		switch {
		case all[name] == nil, isText && slices.Contains([]string{anyone, otherAudience, otherIssuer}, first):
			all[name] = value
		case name == "scope" && isText && alsoText && first != second:
			all[name] = first + " " + second
		case name == "wlcg.groups":
			all[name] = joinedTexts(all[name], value)
		}
	}
	return all
}

// joinedTexts has the texts of two claims, each once: one text, or several.
func joinedTexts(a, b any) any {
	var texts []string
	for _, claim := range []any{a, b} {
		list, _ := claim.([]string)
		if text, ok := claim.(string); ok {
			list = []string{text}
		}
		for _, text := range list {
			if !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	if len(texts) == 1 {
		return texts[0]
	}
	return texts
}

// bare is the set without an audience that is made up; ok is false where it has
// none: what it shows may stand in the way of another rule, or of another way
// through its own.
func (c claimSet) bare() (less claimSet, ok bool) {
	if c["aud"] != otherAudience {
		return nil, false
	}
	return c.with(claimSet{"aud": nil}), true
}

// proofFor is what such a client shows.
func proofFor(id access.Identity, claims claimSet) Proof {
	p := Proof{Subject: id.Subject, FQANs: id.FQANs}
	if claims != nil {
		p.Claims = claims.JSON()
	}
	return p
}

// JSON is the set as a person can hand it in with --claims.
func (c claimSet) JSON() string {
	data, err := json.Marshal(c)
	if err != nil {
		return "{}" // strings and numbers only
	}
	return string(data)
}

func (c claimSet) person() Person { return Person{Claims: parsed(c.JSON())} }

// parsed are the claims of a set that was written as JSON.
func parsed(text string) *access.Claims {
	claims, err := access.ParseClaims([]byte(text))
	if err != nil {
		return nil // what was marshalled can be read
	}
	return claims
}

// fromTokens is a token that the rule matches, made up where the rule leaves
// something open.
func fromTokens(s *site.Site, t *authgroup.Tokens) claimSet {
	c := fresh(s)
	for name, f := range map[string]struct {
		field     authgroup.Field
		otherwise string
	}{
		"sub":         {t.Subject, anyone},
		"iss":         {t.Issuer, otherIssuer},
		"aud":         {t.Audience, otherAudience},
		"scope":       {t.Scope, ""},
		"wlcg.groups": {t.Group, ""},
	} {
		value := f.field.Text
		if value == "*" {
			value = f.otherwise
		}
		// An empty field asks for a claim that is empty.
		if value != "" || f.field.Text == "" && !f.field.Missing() {
			c[name] = value
		}
	}
	return c
}

// fromWay is a token for which the comparisons hold, as far as one can be made
// up. Several values of one claim become an array.
func fromWay(s *site.Site, way []authgroup.Comparison) claimSet {
	c := fresh(s).with(claimSet{"sub": anyone, "iss": otherIssuer, "aud": otherAudience})
	values := map[string][]string{}
	for _, comparison := range way {
		if comparison.Negated {
			continue
		}
		if value, ok := comparison.Example(); ok {
			values[comparison.Claim.Text] = append(values[comparison.Claim.Text], value)
		}
	}
	for name, list := range values {
		if list = slices.Compact(list); len(list) == 1 {
			c[name] = list[0]
		} else {
			c[name] = list
		}
	}
	return c
}

// fromSubject is a token whose issuer and subject make up the text, with a
// slash between them, nil where no URL stands there.
func fromSubject(s *site.Site, dn string) claimSet {
	issuer, sub, ok := trust.IssuerOf(s, dn)
	if !ok {
		return nil
	}
	return fresh(s).with(claimSet{"iss": issuer, "sub": sub, "aud": otherAudience})
}

// scoped gives the token one of the scopes that the operation needs, beside
// those that it has.
func (c claimSet) scoped(required []string) claimSet {
	if len(required) == 0 {
		return c
	}
	has, _ := c["scope"].(string)
	if slices.Contains(strings.Fields(has), required[0]) {
		return c
	}
	if list, ok := c["scope"].([]string); ok {
		return c.with(claimSet{"scope": append(slices.Clone(list), required[0])})
	}
	return c.with(claimSet{"scope": strings.TrimSpace(has + " " + required[0])})
}

// fqanOf is an attribute that the rule matches.
func fqanOf(s *site.Site, t *authgroup.VOMS) string {
	text := t.Group.Text
	if t.Group.Any() || text == "" {
		text = "/" + t.VO.Text
	}
	if t.VO.Any() && t.Group.Any() {
		text = "/" + someVO(s)
	}
	if !t.Role.Any() && t.Role.Text != "" {
		text += "/Role=" + t.Role.Text
	}
	if !t.Capability.Any() && t.Capability.Text != "" {
		text += "/Capability=" + t.Capability.Text
	}
	return text
}

// someVO is a VO whose attributes this CE believes, where there is one.
func someVO(s *site.Site) string {
	for _, vo := range s.VOMS.VOs {
		if answer, _ := trust.VO(s, vo.Name); answer == trust.Accepted {
			return vo.Name
		}
	}
	return "vo.example.net"
}
