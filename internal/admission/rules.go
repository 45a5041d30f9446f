package admission

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/pattern"
	"arclint/internal/trust"
)

// rule adds the doors that one rule opens.
func (b *builder) rule(r *authgroup.Rule) {
	d := Door{Rule: r, Group: r.Group.Name}
	switch t := b.guards.narrow(r); {
	case t != nil:
		b.test(d, t)
	case r.Inverted:
		b.everybody(d, ", but for those whom the rule without ! matches")
	default:
		b.everybody(d, "")
	}
}

// test adds the doors of those whom a test matches.
func (b *builder) test(d Door, test authgroup.Test) {
	switch t := test.(type) {
	case *authgroup.Tokens:
		switch {
		case t.Missing != "":
		case t.Tabbed():
			d.Who, d.Many = whoTokens(t), true
			b.closed(d, "no token has an issuer with a tab in it")
		default:
			d.Issuer, d.Who, d.Width = t.Issuer.Text, whoTokens(t), widthOfTokens(t)
			d.Many = !strings.HasPrefix(d.Who, "any ")
			d.Shown = shownIssuer(d.Issuer)
			b.add(d, access.Identity{}, fromTokens(b.site, t))
		}
	case *authgroup.Expression:
		for _, way := range t.Ways() {
			b.way(d, way)
		}
	case *authgroup.Subject:
		b.subject(d, t.DN.Text, OnePerson, "")
	case *authgroup.File:
		b.file(d, t.Path.Text)
	case *authgroup.VOMS:
		if t.Missing == "" && len(t.Extra) == 0 {
			d.Who, d.Width, d.Many, d.Shown = whoVOMS(t), Members, true, "VO "+t.VO.Text
			if access.Quoted(t) {
				b.closed(d, "no attribute has quotes in it")
				return
			}
			b.add(d, access.Identity{Subject: otherCertName, FQANs: []string{fqanOf(b.site, t)}}, nil)
		}
	case *authgroup.UserLists:
		for _, path := range b.policy.ListFiles(t) {
			b.file(d, path)
		}
	case *authgroup.Plugin:
		d.Who, d.Width, d.Shown = "whoever the plugin "+t.At.Text()+" says yes to", UnknownDoor, "plugin"
		b.add(d, access.Identity{Subject: otherCertName}, nil)
	case *authgroup.Computed:
		d.Who, d.Width, d.Shown = "whoever matches "+t.Keyword+"="+t.At.Text(), UnknownDoor, "a value that ARC computes"
		claims := fresh(b.site).with(claimSet{"iss": otherIssuer, "sub": anyone, "aud": otherAudience})
		if strings.HasPrefix(t.Keyword, "authtokens") {
			d.Issuer = "*"
			b.add(d, access.Identity{}, claims)
			return
		}
		id := access.Identity{Subject: otherCertName}
		if t.Keyword == "voms" {
			open := authgroup.Field{Text: "*"}
			id.FQANs = []string{fqanOf(b.site, &authgroup.VOMS{VO: open, Group: open, Role: open, Capability: open})}
		}
		b.add(d, id, nil)
	case *authgroup.Groups:
		// The members of an authgroup= rule come in by the rules of those groups.
		rule := b.guards.firstPositive(t)
		if own := d.Rule.Test == test; rule == nil || own {
			return
		}
		if _, nested := b.guards.narrow(rule).(*authgroup.Groups); !nested {
			b.test(d, b.guards.narrow(rule))
		}
	}
}

// everybody adds the three kinds of clients that need nothing from the site.
func (b *builder) everybody(d Door, but string) {
	nobody := d
	nobody.Who, nobody.Width, nobody.Shown = "a client without certificate and token"+but, Anonymous, "nothing"
	b.add(nobody, access.Identity{}, nil)
	holder := d
	holder.Who, holder.Width, holder.Shown = "any certificate of a CA that is trusted for clients"+b.publicCAs()+but, AnyHolder, "any certificate"
	b.add(holder, access.Identity{Subject: otherCertName}, nil)
	if e, ok := d.Rule.Test.(*authgroup.Expression); ok && d.Rule.Inverted {
		for _, way := range e.WaysTo(false) { // "!" twice asks for something
			if slices.ContainsFunc(way, func(c authgroup.Comparison) bool { return !c.Negated }) {
				b.way(d, way)
			}
		}
	}
	token := d
	token.Who, token.Width, token.Issuer, token.Shown = "any token of any issuer"+but, AnyIssuer, "*", shownIssuer("*")
	b.add(token, access.Identity{}, strangeToken(b.site))
}

// publicCAs tells that certificates of a CA from which everybody gets one count.
func (b *builder) publicCAs() string {
	for _, c := range trust.Anchors(b.site, trust.Client) {
		if trust.IsPublicRoot(c) {
			return fmt.Sprintf(" (the public CA %s among them)", c.SubjectName)
		}
	}
	return ""
}

// way adds the door of one way in which an expression is true.
func (b *builder) way(d Door, way []authgroup.Comparison) {
	asked := whatIsAsked(way)
	d.Issuer, d.Shown = asked.issuer, shownIssuer(asked.issuer)
	switch {
	case asked.issuer == "*":
		d.Width, d.Who = AnyIssuer, "any token of any issuer"
	case asked.holder:
		d.Width, d.Who, d.Many = OnePerson, "tokens of "+d.Issuer, true
	case asked.narrow:
		d.Width, d.Who, d.Many = SomeTokens, "tokens of "+d.Issuer, true
	default:
		d.Width, d.Who = AnyToken, "any token of "+d.Issuer
	}
	if len(asked.tests) > 0 {
		d.Who += " with " + strings.Join(asked.tests, " and ")
	}
	b.add(d, access.Identity{}, fromWay(b.site, way))
}

// asked is what the comparisons of a way ask of a token.
type asked struct {
	issuer         string   // "*" where none is named
	tests          []string // the others, for people
	narrow, holder bool     // something else must hold; the subject is named
}

func whatIsAsked(way []authgroup.Comparison) asked {
	a := asked{issuer: "*"}
	for _, c := range way {
		ofIssuer := c.Claim.Text == "iss" && !c.Negated
		if ofIssuer && !c.Regexp {
			a.issuer = c.Value.Text
			continue
		}
		a.tests = append(a.tests, fmt.Sprintf("%s %s %q", c.Claim.Text, signOf(c), c.Value.Text))
		a.narrow = a.narrow || !c.Negated && !ofIssuer
		a.holder = a.holder || !c.Negated && !c.Regexp && c.Claim.Text == "sub"
	}
	return a
}

func signOf(c authgroup.Comparison) string {
	sign := "="
	if c.Regexp {
		sign = "~"
	}
	if c.Negated {
		return "!" + sign
	}
	return sign
}

func (b *builder) subject(d Door, dn string, width Width, who string) {
	d.Width = width
	if claims := fromSubject(b.site, dn); claims != nil {
		d.Issuer, d.Who = claims["iss"].(string), who
		d.Shown = d.Issuer
		if who == "" {
			d.Who, d.Many = fmt.Sprintf("tokens of %s with sub %q", claims["iss"], claims["sub"]), true
		}
		b.add(d, access.Identity{}, claims)
		return
	}
	d.Who, d.Shown = who, dn
	if who == "" {
		d.Who = "the certificate " + dn
	}
	if neverOfCertificate(dn) {
		b.closed(d, "no certificate has a subject of that form")
		return
	}
	b.add(d, access.Identity{Subject: dn}, nil)
}

// neverOfCertificate says whether no certificate has a subject of that form.
func neverOfCertificate(dn string) bool {
	fault, ok := access.FindDNFault(authgroup.Field{Text: dn})
	return ok && fault.Never
}

// closed adds the door of a rule that nobody fits through.
func (b *builder) closed(d Door, why string) {
	no := Right{State: No, Why: why}
	d.Submit, d.Read, d.Cancel = no, no, no
	b.doors = append(b.doors, d)
}

func shownIssuer(issuer string) string {
	if issuer == "*" {
		return "any issuer"
	}
	return issuer
}

// file adds a door for each kind of answer that subjects of a list get.
func (b *builder) file(d Door, path string) {
	for _, m := range b.site.Maps {
		if m.Path != path || m.Err != nil {
			continue
		}
		subjects := len(subjectsIn(m))
		for _, p := range b.parties(m) {
			own := d
			own.Many, own.Accounts = p.subjects > 1 || p.issuer != "", len(p.accounts)
			b.subject(own, p.first, Listed, p.whoOf(m.Path, subjects))
			b.doors[len(b.doors)-1].Shown = m.Path
		}
		return
	}
	d.Who, d.Width, d.Shown = "whoever "+path+" lists", UnknownDoor, path
	b.add(d, access.Identity{Subject: otherCertName}, nil)
}

// oneLine is the form of a subject as OpenSSL prints it. What does not look like
// one is not shown: arc.conf may name any file of the host.
var oneLine = pattern.OnDemand(`^/[A-Za-z][A-Za-z0-9.]*=[^=]`)

func subjectsIn(m *gridsec.MapFile) []string {
	var subjects []string
	for _, e := range m.Entries {
		if text := e.Subject.Text; oneLine().MatchString(text) || authgroup.HasScheme(text, "https") {
			subjects = append(subjects, text)
		}
	}
	return subjects
}

func widthOfTokens(t *authgroup.Tokens) Width {
	switch {
	case t.Issuer.Any():
		return AnyIssuer
	case !t.Subject.Any():
		return OnePerson
	case t.Audience.Any() && t.Scope.Any() && t.Group.Any():
		return AnyToken
	}
	return SomeTokens
}

func whoTokens(t *authgroup.Tokens) string {
	who := "any token"
	switch {
	case !t.Subject.Any():
		who = fmt.Sprintf("tokens with sub %q", t.Subject.Text)
	case !t.Audience.Any() || !t.Scope.Any() || !t.Group.Any():
		who = "tokens"
	}
	if t.Issuer.Any() {
		who += " of any issuer"
	} else {
		who += " of " + t.Issuer.Text
	}
	if t.Audience.Any() {
		who += " for any audience"
	} else {
		who += " for " + t.Audience.Text
	}
	if !t.Scope.Any() {
		who += " with scope " + t.Scope.Text
	}
	if !t.Group.Any() {
		who += " in group " + t.Group.Text
	}
	return who
}

func whoVOMS(t *authgroup.VOMS) string {
	who := "members of the VO " + t.VO.Text
	if t.VO.Any() {
		who = "members of any VO"
	}
	for _, part := range []struct {
		name  string
		field authgroup.Field
	}{{"group", t.Group}, {"role", t.Role}, {"capability", t.Capability}} {
		if !part.field.Any() {
			who += fmt.Sprintf(" with %s %s", part.name, part.field.Text)
		}
	}
	return who
}
