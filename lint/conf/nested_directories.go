package conf

import (
	"path"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var nestedDirectories = &lint.Rule{
	ID:    "conf/nested-directories",
	Title: "A directory of A-REX lies in another one",
	Why: "A-REX keeps its own state in controldir, the files of jobs in sessiondir and copies of input in cachedir, with other owners and modes for each, and cleans each by its own rules. " +
		"A sessiondir in controldir lies behind the proxies of all users; a cachedir in a sessiondir may be removed with a job; two caches that are one are cleaned twice.",
	Source:   "arc.conf.reference [arex] controldir, sessiondir, [arex/cache] cachedir; src/services/a-rex/grid-manager/conf/GMConfig.cpp",
	Severity: lint.Warning,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Name directories of which none is in another one:

    [arex]
    controldir=/var/spool/arc/jobstatus
    sessiondir=/var/spool/arc/sessiondir

    [arex/cache]
    cachedir=/var/cache/arc

Keep the old sessiondir as a second line with drain, until its jobs are gone:

    [arex]
    sessiondir=/var/spool/arc/sessiondir
    sessiondir=/path drain

Move controldir only once no jobs are left, and while the services are stopped:

    systemctl stop arc-arex-ws arc-arex
    mv -T /path /var/spool/arc/jobstatus
    systemctl start arc-arex arc-arex-ws

Look at the result:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		var seen []*arcconf.Option
		for b, o := range options(s) {
			if !isArea(b.Kind, o.Name.Text) || areaOf(o) == "" {
				continue
			}
			again := false
			for _, other := range seen {
				again = again || reportNested(r, o, other)
			}
			if !again {
				seen = append(seen, o)
			}
		}
	},
}

func isArea(kind, option string) bool {
	switch kind + " " + option {
	case "arex controldir", "arex sessiondir", "arex/cache cachedir":
		return true
	}
	return false
}

// areaOf is the directory that the option names, "" where it is not known: *
// and %H stand for one in each home.
func areaOf(o *arcconf.Option) string {
	dir, _ := nextWord(o.Value.Text)
	if !path.IsAbs(dir) || strings.ContainsAny(dir, "$%\"'") {
		return ""
	}
	return path.Clean(dir)
}

// reportNested says whether the option names the directory of the other again.
func reportNested(r *lint.Reporter, o, other *arcconf.Option) (again bool) {
	a, b := areaOf(o), areaOf(other)
	about := o.Name.Text + " " + a + " " + other.Name.Text + " " + b
	switch {
	case a == b && o.Name.Text == other.Name.Text:
		if o.Name.Text != "controldir" { // duplicate-option speaks of it
			r.At(o.Value.Span, "%s %s stands twice, want it once: A-REX counts and cleans it twice", o.Name.Text, a).About(about).Relate(other.Value.Span, "stands here first")
		}
		return true
	case a == b:
		r.At(o.Value.Span, "%s and %s are one directory, want two: A-REX keeps other files in each", o.Name.Text, other.Name.Text).
			As(lint.Error).About(about).Relate(other.Value.Span, "named here too")
	case within(a, b):
		reportWithin(r, o, other, about)
	case within(b, a):
		reportWithin(r, other, o, about)
	}
	return false
}

func reportWithin(r *lint.Reporter, inner, outer *arcconf.Option, about string) {
	r.At(inner.Value.Span, "%s lies in the %s %s, want it elsewhere: each has owners, modes and a cleaning of its own", inner.Name.Text, outer.Name.Text, areaOf(outer)).
		About(about).Relate(outer.Value.Span, "named here")
}

func within(dir, above string) bool {
	return strings.HasPrefix(dir, strings.TrimSuffix(above, "/")+"/")
}
