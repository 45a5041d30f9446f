package authz

import (
	"fmt"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var poolSyntax = &lint.Rule{
	ID:    "authz/pool-syntax",
	Title: "A line in a pool of accounts is not read as it looks",
	Why: "In the file pool every line that is not empty is an account. There are no comments, and blanks and carriage returns are part of the name. " +
		"An account that is listed twice goes to two users. In the file config ARC reads the line timeout=days only, with no blank before the equals sign and nothing after the number. " +
		"It ignores other lines without a message, so that the default of 10 days holds.",
	Source:   "src/hed/shc/legacy/simplemap.cpp read only; arc.conf.reference [mapping] map_to_pool",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `Write one name of an account a line into the file pool, without comments and
blanks, and each name once. Remove carriage returns:

    sed -i 's/\r$//' /etc/grid-security/pool/dune/pool

Write the days of a lease into the file config, as one line:

    timeout=10

If two users have one account already, let their jobs end, and remove the file
of one of the two subjects.

Check the pool:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, use := range poolUses(s) {
			checkPoolLines(r, use)
			for n, problem := range use.Config.Problems {
				r.Path(use.Config.Path, "line %d: %s", problem.Span.Begin().Line, problem.Headline).
					Means("%s", problem.Effect).Do("%s", problem.Action).About(fmt.Sprint("line ", n)).Relate(use.named.Span, "named here")
			}
			if use.Config.Err != nil {
				r.Skip("%s cannot be read, so it is not known when accounts of the pool become free", use.Config.Path)
			}
		}
	},
}

// checkPoolLines shows nothing of a line that is no name of an account: it may
// be of any file.
func checkPoolLines(r *lint.Reporter, use poolUse) {
	first := map[string]gridsec.PoolAccount{}
	strange, where := 0, 0
	for _, a := range use.Accounts {
		name := a.User.Text
		earlier, again := first[name]
		switch {
		case !plain(name) || strings.ContainsAny(name, "\r*") || name == "":
			if strange++; strange == 1 {
				where = a.Line.Span.Begin().Line
			}
		case again && accountName().MatchString(name):
			r.At(a.User.Span, "account %s is in this pool twice", name).
				Means("Two users get it, and each can touch the jobs of the other.").Impacts(lint.Intrusion, lint.Low).Do("Write it once.").
				About(name).Relate(earlier.User.Span, "here before")
		}
		if !again {
			first[name] = a
		}
	}
	if strange > 0 {
		r.Path(use.File.Path, "%s", namesNone(where, strange)).
			Means("ARC gives such a line to a user of %s, who is refused.", use.group).
			Do("Write one name a line, without comments, blanks or carriage returns.").
			As(lint.Error).Relate(use.named.Span, "named here")
	}
}

// namesNone says which line is the first that names no account, and of how many.
func namesNone(line, n int) string {
	if n == 1 {
		return fmt.Sprintf("line %d is not the name of an account", line)
	}
	return fmt.Sprintf("line %d and %d more are not names of accounts", line, n-1)
}
