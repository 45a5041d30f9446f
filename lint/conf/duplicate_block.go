package conf

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var duplicateBlock = &lint.Rule{
	ID:    "conf/duplicate-block",
	Title: "A block stands twice in one file and the last one replaces the earlier",
	Why: "ARC does not join blocks of one name in a file: the last replaces all earlier ones, with all their options, and no validator says so. " +
		"A second [common] loses x509_host_key and TLS is dead; a second [authgroup:x] drops the people of the first.",
	Source:   "arc-behaviour B4; S72 src/utils/python/arc/utils/config.py:375",
	Facts:    []string{"B4"},
	Severity: lint.Error,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, sec := range s.Conf.Sections {
			if sec.ReplacedBy == nil {
				continue
			}
			f := r.At(sec.Header.Span, "[%s] is replaced by the block of the same name below, want one block: %s", sec.Header.Text, lost(sec)).
				About(sec.Name).Relate(sec.ReplacedBy.Header.Span, "this one counts")
			if len(sec.Options) == 0 || len(missingBelow(sec)) == 0 {
				f.As(lint.Warning)
			}
		}
	},
}

// lost says which options of the replaced block are nowhere in the block that
// replaces it.
func lost(sec *arcconf.Section) string {
	names := missingBelow(sec)
	if len(names) == 0 {
		return "ARC does not join the two"
	}
	if len(names) > 4 {
		names = append(names[:4], "...")
	}
	return "these lines have no effect: " + strings.Join(names, ", ")
}

func missingBelow(sec *arcconf.Section) []string {
	kept := map[string]bool{}
	for _, o := range sec.ReplacedBy.Options {
		kept[o.Name.Text+"="+o.Value.Text] = true
	}
	var names []string
	for _, o := range sec.Options {
		if !kept[o.Name.Text+"="+o.Value.Text] {
			names = append(names, o.Name.Text)
		}
	}
	return names
}
