package authz

import (
	"slices"
	"strings"

	"arclint/internal/access"
	"arclint/internal/site"
	"arclint/lint"
)

var privilegedAccount = &lint.Rule{
	ID:    "authz/privileged-account",
	Title: "Users are mapped to an account with rights of its own",
	Why: "Jobs run as the account that [mapping] gives, with all that it may do. That comes from its groups, the files that it owns, and the service that runs under its name. " +
		"A member of docker, lxd, disk or shadow can become root. The account of the batch system commands every job of the cluster. The owner of controldir reads the proxies of all users. " +
		"An account of its own for each community, in no other group, costs nothing.",
	Source:   "arc-behaviour B8, S7; base-passwd(Debian) users-and-groups; Docker manual, post-installation; slurm.conf(5) SlurmUser; arc.conf.reference [arex] user",
	Impact:   lint.Intrusion,
	Risk:     lint.High,
	Severity: lint.Warning,
	Action:   "Map to an account for jobs only, in no group but its own.",
	Recipe:   lint.Manual,
	ByHand: `Make an account for the jobs of each community, in no group but its own, here
and on the worker nodes. Name it in [mapping].

    useradd --create-home dune
    id dune

    [mapping]
    map_to_user=dune dune:dune

If the account is to stay, take it out of the group:

    gpasswd --delete dune docker

If the account owns controldir, give controldir back to the user of A-REX:

    chown root:root /var/spool/arc/jobstatus

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		if s.Accounts == nil || !switchesUser(s) {
			return // account-missing says that accounts are not known
		}
		seen := map[string]bool{}
		for _, m := range mappedAccounts(s, access.Model(s)) {
			name := m.account.Text
			if uid, known := s.Accounts.Users[name]; !known || uid == 0 || seen[name] {
				continue // maps-to-root speaks of root
			}
			seen[name] = true
			checkPrivileges(s, r, m)
		}
	},
}

// rootGroups are the groups whose members can make themselves root without a
// password.
var rootGroups = []string{"docker", "lxd", "incus-admin", "disk", "shadow", "kmem"}

// adminGroups are those of people who look after the host. adm reads its logs.
var adminGroups = []string{"root", "sudo", "wheel", "adm", "systemd-journal", "libvirt"}

// services are accounts under which Debian and RHEL, or the batch systems'
// packages, run what others rely on. nobody is none: it owns nothing.
var services = []string{
	"daemon", "bin", "sys", "mail", "www-data", "apache", "nginx", "tomcat", "postgres", "mysql", "ldap", "openldap", "dirsrv", "sshd",
	"slurm", "munge", "condor", "torque", "pbsdata", "sgeadmin", "lsfadmin", "puppet", "backup",
}

func checkPrivileges(s *site.Site, r *lint.Reporter, m mapped) {
	name := m.account.Text
	in := func(groups []string) string {
		i := slices.IndexFunc(s.Accounts.InGroups[name], func(g string) bool { return slices.Contains(groups, g) })
		if i < 0 {
			return ""
		}
		return s.Accounts.InGroups[name][i]
	}
	switch group, admin := in(rootGroups), in(adminGroups); {
	case group != "":
		r.At(m.account.Span, "account %s is in the group %s", name, group).
			Means("Members of this group can become root, and so can jobs of members of %s.", m.group).
			As(lint.Error).About(name)
	case ownsControlDir(s, name):
		r.At(m.account.Span, "account %s owns controldir", name).
			Means("Jobs of members of %s can read the proxies of all users and change their jobs.", m.group).
			As(lint.Error).About(name)
	case slices.Contains(services, name):
		r.At(m.account.Span, "%s is the account of a service", name).
			Means("Jobs of members of %s can do what the service can.", m.group).About(name)
	case admin != "":
		r.At(m.account.Span, "account %s is in the group %s", name, admin).
			Means("Jobs of members of %s have the rights of the administrators of this host.", m.group).About(name)
	}
}

// ownsControlDir says whether A-REX keeps its state as the account.
func ownsControlDir(s *site.Site, name string) bool {
	dir, ok := s.NamedPath(s.ControlDir())
	return ok && dir.Err == nil && dir.UID == s.Accounts.Users[name]
}

// switchesUser says whether jobs run as the accounts of [mapping]: where [arex]
// user makes A-REX run as another user than root, all of them run as that one.
func switchesUser(s *site.Site) bool {
	user, _, _ := strings.Cut(s.Value("arex", "user").Text, ":")
	return user == "" || user == "root"
}
