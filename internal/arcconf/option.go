package arcconf

import (
	"strings"
	"unicode/utf8"
)

// ARC has a second reader of its configuration. The services do not read
// arc.conf but the merged file that config.py writes, and their readers
// (hed/libs/common/ArcConfigIni.cpp, hed/shc/legacy/ConfigParser.cpp) differ:
//
//   - a name that begins with # makes the line a comment (Option.Ignored);
//   - blanks around the kind and the identifier of a block fall away (Block);
//   - ArcConfigIni ends a value at a NUL byte (problem NulByte);
//   - kinds of blocks compare without regard to case, which changes nothing,
//     as 7.x drops a kind of unknown spelling before it writes and 6.17 does
//     not start (arc-behaviour B5);
//   - 7.x writes the blocks in the order of its table of defaults, not in that
//     of arc.conf; the order of blocks of one kind and of options stays;
//   - a repeated header is written once for every repeat, each time with all
//     options of the block, so that these readers meet each option again.
//
// Prefixes (+ - !) are no matter of either reader: "-subject" is the name of
// the option. Quotes stay in the value in both.

// Ignored says whether the services skip the option, whose name begins with #,
// as a comment. config.py keeps it, and 6.17 does not start on it
// (arc-behaviour C1).
func (o *Option) Ignored() bool { return isComment(o.Name.Text) }

// Commented says whether the line was probably meant as a comment: its name
// begins with # or with ;.
func (o *Option) Commented() bool {
	return o.Ignored() || strings.HasPrefix(o.Name.Text, ";")
}

// InlineComment finds what looks like a comment after the value: a # that
// begins the value or follows a blank, to the end of the line. To ARC it is part
// of the value (arc-behaviour C3), and may be meant so ("/CN=Robot #2").
func (o *Option) InlineComment() (Word, bool) {
	value := o.Value.Text
	for i := range value {
		if value[i] != '#' {
			continue
		}
		if before, _ := utf8.DecodeLastRuneInString(value[:i]); i == 0 || isSpace(before) {
			return o.Value.Sub(i, len(value)), true
		}
	}
	return Word{}, false
}

// Quoted says whether ARC's validator complains of quotes around the value
// (Validator.py: `".*"` or `'.*'` at its start). That rule also hits values such
// as `"a" b "c"`, where the quotes are right; see Enclosed.
func (o *Option) Quoted() bool {
	v := o.Value.Text
	return v != "" && isQuote(v[0]) && strings.IndexByte(v[1:], v[0]) >= 0
}

// Enclosed says whether one pair of quotes stands round the whole value, and
// gives what is between them.
func (o *Option) Enclosed() (inner Word, ok bool) {
	v := o.Value.Text
	last := len(v) - 1
	if !o.Quoted() || strings.IndexByte(v[1:], v[0])+1 != last {
		return Word{}, false
	}
	return o.Value.Sub(1, last), true
}

func isQuote(c byte) bool { return c == '"' || c == '\'' }
