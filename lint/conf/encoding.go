package conf

import (
	"bytes"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var encoding = &lint.Rule{
	ID:    "conf/encoding",
	Title: "arc.conf is not plain UTF-8 text with ordinary line ends",
	Why: "ARC reads arc.conf as UTF-8. A single byte that is not, even in a comment, stops the reader with a traceback and the service does not start, in every release. " +
		"A byte order mark before the first header hides that header. Lines that end in CR alone are fine for ARC 7 and one long line for ARC 6.17.",
	Source:   "arc-behaviour C6, C1, C5",
	Facts:    []string{"C6", "C1"},
	Severity: lint.Error,
	Recipe:   lint.Manual,
	ByHand: `Convert a copy, compare it, and write it back. For -f, name the encoding that
the file has, such as UTF-16:

    install -m 0600 /etc/arc.conf /etc/arc.conf.new
    iconv -f LATIN1 -t UTF-8 /etc/arc.conf > /etc/arc.conf.new
    diff /etc/arc.conf /etc/arc.conf.new
    cp /etc/arc.conf.new /etc/arc.conf
    rm /etc/arc.conf.new

If lines end in CR alone, convert the copy in this way, and go on as above:

    tr "\r" "\n" < /etc/arc.conf > /etc/arc.conf.new

See that this prints no error then:

    iconv -f UTF-8 -t UTF-8 /etc/arc.conf > /dev/null

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, p := range s.Conf.Problems {
			switch p.Kind {
			case arcconf.NotUTF8:
				reportBytes(r, p)
			case arcconf.ByteOrderMark:
				reportMark(s, r, p.Span)
			case arcconf.CarriageReturn:
				reportReturn(s, r, p.Span)
			}
		}
	},
}

func reportBytes(r *lint.Reporter, p arcconf.Problem) {
	if binary(p.Span.File) {
		r.At(p.Span, "the file is UTF-16, want it saved as UTF-8: the service does not start").Stopping(true)
		return
	}
	r.At(p.Span, "the file is not UTF-8 (%s), want it saved as UTF-8: the service does not start, even if the byte stands in a comment", p.Detail).Stopping(true)
}

const byteOrderMark = "\ufeff"

func startsWithMark(line source.Span) bool { return strings.HasPrefix(line.Text(), byteOrderMark) }

// reportMark: ARC 7 reads no comment as a header, with a mark or without.
func reportMark(s *site.Site, r *lint.Reporter, mark source.Span) {
	f := r.At(mark, "the file begins with a byte order mark, want it removed: %s", fate(s, "ARC does not read its first line")).
		Offer("edit-arc-conf").Fix(source.Edit{Span: mark}).Stopping(s.Release.StrictStart)
	if !s.Release.StrictStart && startsWithComment(mark) {
		f.As(lint.Note).Headline = "the file begins with a byte order mark, want it removed: ARC 7 is fine with it before a comment, ARC 6 does not start"
	}
}

func startsWithComment(mark source.Span) bool {
	rest := mark.File.Data[mark.End:]
	return len(rest) > 0 && (rest[0] == '#' || rest[0] == '\n' || rest[0] == '\r')
}

// reportReturn: the check that ARC 6 makes before it starts knows LF only, so
// that a file without LF is one comment to it.
func reportReturn(s *site.Site, r *lint.Reporter, at source.Span) {
	strict := s.Release.StrictStart
	switch {
	case strict && !bytes.Contains(at.File.Data, []byte("\n")):
		r.At(at, "lines end in CR alone, want LF: ARC 6 does not start").Stopping(true)
	case strict:
		r.At(at, "a CR stands alone within a line, want LF or nothing: the parts of ARC do not agree whether a line ends there").As(lint.Warning)
	default:
		r.At(at, "a line ends in CR alone, want LF: ARC 7 reads it, ARC 6 and other tools do not").As(lint.Note)
	}
}
