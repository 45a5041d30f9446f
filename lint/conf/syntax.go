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
		"ARC 6.17 does not start on anything else. ARC 7 drops the line with a message in a log and starts. " +
		"A header with a comment after it, or without its bracket, is not a header to ARC. The rules below it fall into the block above, " +
		"and people get in through a group that was not meant for them. `arcctl config verify` reports none of this.",
	Source:   "arc-behaviour S8, C1, C2, C10; S72 src/utils/python/arc/utils/config.py:41-66",
	Impact:   lint.Outage,
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
	below := "ARC drops its options."
	if p.Section != nil {
		below = fmt.Sprintf("The options below it fall into [%s] above.", p.Section.Name)
	}
	f := r.At(p.Span, "ARC does not read this line as a header (%s)", p.Detail).
		Do("Write `[name]`, alone on the line.").About(p.Span.Text())
	orStops6(s, lint.Error, below).on(f)
	if p.Section != nil {
		f.Relate(p.Section.Header.Span, "the block into which they fall")
	}
	if p.Header.Text != "" {
		f.Do("Write [%s], alone on the line.", p.Header.Text).Fix(headerEdits(p)...)
	}
}

// reportLine: a line that names an option of its block was meant to set it.
func reportLine(s *site.Site, r *lint.Reporter, line source.Span) {
	f := r.At(line, "this line is not a header, an option or a comment").
		Do("Write an option as `option = value`, or a comment with # in column 1.")
	dropped := orStops6(s, lint.Error, dropsLine)
	dropped.on(f)
	if name, value, ok := meantOption(s, line); ok {
		gap := source.Span{File: line.File, Start: name.End, End: value.Start}
		f.Headlined("there is no \"=\" between %s and its value", name.Text()).Do("Write %s=%s.", name.Text(), value.Text()).
			Fix(source.Edit{Span: gap, New: "="})
	} else if !dropped.stops {
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
	f := r.At(line, "this option is above the first block").Do("Move it below the header of its block.").About(line.Text())
	orStops6(s, lint.Warning, dropsLine).on(f)
}

// dropsLine is what ARC 7 does with a line that it cannot read.
const dropsLine = "ARC drops the line."

// reportNul: at is the first NUL byte, which may stand where it does no harm.
func reportNul(s *site.Site, r *lint.Reporter, at source.Span) {
	for _, sec := range s.Conf.Sections {
		for _, o := range sec.Options {
			if i := strings.IndexByte(o.Value.Text, 0); i >= 0 && o.Line.File == at.File {
				r.At(o.Value.Sub(i, i+1).Span, "the value of %s has a NUL byte in it", o.Name.Text).
					Means("ARC's services end the value there.").Do("Remove the byte.").About(o.Name.Text)
				return
			}
		}
	}
	r.At(at, "the file has a NUL byte in it").
		Means("Other tools treat the file as binary.").Do("Remove the byte.").As(lint.Warning)
}

// reportFile speaks of what stands in arc.conf.d (arc-behaviour C10).
func reportFile(r *lint.Reporter, p arcconf.Problem) {
	path, isFile := p.Path, strings.HasSuffix(p.Path, ".conf")
	if path == "" {
		path = p.Span.Path()
	}
	switch {
	case p.Kind == arcconf.LinkLoop:
		r.Path(path, "this link %s, a directory above it", p.Detail).
			Means("ARC reads the files below again and again, so that every option is set many times.").Do("Remove the link.")
	case p.Kind == arcconf.TooMany:
		r.Path(path, "arclint cannot read all of the configuration").As(lint.Warning).
			Means("arclint does not judge the rest (%s).", p.Detail).Do("Make the configuration smaller, or check the rest by eye.")
	case p.Detail == fs.ErrPermission.Error():
		r.Skip("this user may not read %s, so its settings are not known; run as root", path)
	case isFile:
		r.Path(path, "this file of arc.conf.d cannot be read (%s)", p.Detail).Stopping(true).
			Means("ARC stops reading at it, so the service does not start.").Do("Make it readable, or remove it.")
	default:
		r.Path(path, "this directory of arc.conf.d cannot be read (%s)", p.Detail).As(lint.Warning).
			Means("ARC ignores it, so nothing in it has an effect.").Do("Make it readable, or remove it.")
	}
}

// binary says whether the file is no text of single bytes, as UTF-16 is.
func binary(f *source.File) bool {
	return f != nil && (bytes.HasPrefix(f.Data, []byte("\xff\xfe")) || bytes.HasPrefix(f.Data, []byte("\xfe\xff")))
}
