package admission

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"arclint/internal/access"
	"arclint/internal/authgroup"
)

// Case is a request that a careful site turns away.
type Case struct {
	ID    string // "aud-missing"
	Area  string // time, claims, issuer, audience, scope, group, certificate, envelope, keys, request
	Title string // "the token names no audience"
	Facts string // what was measured: "A4, A9"

	// ByRelease says that no authtokens rule and no access list can turn it away:
	// ARC does not look at it there.
	ByRelease bool
	// Live says that files cannot tell: only a running CE can be asked.
	Live bool

	// Foreign says that the token is of an issuer on a host of its own: a running
	// CE can be asked only where somebody serves one.
	Foreign bool

	change func(c good) string // the claims of the request, "" where the case does not arise
	rename func(dn string) string
	chain  bool // a made-up chain of that name is the request
}

// good is a request that is to get in, which a case spoils.
type good struct {
	claimSet
	now    time.Time
	issuer string // "" where any is right
	group  string // that the rule asks for, "" where it asks for none

	stranger string // an issuer that no rule names; "": unknownIssuer
}

func (g good) unknown() string { return cmp.Or(g.stranger, unknownIssuer) }

// set is a case that puts one claim in the place of another; nil takes it away.
func set(name string, value any) func(good) string {
	return func(g good) string { return g.with(claimSet{name: value}).JSON() }
}

// issuerCase puts another issuer in the place, "" where there is none of the kind.
func issuerCase(of func(issuer string) string) func(good) string {
	return func(g good) string {
		if g.issuer == "" {
			return "" // any is right
		}
		other := of(g.issuer)
		if other == "" || other == g.issuer {
			return ""
		}
		return g.with(claimSet{"iss": other}).JSON()
	}
}

// twice puts a claim before all others, so that one of that name stands twice.
func twice(name, value string) func(good) string {
	return func(g good) string {
		first := claimSet{name: value}.JSON()
		return strings.TrimSuffix(first, "}") + "," + strings.TrimPrefix(g.JSON(), "{")
	}
}

// groupCase spoils the group, where the rule asks for one.
func groupCase(of func(group string) claimSet) func(good) string {
	return func(g good) string {
		if g.group == "" {
			return ""
		}
		return g.with(claimSet{"wlcg.groups": nil}).with(of(g.group)).JSON()
	}
}

func (g good) own() string {
	own, _ := g.claimSet["aud"].(string)
	return own
}

// audienceCase spoils the audience of this CE.
func audienceCase(of func(own string) any) func(good) string {
	return func(g good) string {
		if g.own() == "" {
			return "" // the rule asks for none
		}
		return g.with(claimSet{"aud": of(g.own())}).JSON()
	}
}

// Cases are the negative cases that files can answer, and those that only a
// running CE can, for an operation. Sources: the lists of the token tools
// (wlcg-jwt-compliance-tests, scitokens-cpp) and arc-behaviour.
func Cases(op access.Operation) []Case {
	return slices.Concat(timeCases(), claimCases(), issuerCases(), audienceCases(), scopeCases(op), groupCases(), certificateCases(op), liveCases())
}

// Sound is a request that is to get in, from which cases are made elsewhere than
// from the rules of a site.
type Sound struct {
	Claims map[string]any // valid now, for the CE that is asked
	Issuer string         // the one that it must be; "" where any is right
	Group  string         // the one that is asked for; "" where none is
	Now    time.Time

	Stranger string // an issuer that the CE can ask and no rule names; "": there is none
}

// Spoil gives the claims of the case, "" where they are not what it is about or
// the case does not arise.
func (c Case) Spoil(g Sound) string {
	if c.change == nil {
		return ""
	}
	return c.change(good{claimSet: g.Claims, now: g.Now, issuer: g.Issuer, group: g.Group, stranger: g.Stranger})
}

func timeCases() []Case {
	at := func(name string, seconds int64) func(good) string {
		return func(g good) string { return g.with(claimSet{name: g.now.Unix() + seconds}).JSON() }
	}
	return []Case{
		{ID: "exp-past", Area: "time", Title: "the token expired an hour ago", Facts: "A9", change: at("exp", -3600)},
		{ID: "exp-just-past", Area: "time", Title: "the token expired 30 seconds ago", Facts: "A9", change: at("exp", -30)},
		{ID: "exp-missing", Area: "time", Title: "the token never expires: it has no exp", Facts: "A9, S10", ByRelease: true, change: set("exp", nil)},
		{ID: "exp-string", Area: "time", Title: "exp is a string", Facts: "A9", change: set("exp", "4102444800")},
		{ID: "nbf-future", Area: "time", Title: "the token is not valid yet", Facts: "A9", change: at("nbf", 3600)},
		{ID: "nbf-string", Area: "time", Title: "nbf is a string", Facts: "A9", change: set("nbf", "0")},
		{ID: "iat-future", Area: "time", Title: "the token was issued in the future", Facts: "A9", ByRelease: true, change: at("iat", 3600)},
	}
}

func claimCases() []Case {
	return []Case{
		{ID: "sub-missing", Area: "claims", Title: "the token names no subject", Facts: "A9", change: set("sub", nil)},
		{ID: "sub-number", Area: "claims", Title: "the subject is a number", Facts: "A9", change: set("sub", 7)},
		{ID: "sub-empty", Area: "claims", Title: "the subject is empty", Facts: "A9", change: set("sub", "")},
		{ID: "sub-twice", Area: "claims", Title: "the subject stands twice, another one first", Facts: "A9", change: func(g good) string {
			if g.claimSet["sub"] == anyone {
				return "" // the rules ask for no subject
			}
			return twice("sub", "somebody-else")(g)
		}},
		{ID: "iss-twice", Area: "claims", Title: "the issuer stands twice, another one first", Facts: "A9", change: func(g good) string { return twice("iss", g.unknown())(g) }},
		{ID: "aud-twice", Area: "claims", Title: "the audience stands twice, another one first", Facts: "A9", change: twice("aud", otherAudience)},
		{ID: "ver-unknown", Area: "claims", Title: "wlcg.ver is 2.0, which no profile has", ByRelease: true, Facts: "A1", change: set("wlcg.ver", "2.0")},
	}
}

func issuerCases() []Case {
	onHost := func(change func(u *url.URL)) func(string) string {
		return func(issuer string) string {
			u, err := url.Parse(issuer)
			if err != nil || u.Host == "" {
				return ""
			}
			change(u)
			return u.String()
		}
	}
	return []Case{
		{ID: "iss-missing", Area: "issuer", Title: "the token names no issuer", Facts: "A3", change: set("iss", nil)},
		{ID: "iss-other", Area: "issuer", Title: "the token is of an issuer that nobody knows", Facts: "A3, S10", change: func(g good) string { return set("iss", g.unknown())(g) }},
		{ID: "iss-slash", Area: "issuer", Title: "the issuer has a slash at the end more or less", Facts: "A3", change: issuerCase(otherSlash)},
		{ID: "iss-upper-host", Area: "issuer", Title: "the issuer's host is in upper case", Facts: "A3", change: issuerCase(onHost(func(u *url.URL) { u.Host = strings.ToUpper(u.Host) }))},
		{ID: "iss-http", Area: "issuer", Title: "the issuer is http", Facts: "I1", change: issuerCase(func(issuer string) string { return strings.Replace(issuer, "https://", "http://", 1) })},
		{ID: "iss-no-scheme", Area: "issuer", Title: "the issuer has no scheme", Facts: "I2, A3", change: issuerCase(func(issuer string) string { return strings.TrimPrefix(issuer, "https://") })},
		{ID: "iss-longer-host", Area: "issuer", Title: "the issuer's host begins like the right one", Facts: "A2, A3", Foreign: true, change: issuerCase(onHost(func(u *url.URL) {
			u.Host = strings.Replace(u.Host, u.Hostname(), u.Hostname()+".example.net", 1)
		}))},
		{ID: "iss-longer-path", Area: "issuer", Title: "the issuer's path begins like the right one", Facts: "A2, A3", change: issuerCase(func(issuer string) string { return strings.TrimSuffix(issuer, "/") + "-x" })},
		{ID: "iss-user", Area: "issuer", Title: "the right issuer's host is the user in the URL of another", Facts: "A3", Foreign: true, change: issuerCase(onHost(func(u *url.URL) {
			u.User = url.User(u.Hostname())
			u.Host = "issuer.example.net"
		}))},
	}
}

func otherSlash(issuer string) string {
	if without, ok := strings.CutSuffix(issuer, "/"); ok {
		return without
	}
	return issuer + "/"
}

func audienceCases() []Case {
	return []Case{
		{ID: "aud-missing", Area: "audience", Title: "the token names no audience", Facts: "A4", change: set("aud", nil)},
		{ID: "aud-empty", Area: "audience", Title: "the audience is empty", Facts: "A4", change: set("aud", "")},
		{ID: "aud-empty-array", Area: "audience", Title: "the audience is an empty array", Facts: "A4", change: set("aud", []string{})},
		{ID: "aud-other", Area: "audience", Title: "the token is for another service", Facts: "A4", change: set("aud", otherAudience)},
		{ID: "aud-others", Area: "audience", Title: "the token is for two other services", Facts: "A4", change: set("aud", []string{otherAudience, "https://storage.example.net"})},
		{ID: "aud-wlcg-any", Area: "audience", Title: "the token is for any service of WLCG", Facts: "A4", change: set("aud", authgroup.AnyService)},
		{ID: "aud-any", Area: "audience", Title: "the token is for ANY", Facts: "A4", change: set("aud", "ANY")},
		{ID: "aud-longer", Area: "audience", Title: "the audience begins like that of this CE", Facts: "A2, A4", change: audienceCase(func(own string) any { return own + ".example.net" })},
		{ID: "aud-upper", Area: "audience", Title: "the audience is that of this CE in upper case", Facts: "A2, A4", change: audienceCase(func(own string) any { return strings.ToUpper(own) })},
	}
}

// scopesOf are the scope of an operation in the WLCG profile, that of another
// one, and what the two do.
func scopesOf(op access.Operation) (right, other, may, does string) {
	switch op {
	case access.JobInfo:
		return "compute.read", "compute.create", "submit jobs", "reads them"
	case access.JobCancel:
		return "compute.cancel", "compute.read", "read jobs", "cancels one"
	}
	return "compute.create", "compute.read", "read jobs", "submits one"
}

// deed is what the request of an operation does.
func deed(op access.Operation) string {
	switch op {
	case access.JobInfo:
		return "reads jobs"
	case access.JobCancel:
		return "cancels a job"
	}
	return "submits a job"
}

func scopeCases(op access.Operation) []Case {
	right, other, may, does := scopesOf(op)
	_, verb, _ := strings.Cut(other, ".")
	return []Case{
		{ID: "scope-missing", Area: "scope", Title: "the token has no scope and " + deed(op), Facts: "A5, A12", change: set("scope", nil)},
		{ID: "scope-openid", Area: "scope", Title: "the token has the scope openid only and " + deed(op), Facts: "A5, A12", change: set("scope", "openid")},
		{ID: "scope-" + verb, Area: "scope", Title: "the token may " + may + " and " + does, Facts: "A5, A12", change: set("scope", other)},
		{ID: "scope-storage", Area: "scope", Title: "the token may read storage and " + deed(op), Facts: "A5, A12", change: set("scope", "storage.read:/")},
		{ID: "scope-longer", Area: "scope", Title: "the scope begins like the right one", Facts: "A2, A5", change: set("scope", right+"x "+right+".x")},
		{ID: "scope-upper", Area: "scope", Title: "the scope is in upper case", Facts: "A2, A5", change: set("scope", strings.ToUpper(right))},
		{ID: "scope-tabs", Area: "scope", Title: "a tab stands between the scopes", Facts: "A5", change: set("scope", "openid\t"+right)},
		{ID: "scope-scp", Area: "scope", Title: "the scope stands in the claim scp", Facts: "A5", change: func(g good) string {
			return g.with(claimSet{"scope": nil, "scp": right}).JSON()
		}},
	}
}

func groupCases() []Case {
	in := func(value any) claimSet { return claimSet{"wlcg.groups": value} }
	return []Case{
		{ID: "group-missing", Area: "group", Title: "the token names no group", Facts: "A6", change: groupCase(func(string) claimSet { return nil })},
		{ID: "group-longer", Area: "group", Title: "the group begins like the right one", Facts: "A2, A6", change: groupCase(func(g string) claimSet { return in([]string{g + "-x"}) })},
		{ID: "group-below", Area: "group", Title: "the group is one below the right one", Facts: "A6", change: groupCase(func(g string) claimSet { return in([]string{g + "/x"}) })},
		{ID: "group-no-slash", Area: "group", Title: "the group has a slash at the front more or less", Facts: "A6", change: groupCase(func(g string) claimSet {
			if bare, ok := strings.CutPrefix(g, "/"); ok {
				return in([]string{bare})
			}
			return in([]string{"/" + g})
		})},
		{ID: "group-string", Area: "group", Title: "the group is one of two in a string", Facts: "A6", change: groupCase(func(g string) claimSet { return in("/other " + g) })},
		{ID: "group-other-claim", Area: "group", Title: "the group stands in the claims groups and wlcg_groups", Facts: "A6", change: groupCase(func(g string) claimSet {
			return claimSet{"groups": []string{g}, "wlcg_groups": []string{g}}
		})},
	}
}

func certificateCases(op access.Operation) []Case {
	return []Case{
		{ID: "dn-longer", Area: "certificate", Title: "the subject begins like the right one", Facts: "F3", rename: func(dn string) string { return dn + " 2" }},
		{ID: "dn-more", Area: "certificate", Title: "the subject has one more CN, as that of a proxy", Facts: "F2, F3", rename: func(dn string) string { return dn + "/CN=proxy" }},
		{ID: "dn-upper", Area: "certificate", Title: "the subject is in upper case", Facts: "F3", rename: strings.ToUpper},
		{ID: "cert-expired", Area: "certificate", Title: "the certificate is expired", Facts: "D7", chain: true},
		{ID: "cert-early", Area: "certificate", Title: "the certificate is not valid yet", Facts: "D7", chain: true},
		{ID: "cert-server", Area: "certificate", Title: "the certificate is for servers only, without clientAuth", Facts: "D8", chain: true},
		{ID: "cert-weak", Area: "certificate", Title: "the key of the certificate has 1024 bits", Facts: "D7", chain: true},
		{ID: "cert-not-ca", Area: "certificate", Title: "the certificate is signed by that of a person", Facts: "D7", chain: true},
		{ID: "cert-self-signed", Area: "certificate", Title: "the certificate signs itself", Facts: "D5", chain: true},
		{ID: "cert-other-ca", Area: "certificate", Title: "the certificate is of a CA that is not installed", Facts: "D5", chain: true},
		{ID: "proxy-expired", Area: "certificate", Title: "the proxy is expired", Facts: "F2", chain: true},
		{ID: "proxy-legacy", Area: "certificate", Title: "the proxy is of the old Globus kind", Facts: "F2", chain: true},
		{ID: "proxy-limited", Area: "certificate", Title: "a limited proxy, which is meant for data, " + deed(op), Facts: "F2", ByRelease: true, chain: true},
	}
}

func liveCases() []Case {
	// What no rule can turn away and who is let in has a right to: the size, the
	// metadata's own issuer, a certificate beside a good token, the name of a server.
	noRule := map[string]string{"huge": "", "metadata-other": "I1, S10", "token-and-proxy": "F4", "issuer-name": "S10"}
	live := func(area string, titles ...string) []Case {
		var cases []Case
		for _, t := range titles {
			id, title, _ := strings.Cut(t, ": ")
			facts, byRelease := noRule[id]
			cases = append(cases, Case{ID: id, Area: area, Title: title, Live: true, ByRelease: byRelease, Facts: facts})
		}
		return cases
	}
	return slices.Concat(
		live("envelope",
			"alg-none: alg is none",
			"alg-wrong: alg is another than that of the key",
			"key-confusion: a symmetric alg with the public key as the secret",
			"header-jwk: the header brings its own key (jwk)",
			"header-x5c: the header brings its own certificate (x5c)",
			"header-jku: the header names its own key set (jku)",
			"kid-unknown: kid is one that the issuer does not publish",
			"kid-missing: the header has no kid",
			"unsigned: the signature is empty",
			"bad-signature: the signature is of another key",
			"payload-changed: the claims were changed after signing",
			"truncated: the token is cut off",
			"huge: the token has more than 8 kB",
			"nested: a signed token within a token"),
		live("keys",
			"key-withdrawn: the key was withdrawn by its issuer",
			"keys-none: the issuer publishes no key",
			"keys-http: the key set is on an http server",
			"metadata-other: the metadata name another issuer",
			"issuer-expired: the certificate of the issuer's server is expired",
			"issuer-revoked: the certificate of the issuer's server is revoked",
			"issuer-other-ca: the certificate of the issuer's server is of a CA that is not installed",
			"issuer-client: the certificate of the issuer's server is for clients only",
			"issuer-name: the certificate of the issuer's server is for another host"),
		live("request",
			"two-tokens: a request with two tokens",
			"token-and-proxy: a token and a proxy of somebody else"),
		live("certificate",
			"cert-revoked: a client certificate that is revoked"))
}

// The cases that are not made of a request that is to get in.
func nobodyCase() Case {
	return Case{ID: "anonymous", Area: "request", Title: "a request without certificate and token", Facts: "S6"}
}

func strangerCase() Case {
	return Case{ID: "dn-other", Area: "certificate", Title: "a certificate of somebody whom no rule names, under a CA that is trusted", Facts: "F1, S6"}
}

func publicCase() Case {
	return Case{ID: "public-ca", Area: "certificate", Title: "a certificate of a public CA, which anybody can get", Facts: "F1, E2"}
}

// All are the cases, and those that are made of nothing: what a running CE is
// asked.
func All(op access.Operation) []Case {
	return append(Cases(op), nobodyCase(), strangerCase(), publicCase())
}
