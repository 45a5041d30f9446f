package authz

import (
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var mapfileSyntax = &lint.Rule{
	ID:    "authz/mapfile-syntax",
	Title: "A line in a file of subjects is not read as it looks",
	Why: "ARC reads the subject up to the first space, or between double quotes, and in a file of map_with_file the account behind it. " +
		"Subjects are compared exactly, in OpenSSL's one-line form; there are no lists of accounts and no patterns. The first line of a subject counts.",
	Source:   "arc-behaviour F3, A10; src/hed/shc/legacy/auth_file.cpp, unixmap.cpp (map_mapfile)",
	Impact:   lint.Outage,
	Facts:    []string{"F3", "A10"},
	Severity: lint.Warning,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write one subject a line, in double quotes, as ARC sees it. For map_with_file,
write one account behind it. Write each subject once.

    "/DC=org/DC=example/CN=Jane Doe" jane

Let arclint print the subject of a certificate as ARC sees it:

    arclint whoami --cert user-chain.pem

Check the list:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		seen := map[string]bool{}
		for _, use := range mapUses(s) {
			if use.Err != nil || seen[use.Path] {
				continue
			}
			seen[use.Path] = true
			if n := strangeLine(use.MapFile); n > 0 {
				r.Path(use.Path, "line %d is not a subject", n).Means("ARC matches nobody by such a line.").
					Do("Write a list of subjects, one a line, each beginning with a slash.")
				continue
			}
			for _, problem := range use.Problems {
				r.At(problem.Span, "%s", problem.Headline).Means("%s", problem.Effect).Do("%s", problem.Action).About(problem.Span.Text())
			}
			checkEntries(r, use, spoken(use.MapFile))
		}
	},
}

func checkEntries(r *lint.Reporter, use mapUse, spoken map[int]bool) {
	first := map[string]gridsec.MapEntry{}
	for _, e := range use.Entries {
		subject := e.Subject.Text
		if spoken[e.Subject.Span.Begin().Line] {
			continue
		}
		if earlier, again := first[subject]; again && use.accounts && earlier.Account.Text != e.Account.Text {
			r.At(e.Subject.Span, "the subject is in this file twice, with two accounts").
				Means("The first line counts.").Do("Write it once.").
				About(subject).Relate(earlier.Subject.Span, "this line counts")
			continue
		}
		first[subject] = e
		if use.accounts && e.Account.Text == "" {
			r.At(e.Subject.Span, "the line has no account").
				Means("The user gets none and is refused.").Do("Write an account after the subject.").As(lint.Error).About(subject)
		}
		if fault, ok := access.FindDNFault(authgroup.Field{Text: subject, Span: e.Subject.Span}); ok {
			reportDN(r, fault, "The line never matches.").About(subject)
		}
	}
}

// spoken are the lines of which a problem of the file speaks.
func spoken(m *gridsec.MapFile) map[int]bool {
	lines := map[int]bool{}
	for _, p := range m.Problems {
		lines[p.Span.Begin().Line] = true
	}
	return lines
}
