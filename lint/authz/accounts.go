package authz

import (
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
)

// mapped is an account that arc.conf, or a file that it names, gives to users.
type mapped struct {
	account authgroup.Field // what ARC looks up
	group   string
	inFile  bool
}

// mappedAccounts are the accounts of map_to_user and of the files of
// map_with_file. What a plugin gives is not to be seen
// here; of pools speaks poolUses.
func mappedAccounts(s *site.Site, p *access.Policy) []mapped {
	var found []mapped
	if p.Mapping == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, m := range p.Mapping.Rules {
		switch m.Kind {
		case authgroup.MapToUser:
			if m.Account.Text != "" {
				found = append(found, mapped{account: m.Account, group: m.Group.Text})
			}
		case authgroup.MapWithFile:
			if seen[m.Target.Text] {
				continue
			}
			seen[m.Target.Text] = true
			for _, entry := range entriesOf(s, m.Target.Text) {
				if entry.Account.Text != "" {
					account := authgroup.Field{Text: entry.Account.Text, Span: entry.Account.Span}
					found = append(found, mapped{account: account, group: m.Group.Text, inFile: true})
				}
			}
		}
	}
	return found
}

// plain says whether the text can be the name of an account.
func plain(account string) bool {
	return !strings.ContainsAny(account, " \t:,#\"'$")
}
