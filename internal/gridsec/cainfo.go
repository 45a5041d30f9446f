package gridsec

import (
	"bytes"
	"strings"

	"gopkg.in/ini.v1"

	"arclint/internal/source"
)

// CAInfo is a *.info file of the IGTF distribution, as far as it is asked for. A
// field that does not stand there is zero; the span of a field is that of its
// line.
type CAInfo struct {
	Alias     Line
	Version   Line
	CRLURL    Line
	SHA1      Line     // fingerprint, in hexadecimal with colons
	SubjectDN Line     // without the quotes
	Requires  []string // aliases of the CAs above it, or of a policy's members
	Problems  []Problem
}

type infoKey struct {
	name string
	take func(*CAInfo, Line)
}

// infoKeys are the keys that are asked for, and where their values go.
var infoKeys = []infoKey{
	{"alias", func(i *CAInfo, l Line) { i.Alias = l }},
	{"version", func(i *CAInfo, l Line) { i.Version = l }},
	{"crl_url", func(i *CAInfo, l Line) { i.CRLURL = l }},
	{"sha1fp.0", func(i *CAInfo, l Line) { i.SHA1 = l }},
	{"subjectdn", func(i *CAInfo, l Line) { i.SubjectDN = l }},
	{"requires", func(i *CAInfo, l Line) { i.Requires = aliases(l.Text) }},
}

// parseCAInfo reads keys without a section. Nearly all files are plain enough to
// be read line by line; go-ini, which makes a buffer of four kilobytes and a
// dozen objects of each, reads the others. Where it reads all of them, the check
// of BenchmarkProcess takes 21.5 ms of CPU time in place of 19.9 ms. What spend
// does not allow for go-ini is its error.
func parseCAInfo(f *source.File, spend func(bytes int64) error) (*CAInfo, error) {
	info := &CAInfo{}
	if info.readPlain(f) {
		return info, nil
	}
	if err := spend(int64(f.Lines()) * int64(len(f.Data)) / iniShare); err != nil {
		return nil, err
	}
	*info = CAInfo{}
	info.readINI(f)
	return info, nil
}

// iniShare is how many bytes go-ini may copy for one of the budget. Of a value of
// many lines it copies all that it has with each line.
const iniShare = 128

// readPlain reads a file of plain lines: ASCII, no section, no quoted key, no text
// of several lines in quotes. It gives false for any other; what it has read is of
// no use then.
func (info *CAInfo) readPlain(f *source.File) bool {
	for n := 1; n <= f.Lines(); n++ {
		span := trim(f.Line(n))
		line := f.Data[span.Start:span.End]
		if len(line) == 0 || line[0] == '#' || line[0] == ';' {
			continue
		}
		if !isPlain(line) {
			return false
		}
		key, value, ok := bytes.Cut(line, []byte("="))
		if !ok || len(key) == 0 {
			continue
		}
		key, value = bytes.TrimRight(key, " \t"), bytes.TrimLeft(value, " \t")
		switch {
		case bytes.HasPrefix(value, []byte("`")), bytes.HasPrefix(value, []byte(`"""`)):
			return false
		case bytes.HasSuffix(value, []byte(`\`)):
			if value, n, ok = continued(f, value, n); !ok {
				return false
			}
		default:
			value = unquoted(value)
		}
		info.set(string(key), Line{Text: string(value), Span: span})
	}
	return true
}

func (info *CAInfo) set(key string, line Line) {
	for _, known := range infoKeys {
		if key == known.name {
			known.take(info, line)
		}
	}
}

// continued joins a value that ends with a backslash with the lines after line n,
// up to an empty one or one without a backslash; last is that line. ok is false
// where a line is not ASCII.
func continued(f *source.File, value []byte, n int) (joined []byte, last int, ok bool) {
	joined = bytes.Clone(value)
	for bytes.HasSuffix(joined, []byte(`\`)) {
		joined = joined[:len(joined)-1]
		n++
		span := trim(f.Line(n))
		line := f.Data[span.Start:span.End]
		if len(line) == 0 {
			break
		}
		if !isVisible(line) {
			return nil, n, false
		}
		joined = append(joined, line...)
	}
	return joined, n, true
}

// isPlain says whether a line has only blanks and visible ASCII, and begins
// neither a section nor a quoted key.
func isPlain(line []byte) bool {
	c := line[0]
	return c != '[' && c != '"' && c != '`' && isVisible(line)
}

func isVisible(line []byte) bool {
	for _, c := range line {
		if c != '\t' && (c < ' ' || c > '~') {
			return false
		}
	}
	return true
}

// unquoted takes away the quotes around a value that has no other ones of their
// kind.
func unquoted(value []byte) []byte {
	if len(value) < 2 {
		return value
	}
	c := value[0]
	if (c == '"' || c == '\'') && bytes.IndexByte(value[1:], c) == len(value)-2 {
		return value[1 : len(value)-1]
	}
	return value
}

// readINI reads the file with go-ini: values may go on after a backslash.
func (info *CAInfo) readINI(f *source.File) {
	file, err := ini.LoadSources(ini.LoadOptions{
		IgnoreInlineComment:     true, // a URL may have a "#"
		SkipUnrecognizableLines: true,
		KeyValueDelimiters:      "=",
	}, f.Data)
	if err != nil {
		info.Problems = append(info.Problems, Problem{Span: source.Span{File: f}, Message: "is not a list of keys and values: " + err.Error()})
		return
	}
	lines := keyLines(f)
	keys := file.Section("")
	for _, known := range infoKeys {
		if keys.HasKey(known.name) {
			known.take(info, Line{Text: keys.Key(known.name).Value(), Span: lines[known.name]})
		}
	}
}

// aliases reads the names of other CAs, each perhaps with a version after it.
func aliases(text string) []string {
	var names []string
	for item := range strings.SplitSeq(text, ",") {
		if words := strings.Fields(item); len(words) > 0 {
			names = append(names, words[0])
		}
	}
	return names
}

// keyLines finds the lines in which keys stand; the last one counts, as in
// go-ini. What goes on after a backslash is no key; a line without a name before
// the "=" is none either, and does not go on.
func keyLines(f *source.File) map[string]source.Span {
	lines := map[string]source.Span{}
	goesOn := false
	for n := 1; n <= f.Lines(); n++ {
		line := trim(f.Line(n))
		text := f.Data[line.Start:line.End]
		key, _, ok := bytes.Cut(text, []byte("="))
		isKey := ok && len(key) > 0 && !goesOn && text[0] != '#' && text[0] != ';'
		if isKey {
			lines[string(bytes.TrimSpace(key))] = line
		}
		goesOn = (goesOn || isKey) && bytes.HasSuffix(text, []byte(`\`))
	}
	return lines
}
