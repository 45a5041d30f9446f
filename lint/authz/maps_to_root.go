package authz

import (
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var mapsToRoot = &lint.Rule{
	ID:    "authz/maps-to-root",
	Title: "Users are mapped to root",
	Why: "arc.conf.reference says that a request that is mapped to root fails. It does not: every release accepts it, and the job runs with user id 0. " +
		"Only the account of last resort may not be root.",
	Source:   "arc-behaviour S7",
	Impact:   lint.Intrusion,
	Risk:     lint.High,
	Facts:    []string{"S7"},
	Severity: lint.Error,
	Action:   "Name an account without rights on this host.",
	Recipe:   lint.Manual,
	ByHand: `Make an account without rights for the jobs of the group, here and on the
worker nodes. Name it in [mapping] in place of the account with user id 0.

    useradd --create-home dune
    id dune

    [mapping]
    map_to_user=dune dune:dune

Replace the name in lists of map_with_file and in pools as well, and in a pool
in the files of the subjects. Look at what jobs of the group have left on this
host: they ran as root.

    find /var/spool/arc/sessiondir -user root

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, m := range mappedAccounts(s, access.Model(s)) {
			reportRoot(s, r, m)
		}
		for _, use := range poolUses(s) {
			for _, account := range use.accounts() {
				reportRoot(s, r, mapped{account: account, group: use.group})
			}
			for _, lease := range use.Leases {
				account := lease.Account.User
				reportRoot(s, r, mapped{account: authgroup.Field{Text: account.Text, Span: account.Span}, group: use.group})
			}
		}
	},
}

func reportRoot(s *site.Site, r *lint.Reporter, m mapped) {
	name := m.account.Text
	uid, known := 0, name == "root"
	if s.Accounts != nil && !known {
		uid, known = s.Accounts.Users[name]
	}
	if known && uid == 0 {
		r.At(m.account.Span, "account %s has user id 0", name).Means("Jobs of members of %s run as root.", m.group).About(m.group + " " + name)
	}
}
