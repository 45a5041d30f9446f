package gridsec

import (
	"bytes"
	"strings"

	"gopkg.in/ini.v1"

	"arclint/internal/source"
)

// CAInfo is a *.info file of the IGTF distribution. A field that does not stand
// there is zero; the span of a field is that of its line.
type CAInfo struct {
	Alias     Line
	Version   Line
	Status    Line // "accredited:classic"
	Email     Line
	URL       Line
	CAURL     Line
	CRLURL    Line
	SHA1      Line     // fingerprint, in hexadecimal with colons
	SubjectDN Line     // without the quotes
	Requires  []string // aliases of the CAs above it, or of a policy's members
	Problems  []Problem
}

// parseCAInfo reads the file with go-ini: keys without a section, values that
// may go on after a backslash.
func parseCAInfo(f *source.File) *CAInfo {
	info := &CAInfo{}
	file, err := ini.LoadSources(ini.LoadOptions{
		IgnoreInlineComment:     true, // a URL may have a "#"
		SkipUnrecognizableLines: true,
		KeyValueDelimiters:      "=",
	}, f.Data)
	if err != nil {
		info.Problems = append(info.Problems, Problem{Span: source.Span{File: f}, Message: "is not a list of keys and values: " + err.Error()})
		return info
	}
	lines := keyLines(f)
	keys := file.Section("")
	get := func(name string) Line {
		if !keys.HasKey(name) {
			return Line{}
		}
		return Line{Text: keys.Key(name).Value(), Span: lines[name]}
	}
	info.Alias, info.Version, info.Status = get("alias"), get("version"), get("status")
	info.Email, info.URL, info.CAURL, info.CRLURL = get("email"), get("url"), get("ca_url"), get("crl_url")
	info.SHA1, info.SubjectDN = get("sha1fp.0"), get("subjectdn")
	info.Requires = aliases(get("requires").Text)
	return info
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
// go-ini.
func keyLines(f *source.File) map[string]source.Span {
	lines := map[string]source.Span{}
	for n := 1; n <= f.Lines(); n++ {
		line := trim(f.Line(n))
		key, _, ok := bytes.Cut(f.Data[line.Start:line.End], []byte("="))
		if ok {
			lines[string(bytes.TrimSpace(key))] = line
		}
	}
	return lines
}
