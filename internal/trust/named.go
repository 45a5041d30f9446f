package trust

import (
	"regexp"
	"strings"

	"arclint/internal/evidence"
	"arclint/internal/site"
	"arclint/internal/source"
)

// namedIssuer is an issuer and the places that name it.
type namedIssuer struct {
	issuer string
	at     []source.Span
	pinned *evidence.Pinned // nil: it is not
}

// namedIssuers gives the issuers of the rules authtokens and authtokensgen and
// of controldir/tokenissuers, in the order in which they are first named.
func namedIssuers(s *site.Site) []*namedIssuer {
	var list []*namedIssuer
	byName := map[string]*namedIssuer{}
	add := func(issuer string, at source.Span) *namedIssuer {
		n := byName[issuer]
		if n == nil {
			n = &namedIssuer{issuer: issuer}
			byName[issuer], list = n, append(list, n)
		}
		if !at.IsZero() {
			n.at = append(n.at, at)
		}
		return n
	}
	if s.Conf != nil {
		for _, group := range s.Conf.Kind("authgroup") {
			for _, o := range group.Options {
				var from, to int
				switch strings.TrimLeft(o.Name.Text, "+-! ") {
				case "authtokens":
					from, to = secondField(o.Value.Text)
				case "authtokensgen":
					from, to = genIssuer(o.Value.Text)
				}
				if to > from {
					word := o.Value.Sub(from, to)
					add(word.Text, word.Span)
				}
			}
		}
	}
	for _, p := range s.Pinned {
		if p.Err != nil {
			continue
		}
		at := source.Span{}
		if p.Source != nil {
			at = source.Span{File: p.Source, End: len(p.Source.Data)}
		}
		add(p.Issuer, at).pinned = p
	}
	return list
}

// secondField finds the issuer among the fields of authtokens: only spaces
// separate them, and double quotes around one are not part of it
// (arc-behaviour A1).
func secondField(value string) (from, to int) {
	for field, at := 1, 0; at < len(value); field++ {
		for at < len(value) && value[at] == ' ' {
			at++
		}
		end, next := strings.IndexByte(value[at:], ' '), 0
		if at < len(value) && value[at] == '"' {
			at++
			end, next = strings.IndexByte(value[at:], '"'), 1
		}
		if end < 0 {
			end, next = len(value)-at, 0
		}
		if field == 2 {
			return at, at + end
		}
		at += end + next
	}
	return 0, 0
}

// genComparison is a comparison of the issuer in authtokensgen for equality. One
// by a pattern names no issuer (arc-behaviour A11).
var genComparison = regexp.MustCompile(`\biss\s*=\s*"([^"]*)"`)

func genIssuer(value string) (from, to int) {
	at := genComparison.FindStringSubmatchIndex(value)
	if at == nil {
		return 0, 0
	}
	return at[2], at[3]
}
