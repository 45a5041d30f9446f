package conf

import (
	"path"

	"arclint/internal/site"
	"arclint/lint"
)

var missingParent = &lint.Rule{
	ID:    "conf/missing-parent",
	Title: "A block is without the block that it belongs to",
	Why: "A block such as [arex/cache] adds to the service of [arex]. ARC turns the service on by that block. " +
		"Without it, the block below has nothing to add to. With [arex/ws/jobs] but no [arex/ws], the service does not start.",
	Source:   "arc-behaviour C12; arc.conf.reference",
	Impact:   lint.Outage,
	Facts:    []string{"C12"},
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `Write the block that the finding names too, or remove the one that needs it. If
it is [arex/ws], name the groups that may submit jobs:

    [arex/ws]
    wsurl=https://ce.example.org:443/arex

    [arex/ws/jobs]
    allowaccess=dune

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, b := range s.Conf.Blocks {
			parent := path.Dir(b.Kind)
			if parent == "." || s.Release.Ref.Block(b.Kind) == nil || s.Release.Ref.Block(parent) == nil || s.Conf.Block(parent) != nil {
				continue
			}
			then := outcome{lint.Warning, "ARC does not turn on the service to which this block adds.", false}
			if parent == "arex/ws" {
				then = stopping(doesNotStart)
			}
			f := r.At(b.Header().Span, "[%s] needs the block [%s], and there is none", b.Name, parent).About(b.Name)
			then.on(f).Do("Write [%s] too, or remove this block.", parent)
		}
	},
}
