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
	Why: "In the file pool every line that is not empty is an account: there are no comments, and blanks and carriage returns are part of the name. " +
		"An account that is listed twice goes to two users. In the file config ARC reads the line timeout=days only, with no blank before the equals sign and nothing behind the number, " +
		"and says nothing of other lines, so that the 10 days of the default hold.",
	Source:   "src/hed/shc/legacy/simplemap.cpp read only; arc.conf.reference [mapping] map_to_pool",
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
				r.Path(use.Config.Path, "line %d: %s", problem.Span.Begin().Line, problem.Message).About(fmt.Sprint("line ", n)).Relate(use.named.Span, "named here")
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
			r.At(a.User.Span, "account %s stands in this pool twice, want it once: two users get it, and each may touch the jobs of the other", name).
				About(name).Relate(earlier.User.Span, "here before")
		}
		if !again {
			first[name] = a
		}
	}
	if strange > 0 {
		r.Path(use.File.Path, "line %d is no name of an account%s, want one name a line, without comments, blanks or carriage returns: ARC gives the line to a user of %s, who is refused", where, andMore(strange), use.group).
			As(lint.Error).Relate(use.named.Span, "named here")
	}
}

// andMore counts the lines after the first.
func andMore(n int) string {
	switch n {
	case 1:
		return ""
	case 2:
		return ", nor is another one"
	}
	return fmt.Sprintf(", nor are %d others", n-1)
}
