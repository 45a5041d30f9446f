package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var confdUnread = &lint.Rule{
	ID:       "conf/confd-unread",
	Title:    "A file in arc.conf.d has a name that ARC does not read",
	Why:      "In arc.conf.d and its directories, ARC reads the files whose names end in .conf, in small letters. Every other file has no effect, access rules included, and nothing says so.",
	Source:   "arc-behaviour C10",
	Impact:   lint.Hygiene,
	Facts:    []string{"C10"},
	Severity: lint.Warning,
	Effect:   "Its blocks have no effect.",
	Action:   "Rename the file: end its name in .conf, or in .disabled if it is not to count.",
	Where:    func(r site.Release) bool { return r.ConfD },
	Recipe:   lint.Manual,
	ByHand: `Look at what the file says. If it is to count, give it a name that ends in
.conf; the names decide the order:

    mv /etc/arc.conf.d/10-site.cfg /etc/arc.conf.d/10-site.conf

Rename it if it is not to count, so that the name says so:

    mv /etc/arc.conf.d/10-site.cfg /etc/arc.conf.d/10-site.cfg.disabled

Look who gets in then:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, name := range s.Conf.Unread {
			r.Path(name, "ARC does not read this file, since its name does not end in .conf").About(name)
		}
	},
}
