package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var confdIgnored = &lint.Rule{
	ID:       "conf/confd-ignored",
	Title:    "arc.conf.d exists and this release does not read it",
	Why:      "ARC reads arc.conf.d since 7.0.0. On ARC 6.17 nothing in it has an effect, access rules included.",
	Source:   "arc-behaviour C10",
	Impact:   lint.Hygiene,
	Facts:    []string{"C10"},
	Severity: lint.Warning,
	Effect:   "Nothing in it has an effect, access rules included.",
	Where:    func(r site.Release) bool { return !r.ConfD },
	Recipe:   lint.Manual,
	ByHand: `Copy the lines that are to count into the blocks of arc.conf. Write no second
block of one name: the last one would replace the first.

    cat /etc/arc.conf.d/*.conf

Look who gets in then:

    arclint access

Move the directory away, since ARC 7 reads it after the upgrade:

    mv /etc/arc.conf.d /etc/arc.conf.d.unused

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		dir := s.ConfigPath() + ".d"
		if n, ok := s.NamedPath(dir); ok && n.Err == nil && n.Mode.IsDir() {
			r.Path(dir, "ARC %s does not read this directory", s.Release.Measured).
				Do("Copy the lines that are meant to count into %s.", s.ConfigPath())
		}
	},
}
