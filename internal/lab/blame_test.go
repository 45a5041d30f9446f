//go:build lab

package lab_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

// blame is what a message of ARC's checks is about: a block, an option of it, a
// file, or a line of arc.conf.
type blame struct {
	block, option, path string
	line                int
}

func (b blame) String() string {
	return fmt.Sprintf("[%s] %s %s line %d", b.block, b.option, b.path, b.line)
}

// pattern reads a message. The groups of its expression have the names of the
// fields of blame; what it always speaks of is given.
type pattern struct {
	text  string
	fixed blame
}

// patterns are all errors of Validator.py, config.py and arc-config-check (arc-checks b1 to b4).
var patterns = []pattern{
	{`^Whitespace not allowed in \[(?P<block>.*)\]$`, blame{}},
	{`^Unknown block \[(?P<block>.*)\]$`, blame{}},
	{`^'(?P<option>.*)' is not a valid option in \[(?P<block>.*)\]$`, blame{}},
	{`^(?P<option>.*) option in \[(?P<block>.*)\] has an empty value$`, blame{}},
	{`^(?P<option>.*) option in \[(?P<block>.*)\] block is not multivalued`, blame{}},
	{`(?s)^Values must not be enclosed in quotes \((?P<option>[^=]*)=.* in \[(?P<block>[^\]]*)\]\)$`, blame{}},
	{`(?s)^Value '.*' for option '(?P<option>[^']*)' in \[(?P<block>[^\]]*)\] is not in allowed values`, blame{}},
	{`^benchmark option '.*' in \[(?P<block>.*)\] has incorrect syntax$`, blame{option: "benchmark"}},
	{`^cachedir must specify`, blame{block: "arex/cache", option: "cachedir"}},
	{`^(sessiondir |Second option in sessiondir|Sessiondir unknown instruction)`, blame{block: "arex", option: "sessiondir"}},
	{`^controldir must specify`, blame{block: "arex", option: "controldir"}},
	{`^.* must have permissions 0700 or 0755$`, blame{block: "arex", option: "controldir"}},
	{`directory \(controldir\) should be 755 or 700`, blame{block: "arex", option: "controldir"}},
	{`(?i)tmpdir .*sticky`, blame{block: "arex", option: "tmpdir"}},
	{`^maxjobs must`, blame{block: "arex", option: "maxjobs"}},
	{`admindomain_name .*contains the following errors`, blame{block: "infosys/glue2", option: "admindomain_name"}},
	{`^Mandatory block \[(?P<block>.*)\] is missing$`, blame{}},
	{`^Missing mandatory block '(?P<block>.*)'$`, blame{}},
	{`\[mapping\] block cannot be empty`, blame{block: "mapping"}},
	{`^Mandatory lrms option`, blame{block: "lrms"}},
	{`lrms requires installing|is not an allowed lrms name$|^The default queue:`, blame{block: "lrms", option: "lrms"}},
	{`^Directory (?P<path>.*) does not exist$`, blame{}},
	{`^x509_cert_dir: The certificate directory`, blame{block: "common", option: "x509_cert_dir"}},
	{`^CA directory does not exist at`, blame{block: "common", option: "x509_cert_dir"}},
	{`^["']?(?P<path>/[^\s"']*)["']?( #.*)? does not exist$`, blame{}},
	{`^(?P<path>/\S*) must have permissions 0600 or 0400$`, blame{}},
	{`^(?P<path>/\S*) is not owned by this user$`, blame{}},
	{`^Host certificate verification failed|^Attempt to verify host certificate failed`, blame{path: "hostcert.pem"}},
	{`^The host (certificate|key) '["']?(?P<path>/[^"']*)["']*'? `, blame{}},
	{`^Permission of '["']?(?P<path>/[^"']*)["']*'? must be`, blame{}},
	{`^Verification of host cert at (?P<path>\S*) with`, blame{}},
	{`^Host certificate (?P<path>\S*) has expired`, blame{}},
	{`^Option definition comes before block definition and will be ignored - line #(?P<line>\d+):`, blame{}},
	{`^/\S*: ?(?P<line>\d+): ?(Bad line!|No value specified|found value=name pair|found unknown parameter)`, blame{}},
	{`^No spaces allowed within block keywords or identifiers: \[(?P<block>.*)\]$`, blame{}},
	{`^Unknown block identifier '\[(?P<block>.*)\]'$`, blame{}},
	{`^KeyError: '(?P<block>common|mapping|lrms)'$`, blame{}},
	{`^KeyError: '(?P<option>\w+)'$`, blame{}},
	{`^AttributeError: 'list' object has no attribute 'split'$`, blame{block: "lrms"}},
	{`^TypeError: stat: path should be .* not list$`, blame{block: "common"}},       // a certificate or key given twice
	{`^IndexError: list index out of range$`, blame{block: "lrms", option: "lrms"}}, // it takes the first word of nothing
	{`^Wrong (syntax|identifiers) to evaluate`, blame{}},
}

var expressions = func() []*regexp.Regexp {
	var list []*regexp.Regexp
	for _, p := range patterns {
		list = append(list, regexp.MustCompile(p.text))
	}
	return list
}()

// blameOf reads a message; false: nobody has seen one like it.
func blameOf(message string) (blame, bool) {
	for i, re := range expressions {
		m := re.FindStringSubmatch(message)
		if m == nil {
			continue
		}
		b := patterns[i].fixed
		for j, name := range re.SubexpNames() {
			switch name {
			case "block":
				b.block = m[j]
			case "option":
				b.option = m[j]
			case "path":
				b.path = m[j]
			case "line":
				b.line, _ = strconv.Atoi(m[j])
			}
		}
		return b, true
	}
	return blame{}, false
}

// answered says whether one of the findings speaks of what is blamed, or of the
// option from which it has its value.
func (b blame) answered(s *site.Site, findings []lint.Finding) bool {
	if source, ok := b.inherits(s); ok {
		return source.answered(s, findings)
	}
	return slices.ContainsFunc(findings, func(f lint.Finding) bool { return b.answeredBy(s, f) })
}

// inherits gives the option from which one that is not written has its value.
func (b blame) inherits(s *site.Site) (blame, bool) {
	ref := s.Release.Ref.Block(b.block)
	for _, block := range s.Conf.Kind(b.block) {
		if slices.ContainsFunc(block.Options, func(o *arcconf.Option) bool { return o.Name.Text == b.option }) {
			return blame{}, false
		}
	}
	if ref == nil || ref.Option(b.option) == nil {
		return blame{}, false
	}
	m := variable.FindStringSubmatch(ref.Option(b.option).Default)
	if m == nil {
		return blame{}, false
	}
	return blame{block: m[1], option: m[2]}, true
}

var variable = regexp.MustCompile(`\$VAR\{\[([^\]]*)\](\w+)\}`)

func (b blame) answeredBy(s *site.Site, f lint.Finding) bool {
	if b.path != "" && (strings.HasSuffix(f.Path, b.path) || strings.Contains(f.Message(), b.path)) {
		return true
	}
	spans := []source.Span{f.Span}
	for _, r := range f.Related {
		spans = append(spans, r.Span)
	}
	return slices.ContainsFunc(spans, func(at source.Span) bool { return b.standsAt(s.Conf, at) }) ||
		b.path == "" && b.line == 0 && f.Span.IsZero() && strings.Contains(f.Message(), "["+b.block+"]") ||
		b.option == "x509_cert_dir" && f.Rule == "trust/trust-dir-missing"
}

// standsAt says whether a place of arc.conf is that of what is blamed.
func (b blame) standsAt(d *arcconf.Document, at source.Span) bool {
	if at.IsZero() || at.File != d.Main && b.line > 0 {
		return false
	}
	if b.line > 0 {
		return at.Begin().Line <= b.line && b.line <= at.Finish().Line || headerAbove(d, b.line, at)
	}
	for _, sec := range d.Sections {
		if b.block != "" && !sameKind(sec.Name, b.block) && !sameKind(sec.Header.Text, b.block) {
			continue
		}
		if b.option == "" && b.path == "" && within(at, sec) {
			return true
		}
		for _, o := range sec.Options {
			named := b.option != "" && o.Name.Text == b.option || b.path != "" && strings.Contains(o.Value.Text, b.path)
			if named && overlaps(at, o.Line) {
				return true
			}
		}
	}
	return false
}

// headerAbove says whether a place is the header of the block of a line: who
// finds the block unknown does not list its lines.
func headerAbove(d *arcconf.Document, line int, at source.Span) bool {
	for _, sec := range d.Sections {
		for _, o := range sec.Options {
			if o.Line.Begin().Line == line && overlaps(at, sec.Header.Span) {
				return true
			}
		}
	}
	return false
}

// sameKind: the checks call [queue:fork] queue.
func sameKind(name, blamed string) bool {
	kind, _, _ := strings.Cut(name, ":")
	return name == blamed || strings.TrimSpace(kind) == blamed || strings.HasPrefix(name, blamed)
}

func overlaps(a, b source.Span) bool {
	return a.File == b.File && a.Start <= b.End && b.Start <= a.End
}

func within(at source.Span, sec *arcconf.Section) bool {
	if overlaps(at, sec.Line) {
		return true
	}
	return slices.ContainsFunc(sec.Options, func(o *arcconf.Option) bool { return overlaps(at, o.Line) })
}
