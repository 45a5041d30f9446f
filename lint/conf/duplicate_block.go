package conf

import (
	"slices"
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
	ByHand: `Find the blocks of one name, and join them into one:

    grep -n "^\[" /etc/arc.conf

Read each line of the earlier block before that: it had no effect so far. Leave
out an allowaccess, a rule or a mapping that is not to count from now on.

    [arex/ws/jobs]
    denyaccess=banned
    allowaccess=dune

Look who gets in:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, sec := range s.Conf.Sections {
			if sec.ReplacedBy == nil {
				continue
			}
			lost := missingBelow(sec)
			f := r.At(sec.Header.Span, "[%s] is replaced by the block of the same name below, want one block: %s", sec.Header.Text, lostText(lost)).
				About(sec.Name+" "+lineTexts(lost)).Relate(sec.ReplacedBy.Header.Span, "this one counts")
			if len(lost) == 0 {
				f.As(lint.Warning)
			}
		}
	},
}

// missingBelow are the options of the replaced section that are nowhere in the
// one that replaces it.
func missingBelow(sec *arcconf.Section) []*arcconf.Option {
	return slices.DeleteFunc(slices.Clone(sec.Options), func(o *arcconf.Option) bool {
		return slices.ContainsFunc(sec.ReplacedBy.Options, func(kept *arcconf.Option) bool {
			return kept.Name.Text == o.Name.Text && kept.Value.Text == o.Value.Text
		})
	})
}

const maxListed = 4 // names in one message

func lostText(lost []*arcconf.Option) string {
	if len(lost) == 0 {
		return "ARC does not join the two"
	}
	var names []string
	for _, o := range lost[:min(len(lost), maxListed)] {
		names = append(names, o.Name.Text)
	}
	if len(lost) > maxListed {
		names = append(names, "...")
	}
	return "these lines have no effect: " + strings.Join(names, ", ")
}

func lineTexts(options []*arcconf.Option) string {
	var lines []string
	for _, o := range options {
		lines = append(lines, o.Line.Text())
	}
	return strings.Join(lines, "\n")
}
