package conf

import (
	"errors"
	re "regexp/syntax"
	"slices"
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var badRegex = &lint.Rule{
	ID:    "conf/bad-regex",
	Title: "A regular expression cannot be read",
	Why: "cacheaccess has two regular expressions, POSIX extended ones: one for the URL and one for the attribute of the client. Besides it, only authtokensgen has some. " +
		"A-REX gives up on its whole configuration where one of them is wrong or a part is missing. " +
		"preferredpattern of [arex/data-staging] is not a regular expression, although it looks like one.",
	Source:   "S617 and S7 src/services/a-rex/grid-manager/conf/CacheConfig.cpp, src/hed/libs/common/ArcRegex.cpp; arc.conf.reference [arex/ws/cache] cacheaccess",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Effect:   doesNotStart,
	Action:   "Correct the regular expression.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write three parts: a pattern of URLs, dn or voms:vo or voms:role or voms:group,
and a pattern of its values. Close each bracket, and put a backslash before a
dot that is only a dot.

    [arex/ws/cache]
    cacheaccess=https://data\.example\.org/.* voms:vo dune

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, o := range unique(s.Conf.Block("arex/ws/cache").All("cacheaccess")) {
			value := o.Value.Text
			if value == "" || strings.Contains(value, "$") {
				continue
			}
			about := "cacheaccess " + value
			url, rest := nextWord(value)
			attribute, pattern := nextWord(rest)
			switch {
			case attribute == "" || strings.TrimSpace(pattern) == "":
				r.At(o.Value.Span, "cacheaccess needs three parts, and has %d", len(strings.Fields(value))).
					Do("Write a pattern of URLs, an attribute and a pattern of its values.").
					About(about).Stopping(true)
				continue
			case !slices.Contains(cacheAttributes, attribute):
				r.At(o.Value.Span, "cacheaccess asks for %s, which is not an attribute of a client", attribute).As(lint.Warning).
					Means("The line gives nobody access to files of the cache.").Do("Write dn, voms:vo, voms:role or voms:group.").About(about + " attribute")
			}
			for _, p := range []string{url, pattern} {
				if why := unbalanced(p); why != "" {
					r.At(o.Value.Span, "%s is not a regular expression: %s", p, why).
						About(about + " " + p).Stopping(true)
				}
			}
		}
	},
}

var cacheAttributes = []string{"dn", "voms:vo", "voms:role", "voms:group"}

// unbalanced says what is wrong with a POSIX extended regular expression, as
// far as Go and the C library agree; "" where nothing is.
func unbalanced(pattern string) string {
	_, err := re.Parse(pattern, re.POSIX)
	var bad *re.Error
	if !errors.As(err, &bad) {
		return ""
	}
	switch bad.Code {
	case re.ErrMissingBracket, re.ErrMissingParen, re.ErrTrailingBackslash, re.ErrInvalidCharRange, re.ErrMissingRepeatArgument:
		return bad.Code.String()
	}
	return ""
}
