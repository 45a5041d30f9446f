package conf

import (
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/pattern"
	"arclint/internal/site"
	"arclint/lint"
)

var benchmark = &lint.Rule{
	ID:    "conf/benchmark",
	Title: "A benchmark is not written as this release reads it",
	Why: "A benchmark is a name and a number, such as HEPSPEC 12.26. ARC 6 needs a colon between them in [lrms] and a blank in [queue:...]; ARC 7 reads both in [lrms]. " +
		"APEL knows Si2k, HEPSPEC and HEPscore23. For any other, ARC reports HEPSPEC 1.0, and the site gets credit for less than it did. " +
		"ARC accounts only the first of several benchmarks of a block, and publishes the others.",
	Source: "arc.conf.reference [lrms] benchmark, [queue:name] benchmark; arc-checks b2.6; src/utils/python/arc/control/AccountingPublishing.py, src/utils/python/arc/utils/config.py; " +
		"src/services/a-rex/lrms/submit_common.sh.in",
	Impact:   lint.Hygiene,
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `Write a name and a number, with a colon in [lrms] and with a blank in a queue.
On ARC 6, name HEPSPEC or Si2k for APEL. On ARC 7, name HEPscore23 too, if that
is what was measured.

    [lrms]
    lrms=slurm
    benchmark=HEPSPEC:12.26

    [queue:grid]
    benchmark=HEPSPEC 12.26

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, b := range s.Conf.Blocks {
			if b.Kind != "lrms" && b.Kind != "queue" {
				continue
			}
			for i, o := range unique(b.All("benchmark")) {
				switch {
				case hasOtherFault(b.Kind, o):
				case i == 0:
					checkBenchmark(s, r, b, o)
				default:
					checkColon(r, b, o)
				}
			}
		}
	},
}

var (
	withColon = pattern.OnDemand(`^\w+:(\d+(\.\d*)?|\.\d+)$`)
	withBlank = pattern.OnDemand(`^\w+ (\d+(\.\d*)?|\.\d+)$`)
)

func checkBenchmark(s *site.Site, r *lint.Reporter, b *arcconf.Block, o *arcconf.Option) {
	value, about := o.Value.Text, b.Name+" benchmark "+o.Value.Text
	form, ok := "a name, one blank and a number", withBlank().MatchString(value)
	if b.Kind == "lrms" {
		ok = ok && s.Release.BenchmarkBlank || withColon().MatchString(value)
		if !s.Release.BenchmarkBlank {
			form = "a name, a colon and a number"
		}
	}
	if !ok && !checkColon(r, b, o) {
		r.At(o.Value.Span, "benchmark %q is not %s", value, form).About(about).
			Means("ARC accounts the jobs with HEPSPEC 1.0.").Do("Write %s.", form)
		return
	}
	name := value[:strings.IndexAny(value, ": ")]
	// get_apel_benchmark of AccountingPublishing.py
	if apel := s.Release.APELBenchmarks; len(s.Conf.Kind("arex/jura/apel")) > 0 && !slices.Contains(apel, name) {
		r.At(o.Value.Span, "APEL does not know the benchmark %s", name).About(about).
			Means("ARC reports HEPSPEC 1.0 instead.").Do("Write %s, with the number that was measured.", orList(apel))
	}
}

// checkColon says whether the benchmark of a queue is written with a colon, and
// reports it: the first is accounted all the same.
func checkColon(r *lint.Reporter, b *arcconf.Block, o *arcconf.Option) bool {
	value := o.Value.Text
	if b.Kind != "queue" || !withColon().MatchString(value) {
		return false
	}
	r.At(o.Value.Span, "benchmark %q of a queue has a colon", value).
		Means("The accounting reads it, but the information system reads it as one word.").
		Do("Write a blank in place of the colon.").As(lint.Note).About(b.Name + " benchmark " + value)
	return true
}
