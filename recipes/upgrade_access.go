package recipes

import (
	"fmt"
	"slices"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
)

const jobsBlock = "arex/ws/jobs"

// access gives [arex/ws/jobs] the list that ARC 7 applies and ARC 6 does not
// (arc-behaviour S5, B1): the one that it has; else that of [gridftpd/jobs];
// else every authgroup that has a mapping, as these get in today.
func (u *upgrader) access() {
	conf := u.site.Conf
	jobs, gridftp := conf.Block(jobsBlock), conf.Block("gridftpd/jobs")
	if !u.gains(listEnforced) || jobs == nil && gridftp == nil {
		return
	}
	own, others := u.accessLines(jobs), u.accessLines(gridftp)
	switch {
	case u.admitsSome(jobsBlock):
		u.list = texts(own)
		u.leftOut()
	case len(own) > 0:
		u.list = append(texts(own), u.mapped(jobsBlock)...)
	case u.admitsSome("gridftpd/jobs"):
		u.list = texts(others)
	case len(others) > 0:
		u.list = append(texts(others), u.mapped("gridftpd/jobs")...)
	default:
		u.list = u.mapped(jobsBlock)
	}
	switch {
	case len(u.list) == 0:
		u.byHand("write allowaccess lines in [%s]: no authgroup has a mapping, and without them nobody gets in", jobsBlock)
	case jobs == nil:
		u.offerREST(gridftp, others)
	case len(own) > 0:
		if added := u.list[len(own):]; len(added) > 0 {
			u.noteMapped()
			u.below(own[len(own)-1].Line, added...)
		}
	case len(others) > 0:
		u.note("[%s] had no access list and gets that of [gridftpd/jobs]. On ARC 6 whoever has a mapping comes in by REST; on ARC 7 only whom the list admits (arc-behaviour S5, B1).", jobsBlock)
		u.below(jobs.Sections[0].Line, u.defined(u.list)...)
	default:
		u.noteMapped()
		u.below(jobs.Sections[0].Line, u.list...)
	}
}

func (u *upgrader) noteMapped() {
	u.note("[%s] gets every authgroup that [mapping] names: these get in today, and without a list ARC 7 lets nobody in (arc-behaviour S5, B1). Take out whom you do not mean.", jobsBlock)
}

// offerREST opens the interface of ARC 7 to those who come by gridftp today:
// the block keeps its lines under the new header.
func (u *upgrader) offerREST(gridftp *arcconf.Block, list []*arcconf.Option) {
	if u.ask("rest", "jobs come by gridftp alone, and ARC 7 has REST alone, which opens an HTTPS port to those who may submit", "yes") == "" {
		return
	}
	sec := gridftp.Sections[0]
	header := "[" + jobsBlock + "]"
	if u.site.Conf.Block("arex/ws") == nil {
		end := lineEndOf(sec.Line)
		header = "[arex/ws]" + end + end + header
	}
	u.gone[sec] = true
	u.replace(sec.Line, header)
	if added := u.list[len(list):]; len(added) > 0 {
		u.noteMapped()
		if len(list) > 0 {
			u.below(list[len(list)-1].Line, added...)
		} else {
			u.below(sec.Line, added...)
		}
	}
	u.note("Without wsurl ARC listens on port 443 with the path /arex (arc-behaviour C12).")
}

// admitsSome says whether the list lets anybody in: without an allowaccess ARC 7
// lets nobody in, and on ARC 6 whom no denyaccess names comes in (arc-behaviour
// B1, S5).
func (u *upgrader) admitsSome(block string) bool {
	l := u.site.Access.List(block)
	return l != nil && l.Allows()
}

// leftOut names whom the list of gridftp admits and that of REST does not name.
func (u *upgrader) leftOut() {
	named := map[string]bool{}
	for _, e := range u.entries(jobsBlock) {
		named[e.Group.Text] = true
	}
	for _, e := range u.entries("gridftpd/jobs") {
		if group := e.Group.Text; e.Allow && !named[group] {
			named[group] = true
			u.byHand("decide about authgroup %s: it comes in by gridftp today, and [%s] does not name it; to keep it, write allowaccess=%s there", group, jobsBlock, group)
		}
	}
}

// mapped are allowaccess lines for the authgroups that [mapping] names and
// arc.conf defines, in its order, without those that the list of the block denies.
func (u *upgrader) mapped(block string) []string {
	named := map[string]bool{}
	for _, e := range u.entries(block) {
		named[e.Group.Text] = true
	}
	if u.site.Access.Mapping == nil {
		return nil
	}
	var lines []string
	for _, m := range u.site.Access.Mapping.Rules {
		if group := m.Group.Text; m.Kind != authgroup.MapPolicy && !named[group] && u.site.Access.Group(group) != nil {
			named[group] = true
			lines = append(lines, "allowaccess="+group)
		}
	}
	return lines
}

// entries are those of the access list of a block.
func (u *upgrader) entries(block string) []authgroup.Entry {
	if l := u.site.Access.List(block); l != nil {
		return l.Entries
	}
	return nil
}

// accessLines are the lines of the block's access list.
func (u *upgrader) accessLines(b *arcconf.Block) []*arcconf.Option {
	if b == nil {
		return nil
	}
	var found []*arcconf.Option
	for _, e := range u.entries(b.Name) {
		if !slices.Contains(found, e.Option) {
			found = append(found, e.Option)
		}
	}
	return found
}

// defined are lines of an access list without the names of authgroups that no
// block defines: they mean nobody, and are not written once more. A line that
// names nobody else is left out.
func (u *upgrader) defined(lines []string) []string {
	without := map[string]string{} // of a line with such names, the line without them
	for _, l := range u.site.Access.Lists {
		for _, e := range l.Entries {
			text := e.Option.Line.Text()
			if _, done := without[text]; !done && !u.site.Access.Defined(e.Group.Text) {
				without[text] = u.onlyDefined(l, e.Option)
			}
		}
	}
	var kept []string
	for _, line := range lines {
		if short, found := without[line]; found {
			line = short
		}
		if line != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

// onlyDefined is the line of an access list with those of its names that a block
// defines, "" where there is none.
func (u *upgrader) onlyDefined(l *authgroup.List, o *arcconf.Option) string {
	line := o.Name.Text + "="
	for _, e := range l.Entries {
		if e.Option == o && u.site.Access.Defined(e.Group.Text) {
			if line[len(line)-1] != '=' {
				line += " "
			}
			line += e.Group.Text
		}
	}
	if line == o.Name.Text+"=" {
		return ""
	}
	return line
}

func texts(options []*arcconf.Option) []string {
	var lines []string
	for _, o := range options {
		lines = append(lines, o.Line.Text())
	}
	return lines
}

// tokens asks about token rules that no token has met so far: ARC 6 looks at
// tokens only where arc.conf has the block [authtokens] (arc-behaviour B9, S6).
func (u *upgrader) tokens() {
	if !u.gains(tokensAlways) || u.site.Conf.Block("authtokens") != nil {
		return
	}
	awake := u.awakened()
	if len(awake) == 0 {
		return
	}
	var names []string
	for _, g := range awake {
		names = append(names, g.block.ID)
	}
	question := fmt.Sprintf("without [authtokens] no token counts today; on ARC 7 tokens count and would make members of authgroup %s", listed(names))
	switch u.ask("tokens", question, "yes", "no") {
	case "yes":
		u.note("Tokens count from now on and make members of authgroup %s (arc-behaviour B9).", listed(names))
	case "no":
		for _, g := range awake {
			u.keepOut(g)
		}
	}
}

// awakeGroup is an authgroup in which holders of tokens become members on ARC 7.
type awakeGroup struct {
	block *arcconf.Block
	rules []*arcconf.Option // of tokens
	any   bool              // a rule takes in everybody, or whom another rule does not match
}

func (u *upgrader) awakened() []awakeGroup {
	var found []awakeGroup
	for _, group := range u.site.Access.Groups {
		g := awakeGroup{block: group.Block}
		if turnsTokensAway(group) {
			continue
		}
		for _, r := range group.Rules {
			_, tokens := r.Test.(*authgroup.Tokens)
			switch {
			case !r.Positive():
			case r.Inverted, r.Everybody():
				g.any = true
			case tokens:
				g.rules = append(g.rules, r.Option)
			}
		}
		if g.any || len(g.rules) > 0 {
			found = append(found, g)
		}
	}
	return found
}

// keepOut closes a group to tokens as it is closed today: its token rules go,
// and where another rule takes everybody in, a rule at the top turns every
// valid token away (arc-behaviour A2, A8).
func (u *upgrader) keepOut(g awakeGroup) {
	for _, o := range g.rules {
		u.remove(o.Line.Lines())
	}
	if group := u.site.Access.Group(g.block.ID); group != nil && len(group.Rules) == len(g.rules) {
		u.byHand("take authgroup %s out of [mapping] and of the access lists, or give it a rule: it had rules on tokens alone and has no members now", g.block.ID)
	}
	if g.any {
		u.below(g.block.Sections[0].Line, noTokens)
	}
}

// argus: nothing of ARC 7 asks Argus, and what it refuses today would be let in.
func (u *upgrader) argus() {
	if !u.leaves("arex/ws/argus") || u.site.Conf.Block("arex/ws/argus") == nil {
		return
	}
	if u.ask("argus", "Argus decides about every request by the web interface today, and ARC 7 does not ask it: express its policy in authgroups, or in a plugin= rule, before it goes", "drop") != "" {
		u.note("Argus is not asked any more: from now on the authgroups and [mapping] alone decide. Whom Argus alone refused gets in.")
	}
}

// publicInfo keeps information on the CE as public as it is: ARC 7 gives it to
// anyone unless [infosys/accesscontrol] says to whom. A site with [infosys/ldap]
// publishes it to everybody already.
func (u *upgrader) publicInfo() {
	conf := u.site.Conf
	public := conf.Block("arex/ws/publicinfo")
	if !u.gains(infoPublic) || conf.Block("arex/ws") == nil || conf.Block("infosys/accesscontrol") != nil {
		return
	}
	switch {
	case public != nil && len(u.accessLines(public)) > 0:
		sec := public.Sections[0]
		u.gone[sec] = true
		u.replace(sec.Header.Span, "infosys/accesscontrol")
	case public != nil || conf.Block("infosys/ldap") != nil:
	case u.answers["public"] == "everybody":
		u.note("Information on the CE is for anyone from now on.")
	case len(u.defined(u.list)) > 0:
		u.note("Information on the CE stays with those who may submit jobs, by [infosys/accesscontrol]: without it ARC 7 gives it to anyone. To have that, say --set public=everybody.")
		u.atEnd(append([]string{"[infosys/accesscontrol]"}, u.defined(u.list)...)...)
	}
}
