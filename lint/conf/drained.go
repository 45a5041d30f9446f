package conf

import (
	"slices"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var drained = &lint.Rule{
	ID:    "conf/drained",
	Title: "Every session directory is set to drain",
	Why: "A session directory with drain takes no new jobs. Where all of them have it, the CE answers and refuses every job. " +
		"That may be meant, before maintenance. Then allownew=no says it better, since ARC publishes it to clients. " +
		"Where all caches are drained or read-only, ARC keeps no file that a job fetches.",
	Source:   "arc.conf.reference [arex] sessiondir, [arex/cache] cachedir; src/services/a-rex/grid-manager/conf/CoreConfig.cpp, CacheConfig.cpp",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `Remove drain from one directory, or add a new directory beside those:

    [arex]
    sessiondir=/var/spool/arc/sessiondir

If the CE is to take no new jobs for now, write it for clients too:

    [arex/ws/jobs]
    allownew=no

Remove drain or readonly from one cache:

    [arex/cache]
    cachedir=/var/cache/arc

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		_, closed := s.ClosedToNew()
		if at, is := s.Drained(); is && !closed {
			r.At(at, "every sessiondir is set to drain").About("sessiondir").Means("The CE refuses all new jobs.").
				Do("Remove drain from one. If this is meant, set allownew=no in [arex/ws/jobs].")
		}
		if dirs := unique(s.Conf.Block("arex/cache").All("cachedir")); allEnd(dirs, "drain", "readonly") {
			r.At(dirs[0].Value.Span, "every cachedir is set to drain or readonly").As(lint.Note).About("cachedir").
				Means("ARC caches nothing new.").Do("Remove drain or readonly from one.")
		}
	},
}

// allEnd says whether there are directories and all have one of the words
// behind them.
func allEnd(dirs []*arcconf.Option, words ...string) bool {
	for _, o := range dirs {
		_, rest := nextWord(o.Value.Text)
		second, _ := nextWord(rest)
		if !slices.Contains(words, second) {
			return false
		}
	}
	return len(dirs) > 0
}
