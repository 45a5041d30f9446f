package admission

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
)

// strangers are clients with nothing special: who shows nothing, a certificate of
// nobody, a token of an issuer that no rule names. No door shows them where a site
// lets in whom no rule is about (arc-behaviour B11).
func strangers(s *site.Site) []client {
	token := Proof{Claims: strangeToken(s).scoped(access.Model(s).Required(access.JobCreate)).JSON()}
	return []client{
		clientWith("a client without certificate and token", "", Proof{}),
		clientWith("a certificate that no rule names", "", Proof{Subject: unnamed(s)}),
		clientWith("a token that no rule names", "*", token),
	}
}

// unnamed is a subject that no line of arc.conf has, for it holds the sum of all lines:
// a rule that shuts out one stranger by name says nothing of the others.
func unnamed(s *site.Site) string {
	sum := sha256.New()
	for _, f := range s.Conf.Files {
		sum.Write(f.Data)
	}
	return fmt.Sprintf("%s %x", otherCertName, sum.Sum(nil)[:4])
}

func strangeToken(s *site.Site) claimSet {
	return fresh(s).with(claimSet{"iss": otherIssuer, "sub": anyone, "aud": otherAudience})
}

// service adds the doors of those whom [mapping] gives no account: where A-REX does not
// run as root, ARC 6 gives them its own (arc-behaviour B11, S5).
func (b *builder) service() {
	user, _ := b.policy.ServiceAccount()
	if user == "" || b.site.Release.JobsListEnforced || b.policy.List(authgroup.JobsBlock) == nil {
		return
	}
	option := b.site.Value("arex", "user").Option
	all := &authgroup.All{}
	all.Argument.Text = "yes"
	rule := &authgroup.Rule{Option: option, Group: &authgroup.Group{}, Test: all}
	b.everybody(Door{Rule: rule}, " whom [mapping] gives no account")
	b.doors = slices.DeleteFunc(b.doors, func(d Door) bool {
		return d.Rule == rule && (!d.Open() || d.Beside())
	})
}

// Bystanders are the decisions on a new job of clients with nothing special: where none
// of them gets in, no rule opens the site to everybody.
func Bystanders(s *site.Site) []access.Decision {
	return site.Once(s, bystandersKey{}, func() []access.Decision {
		var all []access.Decision
		for _, c := range strangers(s) {
			p, _ := c.shows(access.JobCreate)
			all = append(all, outcome(s, p, access.JobCreate).Decision)
		}
		return all
	})
}

type bystandersKey struct{}

// OpenToBystanders says whether one of them gets in as a member of the group, or of any
// where it is "", as far as can be known: also where an answer that files do not give
// would let one in.
func OpenToBystanders(s *site.Site, group string) bool {
	return slices.ContainsFunc(Bystanders(s), func(d access.Decision) bool {
		member := group == "" || slices.Contains(d.Groups, group)
		return d.Allowed && member || slices.ContainsFunc(d.Depends, mayOpen)
	})
}

func mayOpen(on access.Dependency) bool { return on.Kind == access.OnSize || opensOtherwise(on) }
