package conf

import (
	"path"
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var logPlace = &lint.Rule{
	ID:    "conf/log-place",
	Title: "A log is where the packaged log rotation does not look",
	Why: "The packages of ARC rotate the logs at their default places. A log elsewhere grows until its file system is full, unless the site has a rotation of its own for it. " +
		"ARC's checks warn of every place but the default.",
	Source:   "arc.conf.reference, logfile; arc-checks b1.13, b2.8",
	Impact:   lint.Hygiene,
	Severity: lint.Note,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Remove the line for the default place. If the log is to stay where it is, write
a rotation for it into a file such as /etc/logrotate.d/arc-local:

    /path/arex.log {
        weekly
        rotate 8
        missingok
        copytruncate
    }

See what it would do:

    logrotate --debug /etc/logrotate.d/arc-local

If the line is a pidfile, tell the new place to what reads that file.

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			known := b.ref.Option(o.Name.Text)
			if known == nil || !known.HasDefault || sameFile(o.Value.Text, known.Default) || strings.Contains(o.Value.Text, "$") || hasOtherFault(b.Kind, o) {
				continue
			}
			switch o.Name.Text {
			case "logfile":
				r.At(o.Value.Span, "the logfile of [%s] is not at its default place", b.Name).About(b.Name+" logfile").
					Means("The log rotation of the packages does not know the file. Without another rotation it grows until its file system is full.").
					Do("Write a log rotation for it, or use the default %s.", known.Default)
			case "pidfile":
				r.At(o.Value.Span, "the pidfile of [%s] is not at its default place", b.Name).About(b.Name+" pidfile").
					Means("What reads the file, such as a log rotation, has to know the place.").
					Do("Tell the place to what reads the file, or use the default %s.", known.Default)
			}
		}
	},
}

// sameFile says whether two paths name one file: /var/run is a link to /run, and
// /var/lock one to /run/lock, on every system for which ARC is packaged.
func sameFile(a, b string) bool { return linkFree(a) == linkFree(b) }

func linkFree(name string) string {
	name = path.Clean(name)
	for link, target := range map[string]string{"/var/run/": "/run/", "/var/lock/": "/run/lock/"} {
		if rest, ok := strings.CutPrefix(name, link); ok {
			return target + rest
		}
	}
	return name
}
