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
		areas := map[string][]area{}
		var all []area
		for b, o := range options(s) {
			if !isArea(b.Kind, o.Name.Text) || areaOf(o) == "" {
				continue
			}
			a := area{Option: o, dir: areaOf(o), at: len(all)}
			if !reportSame(r, a, areas[a.dir]) {
				all, areas[a.dir] = append(all, a), append(areas[a.dir], a)
			}
		}
		for _, a := range all {
			for _, outer := range around(areas, a.dir) {
				reportWithin(r, a, outer)
			}
		}
	},
}

// area is an option that names a directory, the at-th of them.
type area struct {
	*arcconf.Option
	dir string
	at  int
}

// around are the areas in the nearest directory above one that is an area.
func around(areas map[string][]area, dir string) []area {
	for dir != "/" {
		dir = path.Dir(dir)
		if outer := areas[dir]; len(outer) > 0 {
			return outer
		}
	}
	return nil
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

// reportSame speaks of areas of one directory. It says whether the option names
// the directory of another one again.
func reportSame(r *lint.Reporter, a area, others []area) (again bool) {
	for _, other := range others {
		if other.Name.Text != a.Name.Text {
			continue
		}
		if a.Name.Text != "controldir" { // duplicate-option speaks of it
			r.At(a.Value.Span, "%s %s stands twice, want it once: A-REX counts and cleans it twice", a.Name.Text, a.dir).
				About(both(a, other)).Relate(other.Value.Span, "stands here first")
		}
		return true
	}
	for _, other := range others {
		r.At(a.Value.Span, "%s and %s are one directory, want two: A-REX keeps other files in each", a.Name.Text, other.Name.Text).
			As(lint.Error).About(both(a, other)).Relate(other.Value.Span, "named here too")
	}
	return false
}

func both(a, other area) string {
	return a.Name.Text + " " + a.dir + " " + other.Name.Text + " " + other.dir
}

func reportWithin(r *lint.Reporter, inner, outer area) {
	later, first := inner, outer
	if inner.at < outer.at {
		later, first = outer, inner
	}
	r.At(inner.Value.Span, "%s lies in the %s %s, want it elsewhere: each has owners, modes and a cleaning of its own", inner.Name.Text, outer.Name.Text, outer.dir).
		About(both(later, first)).Relate(outer.Value.Span, "named here")
}
