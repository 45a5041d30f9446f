package recipes

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
)

// noTokens turns away every valid token at the head of an authgroup (arc-behaviour
// A2, A8).
const noTokens = "-authtokens=* * * * *"

// turnsTokensAway says whether the group begins with noTokens.
func turnsTokensAway(g *authgroup.Group) bool {
	if len(g.Rules) == 0 {
		return false
	}
	first := g.Rules[0]
	t, tokens := first.Test.(*authgroup.Tokens)
	return tokens && first.Negative && !first.Inverted && t.Missing == "" &&
		!slices.ContainsFunc(t.Fields(), func(f authgroup.Field) bool { return !f.Any() })
}

// ending is what a block offers that the target does not.
type ending struct {
	kind, what string
	who        func(*upgrader, *arcconf.Block) string // who may use it; nil: anyone
}

// endings are the interfaces and services of ARC 6 that ARC 7 does not have
// (arc-checks, Upgrade diff).
var endings = []ending{
	{"gridftpd/jobs", "jobs by gridftp", (*upgrader).listed},
	{"gridftpd/filedir", "files by gridftp", (*upgrader).listed},
	{"arex/ws/argus", "decisions by Argus", (*upgrader).everyRequest},
	{"lrms/ssh", "the batch system over ssh", (*upgrader).everyJob},
	{"userlist", "a list of users that nordugridmap makes", (*upgrader).listUsers},
	{"infosys/glue1", "information in GLUE 1", nil},
	{"infosys/glue1/site-bdii", "the site BDII of this host", nil},
	{"acix-scanner", "the list of this cache for an index", nil},
	{"acix-index", "the index of caches", nil},
	{"arex/jura/archiving", "the archive of usage records of ARC 5", nil},
}

// ends lists the interfaces that end, with whom arc.conf lets use them today.
func (u *upgrader) ends() (lines []string) {
	add := func(b *arcconf.Block, e ending) {
		who := "anyone"
		if e.who != nil {
			who = e.who(u, b)
		}
		lines = append(lines, fmt.Sprintf("Ends with ARC 6: %s ([%s]). Who may use it today: %s.", e.what, b.Name, who))
	}
	if b := u.site.Conf.Block(jobsBlock); b != nil && u.gains(restOnly) {
		add(b, ending{what: "jobs by EMI-ES at the address of REST", who: (*upgrader).listed})
	}
	for _, e := range endings {
		for _, b := range u.site.Conf.Kind(e.kind) {
			if u.leaves(e.kind) {
				add(b, e)
			}
		}
	}
	return lines
}

// listed are the authgroups that the access list of a block admits. Without an
// allowaccess, and where the release does not apply the list, they are those that
// [mapping] names.
func (u *upgrader) listed(b *arcconf.Block) string {
	var names []string
	admits := u.admitsSome(b.Name) && (b.Name != jobsBlock || !u.gains(listEnforced)) // arc-behaviour S5
	for _, e := range u.entries(b.Name) {
		if admits && e.Allow && !slices.Contains(names, e.Group.Text) {
			names = append(names, e.Group.Text)
		}
	}
	list := b.Name
	if list == jobsBlock {
		list = "" // whom it turns away comes in too
	}
	for _, line := range u.mapped(list) {
		if !admits {
			names = append(names, strings.TrimPrefix(line, "allowaccess="))
		}
	}
	switch {
	case len(names) == 0:
		return "nobody whom arc.conf names"
	case !admits:
		return "whoever has a mapping: authgroup " + listed(names)
	}
	return "authgroup " + listed(names)
}

func (u *upgrader) everyRequest(*arcconf.Block) string { return "every request by the web interface" }

func (u *upgrader) everyJob(*arcconf.Block) string { return "every job" }

// listUsers are the authgroups that name the list of users.
func (u *upgrader) listUsers(b *arcconf.Block) string {
	var names []string
	for _, r := range authgroup.Rules[*authgroup.UserLists](u.site.Access) {
		asks := slices.ContainsFunc(r.Test.Names, func(f authgroup.Field) bool { return f.Text == b.ID })
		if asks && !slices.Contains(names, r.Group.Name) {
			names = append(names, r.Group.Name)
		}
	}
	if len(names) == 0 {
		return "no authgroup"
	}
	return "authgroup " + listed(names)
}
