package gridsec

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// OpenSSLConf is what openssl.cnf and what it includes say of TLS and signatures for
// every program of the host: the section system_default of ssl_conf, and the
// properties of alg_section (config(5), SSL_CONF_cmd(3)).
type OpenSSLConf struct {
	Path    string // of openssl.cnf
	Err     error  // why it could not be read: then nothing is set
	Unread  string // an included file that is not there or could not be read, "" where there is none
	Files   []*source.File
	Options map[string]Line // of system_default, by their names in lower case without "tls." before them
	SHA1    Line            // rh-allow-sha1-signatures, as RHEL's OpenSSL knows it
}

// Level is the security level that the host sets for TLS, and where; ok is false
// where it sets none.
func (c *OpenSSLConf) Level() (level int, at source.Span, ok bool) {
	if c == nil {
		return 0, source.Span{}, false
	}
	line := c.Options["cipherstring"]
	_, after, found := strings.Cut(line.Text, "@SECLEVEL=")
	if !found || after == "" || after[0] < '0' || '5' < after[0] {
		return 0, line.Span, false
	}
	return int(after[0] - '0'), line.Span, true
}

const (
	maxConf       = 1 << 20 // bytes of one file; RHEL's has 12,000
	maxConfFiles  = 64
	maxConfDepth  = 8
	maxConfExpand = 1 << 12
)

// OpenSSLConf reads the configuration of OpenSSL. Included files are looked for
// inside the tree only, and no more than maxConfFiles.
func (r *Reader) OpenSSLConf(name string) *OpenSSLConf {
	c := &OpenSSLConf{Path: name, Options: map[string]Line{}}
	in := &confReader{reader: r, conf: c, sections: map[string]map[string]Line{}, section: "default"}
	if c.Err = in.read(name, 0); c.Err != nil {
		return c
	}
	start := in.value("default", "openssl_conf")
	ssl := in.value(start.Text, "ssl_conf")
	system := in.value(ssl.Text, "system_default")
	for name, line := range in.sections[system.Text] {
		// TLS.MinProtocol of RHEL is for TLS alone; DTLS.MinProtocol is not.
		c.Options[strings.TrimPrefix(strings.ToLower(name), "tls.")] = line
	}
	c.SHA1 = in.value(in.value(start.Text, "alg_section").Text, "rh-allow-sha1-signatures")
	return c
}

// confReader reads files of the form of config(5).
type confReader struct {
	reader   *Reader
	conf     *OpenSSLConf
	sections map[string]map[string]Line
	section  string
}

func (in *confReader) value(section, name string) Line { return in.sections[section][name] }

func (in *confReader) read(name string, depth int) error {
	if depth > maxConfDepth || len(in.conf.Files) >= maxConfFiles {
		return fmt.Errorf("%s: more files than arclint follows", name)
	}
	data, info, err := rootfs.Read(in.reader.fsys, name, maxConf)
	if err != nil {
		return err
	}
	f := source.New(info.Path, data)
	in.conf.Files = append(in.conf.Files, f)
	for n := 1; n <= f.Lines(); n++ {
		span, text := f.Line(n), ""
		for {
			line := withoutComment(f.Line(n).Text())
			cut, continues := strings.CutSuffix(line, `\`)
			text += cut
			if span.End = f.Line(n).End; !continues || n == f.Lines() {
				break
			}
			n++
		}
		in.take(Line{Text: strings.TrimSpace(text), Span: span}, depth)
	}
	return nil
}

// withoutComment cuts at a # that stands in no quotes.
func withoutComment(line string) string {
	var quote byte
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '#':
			return line[:i]
		}
	}
	return strings.TrimRight(line, " \t\r")
}

func (in *confReader) take(line Line, depth int) {
	text := line.Text
	if text == "" {
		return
	}
	if inside, ok := strings.CutPrefix(text, "["); ok {
		name, _, _ := strings.Cut(inside, "]")
		in.section = strings.TrimSpace(name)
		return
	}
	if rest, ok := strings.CutPrefix(text, ".include"); ok {
		in.include(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), "=")), depth)
		return
	}
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return
	}
	section, name := in.section, strings.TrimSpace(name)
	if other, own, of := strings.Cut(name, "::"); of {
		section, name = other, own
	}
	if in.sections[section] == nil {
		in.sections[section] = map[string]Line{}
	}
	in.sections[section][name] = Line{Text: in.expand(unquotedConf(strings.TrimSpace(value))), Span: line.Span}
}

// include follows a file, or all *.cnf and *.conf of a directory.
func (in *confReader) include(name string, depth int) {
	name = in.expand(unquotedConf(name))
	if !path.IsAbs(name) {
		name = path.Join(path.Dir(in.conf.Path), name)
	}
	err := in.read(name, depth+1)
	if errors.Is(err, rootfs.ErrNotRegular) {
		err = in.includeAll(name, depth)
	}
	if err != nil && in.conf.Unread == "" {
		in.conf.Unread = name
	}
}

func (in *confReader) includeAll(dir string, depth int) error {
	real, err := rootfs.Resolve(in.reader.fsys, dir)
	if err != nil {
		return err
	}
	names, err := rootfs.Names(in.reader.fsys, real)
	if err != nil {
		return err
	}
	for _, n := range names {
		if strings.HasSuffix(n.Name, ".cnf") || strings.HasSuffix(n.Name, ".conf") {
			if err := in.read(path.Join(real, n.Name), depth+1); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// expand puts the values of $name, ${name} and $(section::name) in.
func (in *confReader) expand(text string) string {
	var out strings.Builder
	for text != "" && out.Len() < maxConfExpand {
		before, after, found := strings.Cut(text, "$")
		out.WriteString(before)
		if !found {
			break
		}
		var name string
		name, text = variable(after)
		section, own, of := strings.Cut(name, "::")
		if !of {
			section, own = in.section, name
		}
		value, known := in.sections[section][own]
		if !known {
			value = in.sections["default"][own]
		}
		out.WriteString(value.Text)
	}
	return out.String()
}

// variable takes the name of a variable from the text behind its $.
func variable(text string) (name, rest string) {
	for _, pair := range []string{"{}", "()"} {
		if inside, ok := strings.CutPrefix(text, pair[:1]); ok {
			name, rest, _ = strings.Cut(inside, pair[1:])
			return name, rest
		}
	}
	end := strings.IndexFunc(text, func(r rune) bool {
		return r != '_' && r != ':' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:]
}

func unquotedConf(value string) string {
	if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		return value[1 : n-1]
	}
	return value
}
