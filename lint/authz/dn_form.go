package authz

import (
	"arclint/internal/access"
	"strings"

	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var dnForm = &lint.Rule{
	ID:    "authz/dn-form",
	Title: "A subject is not written as ARC sees it",
	Why: "ARC compares subject= with the one-line form in which OpenSSL prints the name of the certificate. This is /DC=org/DC=example/CN=Name, in that order, without quotes and patterns. " +
		"OpenSSL 3 puts a backslash before a slash or a plus sign inside a value. It writes emailAddress= for the mail address, and \\xC3\\xA9 for what is not ASCII. " +
		"A proxy counts as the user's own certificate, so the CN that it adds must not be there. For a token the subject is issuer/sub.",
	Source:   "arc-behaviour F2, F3, A10",
	Impact:   lint.Outage,
	Facts:    []string{"F2", "F3", "A10"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   "edit-arc-conf",
	ByHand: `Write the whole subject of the user's certificate as ARC sees it, without the
CN of a proxy and without patterns:

    [authgroup:dune]
    subject=/DC=org/DC=example/CN=Jane Doe

Let arclint print it:

    arclint whoami --cert user-chain.pem

If many users are meant, ask for the attributes of their VO in place of
subjects:

    [authgroup:dune]
    voms=dune * * *

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, t := range authgroup.Rules[*authgroup.Subject](s.Access) {
			if t.Test.DN.Span == t.Option.Line {
				continue // dead-rule speaks of a missing keyword
			}
			about := t.Group.Name + " " + t.Test.DN.Text
			if t.Test.DN.Text == "" {
				r.At(t.Option.Name.Span, "the subject is empty").Means("%s", lint.MatchesNobody(t.Inverted)).Opens(turnsOpen(t.Rule)).
					Do("Write a name such as /DC=org/DC=example/CN=Jane Doe.").About(about).Offer()
				continue
			}
			fault, ok := access.FindDNFault(t.Test.DN)
			if comment, found := t.Option.InlineComment(); found && isProse(comment.Text) {
				n := len(strings.TrimRight(t.Test.DN.Text[:comment.Span.Start-t.Test.DN.Span.Start], " \t"))
				cut := t.Test.DN.Sub(n, len(t.Test.DN.Text))
				fault, ok = access.DNFault{
					At: cut, Never: true, Headline: "a comment is part of the subject", Action: "Write the comment on a line of its own.", Repair: true,
				}, true
			}
			if !ok {
				continue
			}
			f := reportDN(r, fault, lint.MatchesNobody(t.Inverted)).Opens(fault.Never && turnsOpen(t.Rule)).About(about)
			if fault.Repair {
				f.Fix(fault.At.Replace(fault.With))
			} else {
				f.Offer()
			}
			if fault.Unsure {
				f.As(lint.Warning)
			}
		}
	},
}

// isProse tells a comment from a name such as "Robot #2".
func isProse(comment string) bool { return len(comment) == 1 || comment[1] == ' ' }

// reportDN speaks of a subject of which never says what becomes of one that no
// certificate has.
func reportDN(r *lint.Reporter, fault access.DNFault, never string) *lint.Finding {
	effect := fault.Effect
	if fault.Never {
		effect = strings.TrimLeft(effect+" "+never, " ")
	}
	return r.At(fault.At.Span, "%s", fault.Headline).Means("%s", effect).Do("%s", fault.Action)
}
