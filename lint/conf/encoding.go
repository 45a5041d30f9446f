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
	Why: "ARC reads arc.conf as UTF-8. At a single byte that is not UTF-8, even in a comment, its reader ends with a traceback. " +
		"The service then does not start, in any release. " +
		"A byte order mark before the first header hides that header. ARC 7 reads lines that end in CR alone; to ARC 6.17 they are one long line.",
	Source:   "arc-behaviour C6, C1, C5",
	Impact:   lint.Outage,
	Facts:    []string{"C6", "C1"},
	Severity: lint.Error,
	Effect:   doesNotStart,
	Action:   "Convert the file to UTF-8.",
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
		r.At(p.Span, "the file is UTF-16").Stopping(true)
		return
	}
	r.At(p.Span, "the file is not UTF-8 (%s)", p.Detail).
		Means("The service does not start, even if the byte is in a comment.").Stopping(true)
}

const byteOrderMark = "\ufeff"

func startsWithMark(line source.Span) bool { return strings.HasPrefix(line.Text(), byteOrderMark) }

// reportMark: ARC 7 reads no comment as a header, with a mark or without.
func reportMark(s *site.Site, r *lint.Reporter, mark source.Span) {
	f := r.At(mark, "the file begins with a byte order mark").Offer("edit-arc-conf").Fix(source.Edit{Span: mark})
	then := orStops6(s, lint.Error, "ARC does not read the first line.")
	switch {
	case s.Release.StrictStart:
	case bytes.HasPrefix(mark.File.Data[mark.End:], []byte("[common]")): // measured, C6
		then = stopping(doesNotStart)
	case startsWithComment(mark):
		then = outcome{lint.Note, "ARC 7 reads the file, since a comment follows the mark; ARC 6 does not start.", false}
	}
	then.on(f).Do("Remove the mark.")
}

func startsWithComment(mark source.Span) bool {
	rest := mark.File.Data[mark.End:]
	return len(rest) > 0 && (rest[0] == '#' || rest[0] == '\n' || rest[0] == '\r')
}

// reportReturn: the check that ARC 6 makes before it starts knows LF only, so
// that a file without LF is one comment to it.
func reportReturn(s *site.Site, r *lint.Reporter, at source.Span) {
	strict := s.Release.StrictStart
	const action = "Convert the line ends to LF."
	switch {
	case strict && !bytes.Contains(at.File.Data, []byte("\n")):
		stopping(doesNotStart6).on(r.At(at, "lines end in CR alone")).Do(action)
	case strict:
		r.At(at, "a line has a CR without LF in it").As(lint.Warning).
			Means("The parts of ARC do not agree whether the line ends there.").Do("Write LF in place of the CR, or remove it.")
	default:
		r.At(at, "a line ends in CR alone").As(lint.Note).Means("ARC 7 reads the line, but ARC 6 and other tools do not.").Do(action)
	}
}
