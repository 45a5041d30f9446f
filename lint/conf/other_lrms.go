package conf

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var otherLRMS = &lint.Rule{
	ID:    "conf/other-lrms",
	Title: "An option is for another batch system",
	Why: "An option such as slurm_use_sacct is read by the scripts of its own batch system only. With another lrms it has no effect: it is left over, or lrms names the wrong batch system. " +
		"The pbs_ options are for both pbs and pbspro.",
	Source:   "arc.conf.reference [lrms], [queue:name]",
	Impact:   lint.Hygiene,
	Severity: lint.Note,
	Effect:   "The option has no effect.",
	Action:   "Remove the line, or correct lrms.",
	Recipe:   lint.Manual,
	ByHand: `Remove the line, or name its batch system in lrms:

    [lrms]
    lrms=slurm
    slurm_use_sacct=yes

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		lrms := s.Conf.Block("lrms").First("lrms")
		if lrms == nil || hasOtherFault("lrms", lrms) {
			return
		}
		name, _ := nextWord(lrms.Value.Text)
		for _, b := range append(s.Conf.Kind("lrms"), s.Conf.Kind("queue")...) {
			for _, o := range unique(b.Options) {
				if forLRMS := optionLRMS(o.Name.Text); forLRMS != "" && !strings.HasPrefix(strings.ToLower(name), forLRMS) {
					reportOther(r, b, o, forLRMS, name)
				}
			}
		}
	},
}

func reportOther(r *lint.Reporter, b *arcconf.Block, o *arcconf.Option, forLRMS, name string) {
	r.At(o.Name.Span, "%s is for lrms=%s, and lrms is %s", o.Name.Text, forLRMS, name).About(b.Name + " " + o.Name.Text)
}

// optionLRMS is the batch system whose name an option begins with.
func optionLRMS(option string) string {
	for _, name := range []string{"slurm", "pbs", "condor", "sge", "lsf", "ll", "boinc"} {
		if strings.HasPrefix(option, name+"_") {
			return name
		}
	}
	return ""
}
