package trust

import (
	"arclint/internal/authgroup"
	"arclint/internal/evidence"
	"arclint/internal/site"
	"arclint/internal/source"
	"slices"
)

// namedIssuer is an issuer and the places that name it.
type namedIssuer struct {
	issuer string
	at     []source.Span
	pinned *evidence.Pinned // nil: it is not
}

// namedIssuers gives the issuers of the rules authtokens and authtokensgen, of
// subjects of token users, and of controldir/tokenissuers, in this order and that
// in which they are first named.
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
	for _, n := range s.Access.Issuers() {
		if n.Asked {
			add(n.Text, inside(n.Field))
		}
	}
	listedIssuers(s, func(issuer string, at source.Span) { add(issuer, at) })
	for _, p := range s.Pinned {
		if p.Err != nil {
			continue
		}
		if p.Odd != "" {
			if i := slices.IndexFunc(list, func(n *namedIssuer) bool { return p.Is(n.issuer) }); i >= 0 {
				list[i].pinned = p
			}
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

// inside is the place of a field without its quotes.
func inside(f authgroup.Field) source.Span {
	at := f.Span
	if f.Quoted {
		at.Start, at.End = at.Start+1, at.End-1
	}
	return at
}
