package conf

import (
	"strings"
	"unicode"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var blockName = &lint.Rule{
	ID:    "conf/block-name",
	Title: "The name of a block cannot be used or is not read by every release",
	Why: "A block such as [authgroup:name] is known by its name. Without a name, or with a blank in it, nothing can refer to it. " +
		"ARC 7 reads a header with blanks before its colon, and ARC 6.17 does not start on it.",
	Source:   "arc-behaviour B5; arc-checks b1.3, b1.16",
	Impact:   lint.Outage,
	Facts:    []string{"B5"},
	Severity: lint.Error,
	Recipe:   "edit-arc-conf",
	ByHand: `Write one word after the colon of a block that has a name, and no colon
elsewhere:

    [authgroup:dune]
    voms=dune * * *

    [arex]

    [queue:grid]

    [arex/jura/apel:egi]
    targeturl=https://accounting.example.org:443/
    gocdb_name=EXAMPLE-SITE

Correct the lines that name the block: access lists, [mapping] and lrms.

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, sec := range s.Conf.Sections {
			ref := s.Release.Ref.Block(kindOf(sec))
			if ref == nil {
				continue
			}
			kind, id, named := strings.Cut(sec.Header.Text, ":")
			id = strings.TrimSpace(id)
			switch {
			case ref.Named && id == "":
				reportNameless(s, r, sec)
			case !ref.Named && named:
				f := r.At(sec.Header.Span, "[%s] must not have a name", sec.Header.Text).About(sec.Name)
				orStops6(s, lint.Error, "The parts of ARC do not agree what the block is.").on(f).Do("Write [%s].", kindOf(sec))
			case strings.ContainsFunc(id, unicode.IsSpace):
				f := r.At(sec.Header.Span, "the name %q of a block has a blank in it", id).About(sec.Name)
				orStops6(s, lint.Error, "ARC splits lists of names at blanks, so nothing can refer to the block.").on(f).
					Do("Write one word, here and where the block is named.")
			case kind != strings.TrimSpace(kind):
				reportBlanks(s, r, sec, id)
			}
		}
	},
}

// reportNameless: nothing has to refer to the other kinds that carry a name.
func reportNameless(s *site.Site, r *lint.Reporter, sec *arcconf.Section) {
	kind := kindOf(sec)
	then := outcome{lint.Error, "Nothing can refer to the block.", false}
	if kind != "authgroup" && kind != "queue" {
		then = outcome{lint.Note, "Nothing has to refer to such a block, but arc.conf.reference gives it a name.", false}
	}
	f := r.At(sec.Header.Span, "[%s] has no name", sec.Header.Text).About(sec.Name)
	orStops6(s, then.severity, then.effect).on(f).Do("Write [%s:name], with a name of your own.", kind)
}

// reportBlanks: ARC 7 reads past blanks before a colon, and does not know [ common ].
func reportBlanks(s *site.Site, r *lint.Reporter, sec *arcconf.Section, id string) {
	header, then := kindOf(sec), outcome{lint.Error, "ARC drops the block with all its options.", false}
	if id != "" {
		header, then = header+":"+id, outcome{lint.Note, "ARC 7 reads it, but ARC 6 does not start.", false}
	}
	f := r.At(sec.Header.Span, "the header [%s] has blanks around the kind of its block", sec.Header.Text).
		About(sec.Name).Fix(source.Edit{Span: sec.Header.Span, New: header})
	orStops6(s, then.severity, then.effect).on(f).Do("Write [%s].", header)
}
