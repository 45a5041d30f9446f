package recipes

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
)

// values writes in the way of ARC 7 what it does not take in that of ARC 6.
func (u *upgrader) values() {
	lrms := u.site.Conf.Block("lrms")
	if o := lrms.First("lrms"); o != nil && u.lrms() == "slurmpy" && u.loses("lrms", "lrms", "slurmpy") {
		u.replace(o.Value.Sub(0, len("slurmpy")).Span, "slurm")
		u.note("lrms=slurmpy becomes lrms=slurm: ARC 7 brings no other scripts for SLURM.")
		if u.site.Conf.Block("lrms/ssh") != nil {
			u.byHand("make this host one that submits to SLURM itself, with its commands and a shared session directory: [lrms/ssh] reached the cluster over ssh, which ARC 7 does not")
		}
	}
	if o := lrms.First("benchmark"); o != nil && u.gains(blankInBenchmark) {
		if i := strings.IndexByte(o.Value.Text, ':'); i >= 0 {
			u.replace(o.Value.Span, o.Value.Text[:i]+" "+o.Value.Text[i+1:]) // the scripts of both releases read both
		}
	}
	if o := u.site.Conf.Block("arex/ganglia").First("metrics"); o != nil {
		u.metrics(o)
	}
}

// loses says whether the target does not allow a value that the site's release
// does.
func (u *upgrader) loses(kind, option, value string) bool {
	was, will := u.site.Release.Ref.Block(kind).Option(option), u.site.Target.Release.Ref.Block(kind).Option(option)
	return was != nil && will != nil && slices.Contains(was.Allowed, value) && !slices.Contains(will.Allowed, value)
}

func (u *upgrader) metrics(o *arcconf.Option) {
	var kept []string
	for part := range strings.SplitSeq(o.Value.Text, ",") {
		if part = strings.TrimSpace(part); !u.loses("arex/ganglia", "metrics", part) {
			kept = append(kept, part)
		}
	}
	switch {
	case len(kept) == 0:
		u.remove(o.Line.Lines())
		u.note("metrics of [arex/ganglia] named only what ARC 7 does not have: the line goes, and the default, all, holds.")
	case len(kept) < strings.Count(o.Value.Text, ",")+1:
		u.replace(o.Value.Span, strings.Join(kept, ","))
	}
}

// userLists writes the rules of authgroups that name lists of users as rules
// that name their files (arc-behaviour B7).
func (u *upgrader) userLists() {
	if !u.leaves("userlist") {
		return
	}
	for _, r := range authgroup.Rules[*authgroup.UserLists](u.site.Access) {
		u.userList(r)
	}
	for _, b := range u.site.Conf.Kind("userlist") {
		if file, ok := u.outfile(b.ID); ok {
			u.keepFresh(file)
		}
	}
}

func (u *upgrader) userList(r authgroup.Asking[*authgroup.UserLists]) {
	if r.Inverted && len(r.Test.Names) != 1 {
		u.blocked = append(u.blocked, "authgroup "+r.Group.Name+" takes in whoever is in none of several user lists, which no file= rule says: write it otherwise")
		return
	}
	var rules []string
	sign := strings.TrimSuffix(r.Option.Name.Text, r.Keyword.Text)
	for _, name := range r.Test.Names {
		list := name.Text
		file, ok := u.outfile(list)
		if !ok {
			u.blocked = append(u.blocked, "authgroup "+r.Group.Name+" names the user list "+list+", whose file is not known: write the rule otherwise")
			return
		}
		u.keepFresh(file)
		rules = append(rules, sign+"file="+file)
	}
	if len(rules) > 0 {
		u.replace(r.Option.Line, strings.Join(rules, lineEndOf(r.Option.Line)))
	}
}

// outfile is the file that nordugridmap makes of a list.
func (u *upgrader) outfile(list string) (file string, ok bool) {
	b := u.site.Conf.Block("userlist:" + list)
	if b == nil {
		return "", false
	}
	if file, ok = u.site.Release.Ref.Default("userlist", "outfile"); b.First("outfile") != nil {
		file = b.First("outfile").Value.Text
	}
	if !ok || !path.IsAbs(file) || strings.ContainsAny(file, " \t$\"'#") {
		return "", false
	}
	return file, true
}

// keepFresh: the file of a list stays where it is, and nothing of ARC 7 makes it
// anew.
func (u *upgrader) keepFresh(file string) {
	step := "let another tool keep " + file + " as nordugridmap keeps it today: ARC 7 has no such program, and reads what stands there"
	if at, looked := u.site.NamedPath(file); looked && errors.Is(at.Err, fs.ErrNotExist) && !u.site.NotCopied(file) {
		step = "make " + file + ", which does not exist, before the services start: a rule file= ends its authgroup without it (arc-behaviour A7), and ARC 7 has no nordugridmap"
	}
	if !slices.Contains(u.later, step) {
		u.later = append(u.later, step)
	}
}

// calledErrors are the lines that stay and that the check of the target calls errors
// though it reads them: options that its list of names lacks, and rules with a sign
// (arc-checks b5.6, b5.7).
func (u *upgrader) calledErrors() (names []string) {
	if !u.site.Target.Release.VerifyStrict {
		return nil
	}
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, g := range u.site.Access.Groups {
		for _, r := range g.Rules {
			sign := strings.TrimSuffix(r.Option.Name.Text, r.Keyword.Text)
			if _, list := r.Test.(*authgroup.UserLists); list && sign != "" {
				add(sign + "file") // as userLists writes it
			} else if sign != "" {
				add(r.Option.Name.Text)
			}
		}
	}
	for _, b := range u.site.Conf.Blocks {
		will := u.site.Target.Release.Ref.Block(b.Kind)
		if will == nil || will.Free {
			continue
		}
		for _, o := range b.Options {
			if known := will.Option(o.Name.Text); known != nil && known.Unlisted {
				add(o.Name.Text)
			}
		}
	}
	return names
}
