package trust

import (
	"maps"
	"slices"
	"strings"

	"arclint/internal/authgroup"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/internal/source"
)

// IssuerOf takes the subject of a token user without a certificate apart, which
// ARC makes of iss, a slash and sub (arc-behaviour A10). Both may have slashes:
// the issuer is the longest one that the site names elsewhere or the registry
// knows, else what stands before the last slash. ok is false for other subjects.
func IssuerOf(s *site.Site, subject string) (issuer, sub string, ok bool) {
	cut := strings.LastIndexByte(subject, '/')
	if !authgroup.HasScheme(subject, "https") || cut < len("https://") {
		return "", "", false
	}
	if n := site.Once(s, knownKey{}, func() known { return knownIssuers(s) }).longest(subject); n > 0 {
		cut = n
	}
	return subject[:cut], subject[cut+1:], true
}

type knownKey struct{}

// known are issuers, and their lengths, the longest first.
type known struct {
	issuers map[string]bool
	lengths []int
}

func knownIssuers(s *site.Site) known {
	k := known{issuers: map[string]bool{}}
	for _, n := range s.Access.Issuers() {
		k.issuers[n.Text] = true
	}
	for _, p := range s.Pinned {
		if p.Odd == "" {
			k.issuers[p.Issuer] = p.Err == nil
		}
	}
	for _, i := range issuers.Known().All() {
		k.issuers[i.URL] = true
	}
	lengths := map[int]bool{}
	for issuer := range k.issuers {
		lengths[len(issuer)] = true
	}
	k.lengths = slices.Sorted(maps.Keys(lengths))
	slices.Reverse(k.lengths)
	return k
}

// longest is the length of the longest issuer with which the text begins, and
// behind which a slash stands; 0 where there is none.
func (k known) longest(text string) int {
	for _, n := range k.lengths {
		if n < len(text) && text[n] == '/' && k.issuers[text[:n]] {
			return n
		}
	}
	return 0
}

// listedIssuers calls add for the issuers of the token users whom rules take in
// by their subjects, or by lists of subjects: once for each list.
func listedIssuers(s *site.Site, add func(issuer string, at source.Span)) {
	for _, g := range s.Access.Groups {
		for _, r := range g.Rules {
			if r.Negative != r.Inverted {
				continue // it is about all others
			}
			switch t := r.Test.(type) {
			case *authgroup.Subject:
				if issuer, _, ok := IssuerOf(s, t.DN.Text); ok {
					add(issuer, inside(t.DN))
				}
			case *authgroup.File:
				ofList(s, t.Path.Text, add)
			case *authgroup.UserLists:
				if !s.Release.UserLists {
					continue
				}
				for _, path := range t.Files(s.Conf) {
					ofList(s, path, add)
				}
			}
		}
	}
}

func ofList(s *site.Site, path string, add func(issuer string, at source.Span)) {
	seen := map[string]bool{}
	for _, m := range s.Maps {
		if m.Path != path || m.Err != nil {
			continue
		}
		for _, e := range m.Entries {
			if issuer, _, ok := IssuerOf(s, e.Subject.Text); ok && !seen[issuer] {
				seen[issuer] = true
				add(issuer, e.Subject.Span)
			}
		}
	}
}
