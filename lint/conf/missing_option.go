package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var missingOption = &lint.Rule{
	ID:       "conf/missing-option",
	Title:    "An option that its block needs is missing",
	Why:      "arc.conf.reference calls the option mandatory: it has no default, and the service of the block does not do its work without it. ARC's validators look only for lrms.",
	Source:   "arc.conf.reference, mandatory; arc-checks b3",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Effect:   "The service of the block does not do its work without it, and there is no default.",
	Action:   "Write the option, or remove a block that nothing needs.",
	Recipe:   lint.Manual,
	ByHand: `Write the option that the finding names into the block, such as these, or
remove a block that nothing needs:

    [lrms]
    lrms=slurm

    [arex/cache]
    cachedir=/var/cache/arc

    [arex/jura/apel:egi]
    targeturl=https://accounting.example.org:443/
    gocdb_name=EXAMPLE-SITE

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, b := range s.Conf.Blocks {
			ref := s.Release.Ref.Block(b.Kind)
			if ref == nil {
				continue
			}
			for _, o := range ref.Options {
				if !o.Mandatory || o.HasDefault || b.First(o.Name) != nil {
					continue
				}
				f := r.At(b.Header().Span, "[%s] has no %s", b.Name, o.Name).About(b.Name + " " + o.Name)
				switch {
				case o.Name == "cachedir":
					f.As(lint.Warning).Means("ARC caches nothing.")
				case b.Kind == "userlist" && b.First("outfile") != nil: // the service reads that file (arc-behaviour B7)
					f.As(lint.Note).Means("ARC uses the list in outfile unchanged, and nordugridmap does not renew it.")
				}
			}
		}
	},
}
