package conf

import (
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var upgradeMeaning = &lint.Rule{
	ID:    "conf/upgrade-meaning",
	Title: "An option means something else to the release of --target",
	Why: "The line stays as it is and ARC does something else with it, without a message. " +
		"The rule knows two options whose text in the references differs. ARC 6 applies copyurl to input files only. On ARC 7 the first word of vomsless_vo may name an authgroup. " +
		"Other rules report what changes for access, tokens and trust.",
	Source:   "arc.conf.reference of 6.17.0 and 7.0.0 compared: [arex/data-staging] copyurl, [arex/jura] vomsless_vo",
	Impact:   lint.Hygiene,
	Severity: lint.Warning,
	Where:    func(r site.Release) bool { return !r.CopyURLOutputs || !r.VOGroups },
	Upgrade:  true,
	Recipe:   lint.Manual,
	ByHand: `Write one word after vomsless_vo, if the VO is for everybody. If it is for the
members of an authgroup, write the group before it.

    [arex/jura]
    vomsless_vo=dune

Look for output files below the local path of copyurl: ARC 7 moves those too.
Remove the line before the upgrade, if they are to go on to the URL. See what
is left:

    arclint check --target 7.2.0`,
	Check: func(s *site.Site, r *lint.Reporter) {
		was, will := s.Release, s.Target.Release
		for b, o := range takenByBoth(s) {
			about := b.Name + " " + o.Name.Text + " " + o.Value.Text
			switch option := b.Kind + " " + o.Name.Text; {
			case option == "arex/data-staging copyurl" && !was.CopyURLOutputs && will.CopyURLOutputs:
				r.At(o.Value.Span, "ARC %s maps output files by copyurl too", s.Target.Release.Version).About(about).
					Means("ARC 6 maps input files only, and sends outputs for this URL to it.").
					Do("Check what is written below the local path. Remove the line, if outputs are to go on to the URL.")
			case option == "arex/jura vomsless_vo" && !was.VOGroups && will.VOGroups:
				if words := strings.Fields(o.Value.Text); len(words) > 1 && !strings.Contains(words[0], "#") {
					r.At(o.Value.Sub(0, len(words[0])).Span, "ARC %s reads %s as the name of an authgroup", s.Target.Release.Version, words[0]).About(about).
						Means("The VO is then written for the members of that group only.").
						Do("If the VO is for everybody, write one word only.")
				}
			}
		}
	},
}
