package conf

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var syntax = &lint.Rule{
	ID:    "conf/syntax",
	Title: "A line of arc.conf is not read as it was meant",
	Why: "ARC knows three kinds of lines: a comment that starts in column 1, a header that is alone on its line, and `option = value`. " +
		"ARC 6.17 does not start on anything else. ARC 7 drops the line with a message in a log and starts: " +
		"a header with a comment behind it or without its bracket is no header, so the rules below it fall into the block above, " +
		"and people get in through a group that was not meant for them. `arcctl config verify` reports none of this.",
	Source:   "arc-behaviour S8, C1, C2, C10; S72 src/utils/python/arc/utils/config.py:41-66",
	Facts:    []string{"S8", "C1", "C2"},
	Severity: lint.Error,
	Recipe:   "edit-arc-conf",
	ByHand: `Write a header in one pair of brackets, alone on its line. Write an option
below the header of its block, with an equals sign. Begin a comment with # in
column 1.

    [arex/ws/jobs]
    # Members of the VO dune may submit jobs.
    allowaccess=dune

Read a line that had no effect before you repair it: it counts then. If the
file has NUL bytes, take them out of a copy:

    install -m 0600 /etc/arc.conf /etc/arc.conf.new
    tr -d "\000" < /etc/arc.conf > /etc/arc.conf.new
    cp /etc/arc.conf.new /etc/arc.conf
    rm /etc/arc.conf.new

Remove a file of arc.conf.d that cannot be read, or a link there that leads
back to a directory above it. Look who gets in:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, p := range s.Conf.Problems {
			if binary(p.Span.File) {
				continue // encoding speaks of the file
			}
			switch p.Kind {
			case arcconf.BrokenHeader:
				reportHeader(s, r, p)
			case arcconf.NotParsed:
				reportLine(s, r, p.Span)
			case arcconf.BeforeFirstBlock:
				reportAbove(s, r, p.Span)
			case arcconf.NulByte:
				reportNul(s, r, p.Span)
			case arcconf.Unreadable, arcconf.LinkLoop, arcconf.TooMany:
				reportFile(r, p)
			}
		}
		checkOddBlanks(s, r)
	},
}

func reportHeader(s *site.Site, r *lint.Reporter, p arcconf.Problem) {
	if startsWithMark(p.Span) {
		return // encoding speaks of it
	}
	below := "its options are dropped"
	if p.Section != nil {
		below = fmt.Sprintf("the options below it fall into [%s] above", p.Section.Name)
	}
	f := r.At(p.Span, "this is no header to ARC (%s), want `[name]` alone on the line: %s", p.Detail, fate(s, below)).
		About(p.Span.Text()).Stopping(s.Release.StrictStart)
	if p.Section != nil {
		f.Relate(p.Section.Header.Span, "the block that takes them in")
	}
	if p.Header.Text != "" {
		f.Fix(headerEdits(p)...)
	}
}

// reportLine: a line that names an option of its block was meant to set it.
func reportLine(s *site.Site, r *lint.Reporter, line source.Span) {
	f := r.At(line, "this line is neither a header nor `option = value` nor a comment, want one of them: %s", fate(s, "ARC drops it")).
		Stopping(s.Release.StrictStart)
	if name, value, ok := meantOption(s, line); ok {
		gap := source.Span{File: line.File, Start: name.End, End: value.Start}
		f.Headline = fmt.Sprintf("there is no \"=\" between %s and its value, want %s=%s: %s", name.Text(), name.Text(), value.Text(), fate(s, "ARC drops the line"))
		f.Fix(source.Edit{Span: gap, New: "="})
	} else if !s.Release.StrictStart {
		f.As(lint.Warning)
	}
}

// meantOption finds "name: value" and "name value", where the block above has an
// option of that name.
func meantOption(s *site.Site, line source.Span) (name, value source.Span, ok bool) {
	text := line.Text()
	from := len(text) - len(strings.TrimLeft(text, " \t"))
	n := strings.IndexAny(text[from:], ": \t")
	if n <= 0 {
		return name, value, false
	}
	to := from + n
	rest := strings.TrimLeft(text[to:], ": \t")
	above := sectionAbove(s, line)
	if rest == "" || rest[0] == '=' || above == nil || s.Release.Ref.Block(kindOf(above)).Option(text[from:to]) == nil {
		return name, value, false
	}
	part := func(from, to int) source.Span {
		return source.Span{File: line.File, Start: line.Start + from, End: line.Start + to}
	}
	return part(from, to), part(len(text)-len(rest), len(text)), true
}

// sectionAbove is the section into which a line at that place falls.
func sectionAbove(s *site.Site, at source.Span) *arcconf.Section {
	var above *arcconf.Section
	for _, sec := range s.Conf.Sections {
		if sec.Line.File == at.File && sec.Line.Start < at.Start {
			above = sec
		}
	}
	return above
}

func reportAbove(s *site.Site, r *lint.Reporter, line source.Span) {
	f := r.At(line, "option stands above the first block, want it below a header: %s", fate(s, "ARC drops it")).About(line.Text()).Stopping(s.Release.StrictStart)
	if !s.Release.StrictStart {
		f.As(lint.Warning)
	}
}

// reportNul: at is the first NUL byte, which may stand where it does no harm.
func reportNul(s *site.Site, r *lint.Reporter, at source.Span) {
	for _, sec := range s.Conf.Sections {
		for _, o := range sec.Options {
			if i := strings.IndexByte(o.Value.Text, 0); i >= 0 && o.Line.File == at.File {
				r.At(o.Value.Sub(i, i+1).Span, "a NUL byte stands in the value of %s, want plain text: ARC's services end the value there", o.Name.Text).About(o.Name.Text)
				return
			}
		}
	}
	r.At(at, "the file holds a NUL byte, want plain text: other tools take the file for binary").As(lint.Warning)
}

// reportFile speaks of what stands in arc.conf.d (arc-behaviour C10).
func reportFile(r *lint.Reporter, p arcconf.Problem) {
	path, isFile := p.Path, strings.HasSuffix(p.Path, ".conf")
	if path == "" {
		path = p.Span.Path()
	}
	switch {
	case p.Kind == arcconf.LinkLoop:
		r.Path(path, "this link leads back to a directory above it (%s), want it removed: ARC reads the files below again and again, so that every option stands there many times", p.Detail)
	case p.Kind == arcconf.TooMany:
		r.Path(path, "arclint reads no more than this: %s, so what stands in the rest is not judged", p.Detail).As(lint.Warning)
	case p.Detail == fs.ErrPermission.Error():
		r.Skip("%s may not be read by this user, so what it sets is not known; run as root", path)
	case isFile:
		r.Path(path, "this file of arc.conf.d cannot be read (%s), want it readable or removed: ARC stops reading at it, so the service does not start", p.Detail).Stopping(true)
	default:
		r.Path(path, "this directory of arc.conf.d cannot be read (%s), want it readable or removed: ARC passes over it, so nothing in it has an effect", p.Detail).As(lint.Warning)
	}
}

// binary says whether the file is no text of single bytes, as UTF-16 is.
func binary(f *source.File) bool {
	return f != nil && (bytes.HasPrefix(f.Data, []byte("\xff\xfe")) || bytes.HasPrefix(f.Data, []byte("\xfe\xff")))
}
