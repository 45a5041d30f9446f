package authz

import (
	"fmt"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var accountMissing = &lint.Rule{
	ID:    "authz/account-missing",
	Title: "Users are mapped to an account that does not exist",
	Why: "ARC looks the account up after [mapping] has given it. If there is none, the user is refused, also with policy_on_nomap=continue and whatever rules follow. " +
		"ARC accepts names only, no numbers, and reads all between the group of the rule and a colon as the name. It never looks at the group after the colon. " +
		"In a file of map_with_file the second word is the name, with any colon or comma in it. In a pool, a line of the file pool is the name, up to a colon.",
	Source:   "arc-behaviour B8; src/hed/shc/legacy/unixmap.cpp (map_mapfile), simplemap.cpp read only",
	Impact:   lint.Outage,
	Facts:    []string{"B8"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   "edit-arc-conf",
	ByHand: `Make the account, here and on the worker nodes, or name one that exists. Write
its name and not its number.

    useradd --create-home dune
    id dune

    [mapping]
    map_to_user=dune dune:dune

In a list of map_with_file and in a pool, write the name alone:

    "/DC=org/DC=example/CN=Jane Doe" jane

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		unsure := map[string]bool{}
		for _, m := range mappedAccounts(s, access.Model(s)) {
			name := m.account.Text
			if strings.Contains(name, "$") {
				continue // ARC works it out: conf/evaluated-value
			}
			if !plain(name) {
				reportName(s, r, m)
				continue
			}
			switch known := exists(s, name); {
			case known == yes:
			case known == unknown && !unsure[name]:
				unsure[name] = true
				r.Skip("it is not known whether the account %s exists: %s", name, whyUnknown(s))
			case known == no:
				effect := ""
				if strings.Trim(name, "0123456789") == "" {
					effect = " ARC accepts names, not numbers."
				}
				r.At(m.account.Span, "account %s does not exist on this host", name).Means("Members of %s are refused.%s", m.group, effect).
					Do("Create the account, or name one that exists.").About(m.group + " " + name).Offer()
			}
		}
		for _, use := range poolUses(s) {
			reportPool(s, r, use)
		}
		reportGroups(s, r)
	},
}

// reportPool speaks once of the accounts of a pool, at the first that does not exist.
func reportPool(s *site.Site, r *lint.Reporter, use poolUse) {
	var missing []authgroup.Field
	unsure := 0
	for _, account := range use.accounts() {
		switch exists(s, account.Text) {
		case no:
			missing = append(missing, account)
		case unknown:
			unsure++
		}
	}
	if unsure > 0 {
		r.Skip("it is not known whether %d accounts of the pool %s exist: %s", unsure, use.Dir, whyUnknown(s))
	}
	if len(missing) == 0 {
		return
	}
	first := missing[0]
	what, which := "account "+first.Text+" of this pool does", "it"
	if n := len(missing) - 1; n > 0 {
		what, which = fmt.Sprintf("account %s of this pool and %d more of it do", first.Text, n), "one of them"
	}
	f := r.At(first.Span, "%s not exist on this host", what).Means("A member of %s who gets %s is refused.", use.group, which).
		Do("Create all accounts of the pool.").About(use.group + " " + use.Dir).Offer()
	for _, account := range missing[1:min(len(missing), maxRelated)] {
		f.Relate(account.Span, "%s does not exist either", account.Text)
	}
}

// maxRelated bounds the places that one finding names.
const maxRelated = 5

// answer is what the files say about an account.
type answer int

const (
	yes answer = iota
	no
	unknown
)

func exists(s *site.Site, name string) answer {
	if s.Accounts == nil {
		return unknown
	}
	if _, ok := s.Accounts.Users[name]; ok {
		return yes
	}
	if strings.Trim(name, "0123456789") == "" || s.Accounts.Complete() {
		return no
	}
	return unknown
}

func whyUnknown(s *site.Site) string {
	if s.Accounts == nil {
		return "/etc/passwd could not be read"
	}
	return "nsswitch.conf names other sources of accounts than /etc/passwd: " + strings.Join(s.Accounts.Services, " ")
}

// reportName speaks of a name that no account can have.
func reportName(s *site.Site, r *lint.Reporter, m mapped) {
	name := m.account.Text
	f := r.At(m.account.Span, "ARC reads %q as the name of the account", name).
		Means("There is no such account, so members of %s are refused.", m.group).
		Do("Write the name of the account alone.").About(m.group + " " + name)
	before, _, comment := strings.Cut(name, "#")
	if before = strings.TrimRight(before, " \t"); comment && !m.inFile && exists(s, before) == yes {
		f.Fix(m.account.Replace(before))
		return
	}
	f.Offer()
}

// reportGroups advises about groups that do not exist, which ARC does not mind.
func reportGroups(s *site.Site, r *lint.Reporter) {
	p := access.Model(s)
	if p.Mapping == nil || s.Accounts == nil || s.Accounts.Groups == nil || !s.Accounts.Complete() {
		return
	}
	for _, m := range p.Mapping.Rules {
		name, _, _ := strings.Cut(m.UnixGroup.Text, " ")
		if _, ok := s.Accounts.Groups[name]; ok || name == "" || strings.Contains(name, "$") {
			continue
		}
		r.At(m.UnixGroup.Span, "group %s does not exist on this host", name).
			Means("Jobs run with the group of the account; ARC ignores this word.").Do("Create the group, or remove the word.").
			As(lint.Note).About(m.Group.Text + " group " + name).Offer()
	}
}
