package authz

import (
	"strings"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/authgroup"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/lint"
)

var sharedAccount = &lint.Rule{
	ID:    "authz/shared-account",
	Title: "Lines of [mapping] give one account to several communities",
	Why: "ARC tells the owners of jobs apart by their subject, so that nobody sees the jobs of others by its interface. The host knows the account only. " +
		"Jobs of one account can read and change each other's files, delegated proxies and tokens among them, and end each other's processes. " +
		"The accounting of the batch system counts them together. The subject of a token is issuer/sub and that of a certificate its name, so that a user with both is two owners of jobs. " +
		"One account for all members of one community is usual, and one line for a group of several says that it is meant.",
	Source:   "arc-behaviour A10, B8; src/services/a-rex/job.cpp (is_allowed, read only)",
	Impact:   lint.Intrusion,
	Risk:     lint.Low,
	Severity: lint.Note,
	Recipe:   lint.Manual,
	ByHand: `Make an account for each community, here and on the worker nodes:

    useradd --create-home atlas

    [mapping]
    map_to_user=dune dune:dune
    map_to_user=atlas atlas:atlas

If both lines are for the same people, join their groups in one below them, and
map that one:

    [authgroup:dune]
    authgroup=dune-tokens
    authgroup=dune-voms

    [mapping]
    map_to_user=dune dune:dune

See which account each group gets:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		if !switchesUser(s) {
			return
		}
		p := access.Model(s)
		first, told := map[tenancy]resident{}, map[string]bool{}
		for _, who := range residents(s, p, r) {
			name := who.line.Account.Text
			as := tenancy{name, who.door.Width == admission.OnePerson}
			earlier, known := first[as]
			switch {
			case !known:
				first[as] = who
			case told[name] || who.line == earlier.line || who.community == earlier.community:
			default:
				told[name] = true
				reportShared(r, earlier, who)
			}
		}
	},
}

// resident is a community, or a part of one, that a line of [mapping] gives an
// account.
type resident struct {
	line      *authgroup.MapRule
	door      admission.Door
	community string // the VO in lower case where it is known, else the issuer
	who       string // for people
}

// tenancy is an account as communities have it, or single people: one person who
// shares the account of a community is meant to.
type tenancy struct {
	account string
	single  bool
}

// residents are those who get in as an account that the line names. Of single
// people these are subjects of token issuers: the same name at two issuers need
// not be one person. Everybody is none: open-to-all and any-issuer speak of that.
func residents(s *site.Site, p *access.Policy, r *lint.Reporter) []resident {
	var found []resident
	for _, d := range openDoors(s, r) {
		line := mapLineOf(p, d)
		if line == nil || line.Kind != authgroup.MapToUser || line.Account.Text == "root" {
			continue
		}
		who := resident{line: line, door: d}
		t, voms := d.Rule.Test.(*authgroup.VOMS)
		switch {
		case d.Width == admission.Members && voms && !t.VO.Any():
			who.community, who.who = strings.ToLower(t.VO.Text), "certificates of "+d.Shown
		case d.Width == admission.OnePerson && d.Issuer != "":
			who.community, who.who = d.Issuer, d.Who
		case d.Width == admission.AnyToken || d.Width == admission.SomeTokens:
			who.community, who.who = communityOf(d.Issuer), "tokens of "+d.Issuer
		default:
			continue
		}
		found = append(found, who)
	}
	return found
}

func communityOf(issuer string) string {
	if known, ok := issuers.Known().Lookup(issuer); ok && known.VO != "" {
		return strings.ToLower(known.VO)
	}
	return issuer
}

func reportShared(r *lint.Reporter, first, second resident) {
	name := second.line.Account.Text
	f := r.At(second.line.Account.Span, "account %s is given to two communities", name)
	switch {
	case first.door.Width == admission.OnePerson:
		f.Headlined("account %s is given to subjects of two issuers", name).
			Means("The same subject at two issuers need not be the same user. Jobs of one account can read each other's files and tokens.").
			Do("Give each its own account, unless they are the same user.")
	case (first.door.Issuer == "") == (second.door.Issuer == ""):
		f.Means("Their jobs can read each other's files and proxies.").Do("Give each its own account.")
	default:
		f.Headlined("account %s is given to users of certificates and of tokens", name).
			Means("ARC tells their jobs apart, and the host does not.").
			Do("Give each its own account, unless they are the same people.")
	}
	f.Lists([]string{first.who, second.who})
	f.About(name).Relate(first.line.Option.Line, "gives it to %s", first.who).
		With("account", name).With("request", proofOf(first.door)).With("other_request", proofOf(second.door))
}
