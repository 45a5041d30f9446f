package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf16"

	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/lint"
)

// The types below are the machine contract, version 1. They are apart from the
// types of the program so that those may change; arrays are never null.

type checkJSON struct {
	Version    int              `json:"version"`
	Arclint    arclintJSON      `json:"arclint"`
	Site       siteJSON         `json:"site"`
	Findings   []findingJSON    `json:"findings"`
	Suppressed []suppressedJSON `json:"suppressed"`
	Skipped    []skipJSON       `json:"skipped"`
	Summary    summaryJSON      `json:"summary"`
}

// arclintJSON says which program judged, and of which days its own tables are.
type arclintJSON struct {
	Version string `json:"version"`
	Issuers string `json:"issuers"` // day of the newest entry on a token issuer
	VOMS    string `json:"voms"`    // day of the newest entry on a VOMS server
	IGTF    string `json:"igtf"`    // newest release that is known
}

type siteJSON struct {
	Root       string   `json:"root"`
	ARCVersion string   `json:"arc_version"`
	ARCFrom    string   `json:"arc_version_from"` // who told it, or that nothing did
	ARCGuessed bool     `json:"arc_version_guessed"`
	OSFamily   string   `json:"os_family"`
	OSFrom     string   `json:"os_family_from"` // what told it, or from what it was guessed
	OSGuessed  bool     `json:"os_family_guessed"`
	OpenSSLDir string   `json:"openssl_dir"`
	Target     string   `json:"target,omitempty"` // of --target
	Config     []string `json:"config"`
}

type findingJSON struct {
	Rule        string            `json:"rule"`
	Title       string            `json:"title"` // of the rule
	Help        string            `json:"help"`  // page of the rule, below the top of the project
	Severity    string            `json:"severity"`
	Impact      string            `json:"impact"` // intrusion, outage or hygiene
	Risk        string            `json:"risk"`   // of an intrusion: critical, high, moderate or low
	Path        string            `json:"path"`
	Line        int               `json:"line"`
	Column      int               `json:"column"`
	EndLine     int               `json:"end_line"`
	EndColumn   int               `json:"end_column"`
	Message     string            `json:"message"` // headline and effect
	Headline    string            `json:"headline"`
	Effect      string            `json:"effect"`
	Action      string            `json:"action"`
	List        []string          `json:"list"` // what these speak of
	Related     []relatedJSON     `json:"related"`
	Recipes     []string          `json:"recipes"`
	Fingerprint string            `json:"fingerprint"`
	Args        map[string]string `json:"args"`
}

// suppressedJSON is a finding that a directive of the site hides: where the
// directive stands, and its reason.
type suppressedJSON struct {
	findingJSON
	Directive relatedJSON `json:"directive"`
}

type relatedJSON struct {
	Path    string `json:"path"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

type skipJSON struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}

type summaryJSON struct {
	Error   int `json:"error"`
	Warning int `json:"warning"`
	Note    int `json:"note"`

	Suppressed int `json:"suppressed"`
	Unlisted   int `json:"unlisted"` // findings of less severity than --severity
}

// CheckJSON writes the result of a check as the machine contract says. A place
// that stands in no text has line and column 0. Files that could not be read
// stand among the skipped, with an empty rule. The counts are of all, the lists are
// bounded (lint.Listed).
func CheckJSON(w io.Writer, by Program, s *site.Site, res lint.Result) error {
	out := checkJSON{
		Version:    1,
		Arclint:    arclintJSON(by),
		Site:       siteOf(s),
		Findings:   []findingJSON{},
		Suppressed: []suppressedJSON{},
		Skipped:    []skipJSON{},
		Summary: summaryJSON{
			Error: res.Count(lint.Error), Warning: res.Count(lint.Warning), Note: res.Count(lint.Note),
			Suppressed: len(res.Suppressed), Unlisted: res.Unlisted,
		},
	}
	for _, f := range lint.Listed(res.Findings) {
		out.Findings = append(out.Findings, findingOf(f))
	}
	for _, h := range lint.ListedSuppressed(res.Suppressed) {
		out.Suppressed = append(out.Suppressed, suppressedOf(h))
	}
	for _, sk := range lint.ListedSkips(res.Skips) {
		out.Skipped = append(out.Skipped, skipJSON(sk))
	}
	for _, p := range listedProblems(s) {
		out.Skipped = append(out.Skipped, skipJSON{Reason: p.Path + ": " + p.Reason})
	}
	return JSON(w, out)
}

// Program is what judged a site.
type Program struct {
	Version             string
	Issuers, VOMS, IGTF string // of which days its own tables are (issuers.Dated)
}

// RulePage is where docs/rules.md explains a rule. An anchor has no slash.
func RulePage(id string) string { return "docs/rules.md#" + strings.ReplaceAll(id, "/", "") }

func suppressedOf(h lint.Suppressed) suppressedJSON {
	p := h.Directive.Begin()
	return suppressedJSON{
		findingJSON: findingOf(h.Finding),
		Directive:   relatedJSON{Path: h.Directive.Path(), Line: p.Line, Column: p.Column, Message: h.Reason},
	}
}

func siteOf(s *site.Site) siteJSON {
	out := siteJSON{Root: s.Root, ARCVersion: s.Release.Version, ARCFrom: s.Release.Explain(), ARCGuessed: s.Release.Origin == "",
		OSFamily: string(s.OSFamily), OSFrom: s.ExplainOS(), OSGuessed: s.OSOrigin == "", OpenSSLDir: s.OpenSSLDir(), Config: []string{}}
	if s.Target != nil {
		out.Target = s.Target.Release.Version
	}
	if s.Conf != nil {
		for _, f := range s.Conf.Files {
			out.Config = append(out.Config, f.Path)
		}
	}
	return out
}

func findingOf(f lint.Finding) findingJSON {
	begin, finish := f.Span.Begin(), f.Span.Finish()
	out := findingJSON{
		Rule: f.Rule, Title: f.Title, Help: RulePage(f.Rule), Path: f.Path,
		Severity: string(f.Severity), Impact: string(f.Impact), Risk: string(f.Risk),
		Line: begin.Line, Column: begin.Column, EndLine: finish.Line, EndColumn: finish.Column,
		Message: f.Message(), Headline: f.Headline, Effect: f.Effect, Action: f.Action, List: OrEmpty(f.List),
		Related: []relatedJSON{}, Recipes: OrEmpty(f.Recipes), Fingerprint: f.Fingerprint(), Args: map[string]string{},
	}
	for k, v := range f.Args {
		out.Args[k] = v
	}
	for _, rel := range f.Related {
		p := rel.Span.Begin()
		out.Related = append(out.Related, relatedJSON{Path: rel.Path, Line: p.Line, Column: p.Column, Message: rel.Message})
	}
	return out
}

// OrEmpty is the list, and never null in JSON.
func OrEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// JSON writes a value of the machine contract. Characters that act on a terminal
// are escaped, as JSON lets any character be: the text is the same.
func JSON(w io.Writer, v any) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escaped(out.Bytes()))
	return err
}

// JSONList writes what JSON writes of v, with items in its list of that name, which is
// empty in v. An item is gone before the next one is asked for: thousands of them and
// their text together would fill the memory.
func JSONList[T any](w io.Writer, v any, name string, items iter.Seq[T]) error {
	var frame bytes.Buffer
	if err := JSON(&frame, v); err != nil {
		return err
	}
	list := fmt.Appendf(nil, "\n  %q: [", name)
	before, after, ok := bytes.Cut(frame.Bytes(), append(list, ']'))
	if !ok {
		return fmt.Errorf("there is no empty list %q", name)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	out.Write(before) // what fails here fails at Flush
	out.Write(list)
	separator := "\n    "
	for item := range items {
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		enc.SetIndent("    ", "  ")
		if err := enc.Encode(item); err != nil {
			return err
		}
		out.WriteString(separator)
		if _, err := out.Write(bytes.TrimSuffix(escaped(text.Bytes()), []byte("\n"))); err != nil {
			return err
		}
		separator = ",\n    "
	}
	if separator[0] == ',' {
		out.WriteString("\n  ")
	}
	out.WriteString("]")
	out.Write(after)
	return out.Flush()
}

// escaped is JSON without a character that acts. They stand in strings alone: the
// encoder has escaped those that JSON does not take as they are.
func escaped(data []byte) []byte {
	acts := func(r rune) bool { return r != '\n' && prose.Acts(r) }
	if !bytes.ContainsFunc(data, acts) {
		return data
	}
	var out bytes.Buffer
	for _, r := range string(data) {
		if !acts(r) {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	return out.Bytes()
}
