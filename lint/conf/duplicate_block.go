package conf

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var duplicateBlock = &lint.Rule{
	ID:    "conf/duplicate-block",
	Title: "A file has a block twice, and the last one replaces the earlier",
	Why: "ARC does not join blocks of one name in a file. The last replaces all earlier ones, with all their options, and no validator says so. " +
		"With a second [common], x509_host_key of the first is lost and TLS fails. A second [authgroup:x] drops the members of the first.",
	Source:   "arc-behaviour B4; S72 src/utils/python/arc/utils/config.py:375",
	Impact:   lint.Outage,
	Facts:    []string{"B4"},
	Severity: lint.Error,
	Action:   "Read each line of the earlier block, then join the two into one.",
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
			f := r.At(sec.Header.Span, "[%s] is replaced by the block of the same name below", sec.Header.Text).
				About(sec.Name+" "+lineTexts(lost)).Relate(sec.ReplacedBy.Header.Span, "this one counts")
			switch len(lost) {
			case 0:
				f.As(lint.Warning).Means("ARC reads the last one only, which has the same lines.")
			case 1:
				f.Means("Its line %s has no effect.", lost[0].Name.Text)
			default:
				f.Means("These of its lines have no effect.").Lists(lostNames(lost))
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

// lostNames are the names of options, each with how many lines it has.
func lostNames(lost []*arcconf.Option) []string {
	var names []string
	lines := map[string]int{}
	for _, o := range lost {
		if lines[o.Name.Text]++; lines[o.Name.Text] == 1 {
			names = append(names, o.Name.Text)
		}
	}
	for i, name := range names {
		if n := lines[name]; n > 1 {
			names[i] = fmt.Sprintf("%s, %d lines", name, n)
		}
	}
	return names
}

func lineTexts(options []*arcconf.Option) string {
	var lines []string
	for _, o := range options {
		lines = append(lines, o.Line.Text())
	}
	return strings.Join(lines, "\n")
}
