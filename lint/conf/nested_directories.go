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
	Title: "A directory of A-REX is inside another one",
	Why: "A-REX keeps its own state in controldir, the files of jobs in sessiondir and copies of input in cachedir. " +
		"Each has owners and modes of its own, and A-REX cleans each by its own rules. " +
		"With sessiondir in controldir, the files of jobs are in the directory that has the proxies of all users. " +
		"A-REX may remove a cachedir in a sessiondir with a job, and cleans two caches that are one twice.",
	Source:   "arc.conf.reference [arex] controldir, sessiondir, [arex/cache] cachedir; src/services/a-rex/grid-manager/conf/GMConfig.cpp",
	Impact:   lint.Outage,
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
// and %H are one in each home.
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
			r.At(a.Value.Span, "%s %s is set twice", a.Name.Text, a.dir).
				Means("A-REX counts and cleans it twice.").Do("Remove one of the two lines.").
				About(both(a, other)).Relate(other.Value.Span, "set here first")
		}
		return true
	}
	for _, other := range others {
		r.At(a.Value.Span, "%s and %s are one directory", a.Name.Text, other.Name.Text).
			Means("A-REX keeps other files in each.").Do("Name a directory for each.").
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
	r.At(inner.Value.Span, "%s is inside the %s %s", inner.Name.Text, outer.Name.Text, outer.dir).
		Means("A-REX uses other owners and modes for each, and cleans each by its own rules.").
		Do("Name a directory outside it.").
		About(both(later, first)).Relate(outer.Value.Span, "named here")
}
