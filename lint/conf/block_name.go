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
		"Blanks around the kind of the block are read by ARC 7 and stop ARC 6.17.",
	Source:   "arc-behaviour B5; arc-checks b1.3, b1.16",
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
				r.At(sec.Header.Span, "[%s] takes no name, want [%s]: %s", sec.Header.Text, kindOf(sec), fate(s, "the parts of ARC do not agree what it is")).
					About(sec.Name).Stopping(s.Release.StrictStart)
			case strings.ContainsFunc(id, unicode.IsSpace):
				r.At(sec.Header.Span, "the name %q has a blank in it, want one word: %s", id, fate(s, "lists of names are split at blanks, so nothing can refer to it")).
					About(sec.Name).Stopping(s.Release.StrictStart)
			case kind != strings.TrimSpace(kind):
				reportBlanks(s, r, sec, id)
			}
		}
	},
}

// reportNameless: nothing has to refer to the other kinds that carry a name.
func reportNameless(s *site.Site, r *lint.Reporter, sec *arcconf.Section) {
	kind := kindOf(sec)
	f := r.At(sec.Header.Span, "[%s] needs a name, want [%s:name]: %s", sec.Header.Text, kind, fate(s, "nothing can refer to it")).
		About(sec.Name).Stopping(s.Release.StrictStart)
	if !s.Release.StrictStart && kind != "authgroup" && kind != "queue" {
		f.As(lint.Note).Headline = "[" + sec.Header.Text + "] has no name, want [" + kind + ":name], as arc.conf.reference writes it"
	}
}

// reportBlanks: ARC 7 sees through blanks before a colon, and takes [ common ]
// for a block that it does not know.
func reportBlanks(s *site.Site, r *lint.Reporter, sec *arcconf.Section, id string) {
	want, in7 := kindOf(sec), "ARC drops it with all its options"
	if id != "" {
		want, in7 = want+":"+id, "ARC 7 reads it, ARC 6 does not start"
	}
	f := r.At(sec.Header.Span, "blanks stand around the kind of the block, want [%s]: %s", want, fate(s, in7)).
		About(sec.Name).Stopping(s.Release.StrictStart).Fix(source.Edit{Span: sec.Header.Span, New: want})
	if !s.Release.StrictStart && id != "" {
		f.As(lint.Note)
	}
}
