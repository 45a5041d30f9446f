package conffmt

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"arclint/internal/arcconf"
	"arclint/internal/source"
)

// Error says why a file is not formatted, and at which place.
type Error struct {
	Span   source.Span
	Reason string
}

// Error gives "path:line: reason".
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.Span.Path(), e.Span.Begin().Line, e.Reason)
}

// refuse gives the first place at which the file is not sound, or nil.
func refuse(doc *arcconf.Document) error {
	data := doc.Main.Data
	var first *Error
	found := func(at source.Span, reason string) {
		if first == nil || at.Start < first.Span.Start {
			first = &Error{Span: at, Reason: reason}
		}
	}
	if arcconf.HoldsKey(data) {
		at := bytes.Index(data, []byte("PRIVATE KEY"))
		return &Error{Span: source.Span{File: doc.Main, Start: at, End: at}, Reason: "a private key stands here, want it in a file of its own: it is not printed"}
	}
	for _, p := range doc.Problems {
		found(p.Span, reasons[p.Kind])
	}
	if at := bytes.Index(data, []byte("\r\n")); at >= 0 {
		found(source.Span{File: doc.Main, Start: at, End: at + 2}, "the line ends in CR LF, want LF: as it is ARC reads it, other tools do not")
	}
	for _, s := range doc.Sections {
		if reason := oddSection(s); reason != "" {
			found(s.Line, reason)
		}
		for _, o := range s.Options {
			if o.Ignored() {
				found(o.Line, "an option whose name begins with #, want the # in column 1 if it is a comment: the services skip it, and ARC's reader does not")
			}
		}
	}
	if first == nil {
		return nil
	}
	return first
}

// reasons say what is wrong with a line, for every kind of problem that the text
// of one file can have.
var reasons = map[arcconf.ProblemKind]string{
	arcconf.NotParsed:        "neither header, option nor comment, want it repaired or removed: ARC drops the line",
	arcconf.IndentedComment:  "a comment that does not begin in column 1, want it moved there: ARC drops the line with a warning",
	arcconf.SemicolonComment: "a comment that begins with ; , want #: ARC drops the line with a warning",
	arcconf.BeforeFirstBlock: "an option above all headers, want it in its block: ARC drops it",
	arcconf.BrokenHeader:     "a header that is none, want [name] alone in its line: the options below fall into the block above",
	arcconf.NotUTF8:          "the file is not UTF-8, want it saved as UTF-8: ARC does not read it",
	arcconf.ByteOrderMark:    "the file begins with a byte order mark, want it removed: ARC takes it for a part of the line",
	arcconf.CarriageReturn:   "a CR stands alone, want LF or nothing: the parts of ARC do not agree whether a line ends there",
	arcconf.NulByte:          "a NUL byte, want it removed: the parts of ARC do not agree where the value ends",
}

// oddSection says why ARC does not take a header for what it looks like.
func oddSection(s *arcconf.Section) string {
	if s.ReplacedBy != nil {
		return fmt.Sprintf("[%s] stands again in line %d, want one of them: ARC reads the last and drops this", s.Name, s.ReplacedBy.Line.Begin().Line)
	}
	kind, id, named := strings.Cut(s.Name, ":")
	if kind != trimBlanks(kind) || named && id != trimBlanks(id) {
		return fmt.Sprintf("blanks stand in the name [%s], want none: the parts of ARC do not agree which block it is", s.Name)
	}
	return ""
}

// trimBlanks takes away what Python takes for blanks: four separators too that
// Go does not.
func trimBlanks(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f })
}

// refuseToMove gives the first place that ARC 6 would read otherwise if the
// blocks were sorted so, or nil.
func refuseToMove(blocks, sorted []*block) error {
	if slices.Equal(blocks, sorted) {
		return nil
	}
	for _, b := range blocks {
		for _, o := range b.Options {
			if strings.Contains(o.Value.Text, "$VAR{") {
				return &Error{Span: o.Value.Span, Reason: byHand + "the value is a reference, and ARC 6 works references out block by block, once"} // config.py, _evaluate_values
			}
		}
	}
	was, is := readByGridFTP(blocks), readByGridFTP(sorted)
	for i, b := range was {
		if b != is[i] {
			return &Error{Span: b.Line, Reason: byHand + fmt.Sprintf("the gridftpd of ARC 6 reads one block after the other, and [%s] is none that may move", b.Name)}
		}
	}
	return nil
}

const byHand = "the blocks are not in ARC's order, want them put in order by hand: "

// readByGridFTP are the blocks that gridftpd reads in the order of the file,
// each with what it knows from those above (services/gridftpd/fileroot_config.cpp);
// none if there is no gridftpd.
func readByGridFTP(blocks []*block) []*block {
	var read []*block
	runs := false
	for _, b := range blocks {
		switch kind := kindOf(b.Name); kind {
		case "gridftpd", "gridftpd/jobs", "gridftpd/filedir":
			runs = true
			fallthrough
		case "common", "authgroup", "userlist", "mapping":
			read = append(read, b)
		}
	}
	if !runs {
		return nil
	}
	return read
}
