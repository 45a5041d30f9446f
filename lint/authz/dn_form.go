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
	Why: "ARC compares subject= with the one-line form in which OpenSSL prints the name of the certificate: /DC=org/DC=example/CN=Name, in that order, without quotes and patterns. " +
		"OpenSSL 3 puts a backslash before a slash or a plus sign inside a value, writes emailAddress= for the mail address, and \\xC3\\xA9 for what is not ASCII. " +
		"A proxy counts as the user's own certificate, so the CN that it adds must not be there. For a token the subject is issuer/sub.",
	Source:   "arc-behaviour F2, F3, A10",
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
				r.At(t.Option.Name.Span, "the subject is empty, want a name such as /DC=org/DC=example/CN=Some User: ARC matches nobody").About(about).Offer()
				continue
			}
			fault, ok := access.FindDNFault(t.Test.DN)
			if comment, found := t.Option.InlineComment(); found && isProse(comment.Text) {
				n := len(strings.TrimRight(t.Test.DN.Text[:comment.Span.Start-t.Test.DN.Span.Start], " \t"))
				cut := t.Test.DN.Sub(n, len(t.Test.DN.Text))
				fault, ok = access.DNFault{At: cut, Message: "a comment is part of the subject, want it on a line of its own: the rule never matches", Repair: true}, true
			}
			if !ok {
				continue
			}
			message := strings.ReplaceAll(fault.Message, lint.NeverMatches(false), lint.NeverMatches(t.Inverted))
			f := r.At(fault.At.Span, "%s", message).About(about)
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
