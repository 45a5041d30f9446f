package conf

import (
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var severalWords = &lint.Rule{
	ID:    "conf/several-words",
	Title: "One line names several VOs",
	Why: "advertisedvo and vofilter take one VO a line, and the line may be repeated. ARC reads the whole of `atlas cms` as the name of one VO. " +
		"It advertises a VO that does not exist, or reports no job of these VOs to the accounting.",
	Source:   "arc.conf.reference [infosys/cluster] advertisedvo, [arex/jura/apel] vofilter; src/utils/python/arc/control/AccountingPublishing.py (filter_wlcgvos)",
	Impact:   lint.Hygiene,
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `Write a line for each VO:

    [infosys/cluster]
    advertisedvo=atlas
    advertisedvo=cms

    [arex/jura/apel:egi]
    targeturl=https://accounting.example.org:443/
    gocdb_name=EXAMPLE-SITE
    vofilter=atlas
    vofilter=cms

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			if name := o.Name.Text; name != "advertisedvo" && name != "vofilter" {
				continue
			}
			if b.ref.Option(o.Name.Text) == nil || hasOtherFault(b.Kind, o) || !strings.ContainsAny(o.Value.Text, " \t,") {
				continue
			}
			effect := "The CE advertises a VO that does not exist."
			if o.Name.Text == "vofilter" {
				effect = "The line matches no VO, so it reports no job to the accounting."
			}
			r.At(o.Value.Span, "ARC reads %q as the name of one VO", o.Value.Text).Means("%s", effect).
				Do("Write one line of %s for each VO.", o.Name.Text).About(b.Name + " " + o.Name.Text + " " + o.Value.Text)
		}
	},
}
