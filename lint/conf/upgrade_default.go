package conf

import (
	"slices"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeDefault = &lint.Rule{
	ID:    "conf/upgrade-default",
	Title: "A default that this site uses changes with the release of --target",
	Why: "An option that is not written keeps its default, and the default changes with the release. The rule reports it where the site does not set the option. " +
		"It is silent on [lrms] benchmark, whose default is written in another way and means the same.",
	Source:   "arc.conf.reference of 6.17.0, 7.0.0 and 7.2.0 compared; src/services/a-rex/lrms/submit_common.sh.in of each release",
	Impact:   lint.Hygiene,
	Severity: lint.Note,
	Action:   "If the site needs the old default, write it before the upgrade.",
	Upgrade:  true,
	Recipe:   lint.Manual,
	ByHand: `If the site needs the old default, write it before the upgrade. Leave it out,
if the new one is as good. Write the value that the finding names, such as:

    [infosys/ldap]
    bdii_database=hdb

See all defaults that change:

    arclint diff 6.17.0 7.2.0`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, b := range s.Conf.Blocks {
			was, will := s.Release.Ref.Block(b.Kind), s.Target.Release.Ref.Block(b.Kind)
			if was == nil || will == nil {
				continue
			}
			for _, o := range was.Options {
				if other := will.Option(o.Name); other != nil && !other.Unlisted && b.First(o.Name) == nil && !sameDefault(b, o, other) {
					r.At(b.Header().Span, "the default of %s changes from %s to %s with ARC %s", o.Name, defaultOf(o), defaultOf(other), s.Target.Release.Version).
						Means("[%s] does not set the option, so the new default counts after the upgrade.%s", b.Name, aboutDefault(b.Kind, o.Name)).
						About(b.Name + " " + o.Name)
				}
			}
		}
	},
}

func sameDefault(b *arcconf.Block, was, will *arcref.Option) bool {
	return was.HasDefault == will.HasDefault && was.Default == will.Default || slices.Contains(sameMeaning, b.Kind+" "+was.Name)
}

// sameMeaning are defaults whose text alone differs.
var sameMeaning = []string{
	"lrms benchmark", // the scripts put a colon where the blank is
}

func defaultOf(o *arcref.Option) string {
	if !o.HasDefault {
		return "undefined"
	}
	return o.Default
}

// aboutDefault is one more sentence on a new default, after a blank.
func aboutDefault(kind, option string) string {
	if kind+" "+option == "infosys/ldap bdii_database" {
		return " ARC then uses what the installed OpenLDAP has, mdb from 2.5 on."
	}
	return ""
}
