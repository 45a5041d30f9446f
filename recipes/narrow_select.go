package recipes

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

// lineKey is the argument that chooses one line, as reports write it: PATH:LINE.
const lineKey = "line"

// lineOf is a line of arc.conf or of arc.conf.d.
type lineOf struct {
	file   *source.File
	number int
}

func atLine(at source.Span) lineOf { return lineOf{at.File, at.Begin().Line} }

func lineText(at source.Span) string { return fmt.Sprintf("%s:%d", at.Path(), at.Begin().Line) }

// tokenRuleIndex has the rules of a site by their lines. Sites have thousands, and
// each finding is asked about by itself.
type tokenRuleIndex struct {
	all   []*authgroup.Rule
	at    map[lineOf]*authgroup.Rule
	named map[string]bool // issuers whose tokens some rule takes in
}

type tokenRulesKey struct{}

func tokenRules(s *site.Site) *tokenRuleIndex {
	return site.Once(s, tokenRulesKey{}, func() *tokenRuleIndex {
		x := &tokenRuleIndex{at: map[lineOf]*authgroup.Rule{}, named: map[string]bool{}}
		for _, g := range s.Access.Groups {
			for _, r := range g.Rules {
				if line := atLine(r.Option.Line); x.at[line] == nil { // a line of arc.conf.d may count twice
					x.at[line] = r
					x.all = append(x.all, r)
				}
			}
		}
		for _, i := range s.Access.Issuers() {
			x.named[i.Text] = x.named[i.Text] || i.Asked
		}
		return x
	})
}

// of are the rules of the findings; all, where no finding is given and no line.
func (x *tokenRuleIndex) of(found []lint.Finding, line string) []*authgroup.Rule {
	if len(found) == 0 && line == "" {
		return x.all
	}
	var rules []*authgroup.Rule
	seen := map[*authgroup.Rule]bool{}
	for _, f := range found {
		r := x.at[atLine(f.Span)]
		if r == nil || seen[r] || line != "" && lineText(f.Span) != line {
			continue
		}
		seen[r] = true
		rules = append(rules, r)
	}
	return rules
}

// askedFor are the issuers whose tokens a rule takes in, "*" for all.
func askedFor(r *authgroup.Rule) []string {
	var issuers []string
	for _, i := range r.Issuers() {
		if i.Asked && !slices.Contains(issuers, i.Text) {
			issuers = append(issuers, i.Text)
		}
	}
	return issuers
}

// shownIssuers names them for people.
func shownIssuers(issuers []string) []string {
	shown := slices.Clone(issuers)
	if i := slices.Index(shown, "*"); i >= 0 {
		shown[i] = "any issuer"
	}
	return shown
}

// soleIssuer is the issuer of a rule that takes in tokens of one, else "".
func soleIssuer(r *authgroup.Rule) string {
	if issuers := askedFor(r); len(issuers) == 1 && issuers[0] != "*" {
		return issuers[0]
	}
	return ""
}

// selectTokenRules chooses for each finding what its command is for: the rules of
// its issuer, where one answer does for all of them, which can only be an audience;
// otherwise its own line. A subject, a scope or a group that is right in one rule is
// not in another.
func selectTokenRules(s *site.Site, found []lint.Finding) func(lint.Finding) Selection {
	x := tokenRules(s)
	rules, wants := map[string]int{}, map[string]map[string]bool{}
	of := x.of(found, "")
	for _, r := range of {
		issuer := soleIssuer(r)
		if wants[issuer] == nil {
			wants[issuer] = map[string]bool{}
		}
		rules[issuer]++
		wants[issuer][wantedText(r)] = true
	}
	return func(f lint.Finding) Selection {
		r := x.at[atLine(f.Span)]
		if r == nil {
			return Selection{}
		}
		sel := Selection{Issuer: soleIssuer(r)}
		audiences := len(wants[sel.Issuer]) == 1 && wants[sel.Issuer]["audience"] && sel.Issuer != ""
		if sel.Issuer == "" && len(of) > 1 || rules[sel.Issuer] > 1 && !audiences {
			sel.Line = lineText(f.Span)
		}
		return sel
	}
}

func wantedText(r *authgroup.Rule) string {
	open, _ := r.Open()
	return strings.Join((&narrower{}).wanted(r, open), " ")
}

// canNarrow says whether there is something to write: an expression of which one
// part asks for an issuer, and another for none, is for a person.
func canNarrow(s *site.Site, f lint.Finding) bool {
	r := tokenRules(s).at[atLine(f.Span)]
	if r == nil {
		return false
	}
	open, ok := r.Open()
	return ok && !(open.Issuer && asksInPart(r, "iss"))
}
