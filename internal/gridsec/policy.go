package gridsec

import (
	"bytes"
	"fmt"
	"strings"

	"arclint/internal/source"
)

// Policy is a *.signing_policy file (EACL, as Globus writes it). Only ARC 6.17
// reads it, for client certificates only; no CE of the 7 series does
// (arc-behaviour E2).
type Policy struct {
	Source   *source.File
	Entries  []*PolicyEntry
	Problems []Problem
}

// PolicyEntry is one access_id_CA line and what follows it up to the next.
type PolicyEntry struct {
	Span     source.Span // of the lines of the entry
	CA       Line        // subject of the CA, as ARC reads it; zero where it is missing
	Signs    bool        // there is a line pos_rights globus CA:sign
	Subjects []Line      // the patterns of the last cond_subjects line: it replaces earlier ones (E5)
	Replaced []Line      // the patterns of the earlier ones
	Faults   []Problem   // with any of these ARC 6.17 takes nothing from the entry (E3)
}

// parsePolicy reads a signing policy word by word as ARC 6.17 does
// (GlobusSigningPolicy.cpp). Whatever stands before the first access_id line is
// not looked at.
func parsePolicy(f *source.File) *Policy {
	p := &Policy{Source: f}
	var entry *PolicyEntry
	for n := 1; n <= f.Lines(); n++ {
		line := policyLine(f.Line(n))
		text := line.Text()
		if text == "" || text[0] == '#' {
			continue
		}
		if strings.HasPrefix(text, "access_id_") {
			entry = &PolicyEntry{Span: line}
			p.Entries = append(p.Entries, entry)
			entry.readCA(line)
			continue
		}
		if entry == nil {
			p.Problems = append(p.Problems, outsideEntry(f, n, line))
			continue
		}
		entry.Span.End = line.End
		entry.readLine(line, text)
	}
	p.check()
	return p
}

func outsideEntry(f *source.File, n int, line source.Span) Problem {
	p := Problem{Span: line, Means: "ARC 6.17 ignores this line."}
	if n == 1 && bytes.HasPrefix(f.Data, []byte("\xef\xbb\xbf")) {
		p.Message, p.Action = "a byte order mark is before the first line", "Write the file in plain ASCII, without a byte order mark."
		return p
	}
	p.Message, p.Action = "this line is before the first access_id_CA line", "Write it below the access_id_CA line of its entry."
	return p
}

// policyLine takes away what get_line does.
func policyLine(line source.Span) source.Span {
	data := line.File.Data
	for line.Start < line.End && (data[line.Start] == ' ' || data[line.Start] == '\t') {
		line.Start++
	}
	for line.Start < line.End && isBlank(data[line.End-1]) {
		line.End--
	}
	return line
}

const (
	writeRights   = "Write the line pos_rights globus CA:sign."
	writeSubjects = "Write cond_subjects globus and the subjects in single quotes."
)

func (e *PolicyEntry) fault(span source.Span, message, action string) {
	e.Faults = append(e.Faults, Problem{Span: span, Message: message, Means: "ARC 6.17 ignores this entry.", Action: action})
}

func (e *PolicyEntry) readLine(line source.Span, text string) {
	switch {
	case strings.HasPrefix(text, "pos_rights"), strings.HasPrefix(text, "neg_rights"):
		e.readRights(line)
	case strings.HasPrefix(text, "cond_"):
		e.readConditions(line)
	default:
		e.fault(line, "this is not a line of a signing policy", "Remove the line.")
	}
}

func (e *PolicyEntry) readCA(line source.Span) {
	words := policyWords(line)
	switch {
	case words[0].Text != "access_id_CA":
		e.fault(words[0].Span, fmt.Sprintf("the entry is for %q, not for access_id_CA", words[0].Text), "Begin the entry with access_id_CA.")
	case len(words) < 2 || words[1].Text != "X509":
		e.fault(line, "the authority of the CA is not X509", "Write X509 after access_id_CA.")
	case len(words) < 3:
		e.fault(line, "the subject of the CA is missing", "Write the subject of the CA in single quotes after X509.")
	default:
		e.CA = words[2]
	}
}

func (e *PolicyEntry) readRights(line source.Span) {
	words := policyWords(line)
	switch {
	case words[0].Text == "neg_rights":
		e.fault(line, "the entry has negative rights, which ARC 6.17 does not know", writeRights)
	case len(words) < 3 || words[0].Text != "pos_rights" || words[1].Text != "globus" || words[2].Text != "CA:sign":
		e.fault(line, "ARC 6.17 does not know these rights", writeRights)
	default:
		e.Signs = true
	}
}

func (e *PolicyEntry) readConditions(line source.Span) {
	e.Replaced, e.Subjects = append(e.Replaced, e.Subjects...), nil
	words := policyWords(line)
	if len(words) < 3 || words[0].Text != "cond_subjects" || words[1].Text != "globus" {
		e.fault(line, "ARC 6.17 does not know this condition", writeSubjects)
		return
	}
	e.Subjects = policyWords(words[2].Span)
}

// policyWords cuts at blanks as get_word does: a word that begins with a quote
// of either kind ends at the next one of that kind, or with the line. An empty
// word ends the line.
func policyWords(line source.Span) []Line {
	var words []Line
	data := line.File.Data[:line.End]
	for at := line.Start; ; {
		for at < line.End && (data[at] == ' ' || data[at] == '\t') {
			at++
		}
		if at >= line.End {
			return words
		}
		stop := " \t"
		if c := data[at]; c == '\'' || c == '"' {
			at, stop = at+1, string(rune(c))
		}
		end := line.End
		if n := bytes.IndexAny(data[at:], stop); n >= 0 {
			end = at + n
		}
		if end == at {
			return words
		}
		words = append(words, lineAt(line.File, at, end))
		at = end
		if at < line.End && (data[at] == '\'' || data[at] == '"') {
			at++
		}
	}
}

// check adds the problems of what is missing.
func (p *Policy) check() {
	if len(p.Entries) == 0 {
		p.Problems = append(p.Problems, Problem{
			Span:    source.Span{File: p.Source},
			Message: "the signing policy has no access_id_CA line",
			Means:   "The policy allows the CA nothing.",
			Action:  "Write an entry for the CA.",
		})
	}
	for _, e := range p.Entries {
		switch {
		case len(e.Faults) > 0:
		case !e.Signs:
			e.fault(e.Span, "the entry has no line pos_rights globus CA:sign", writeRights)
		case len(e.Subjects) == 0:
			e.fault(e.Span, "the entry has no subjects in cond_subjects", writeSubjects)
		}
		p.Problems = append(p.Problems, e.Faults...)
		p.checkQuotes(e)
		if len(e.Replaced) > 0 {
			span := e.Replaced[0].Span
			p.Problems = append(p.Problems, Problem{
				Span: span, Message: "the entry has a second cond_subjects line",
				Means: "ARC 6.17 uses only the last one and ignores this one.", Action: "Write all subjects in one cond_subjects line.",
			})
		}
	}
}

// checkQuotes finds a subject of a CA that was cut at a blank.
func (p *Policy) checkQuotes(e *PolicyEntry) {
	end := e.CA.Span.End
	if e.CA.Text == "" || end >= len(p.Source.Data) || p.Source.Data[end] != ' ' && p.Source.Data[end] != '\t' {
		return
	}
	rest := policyLine(source.Span{File: p.Source, Start: end, End: p.Source.Line(e.CA.Span.Begin().Line).End})
	if text := rest.Text(); text != "" && text[0] != '#' {
		p.Problems = append(p.Problems, Problem{
			Span: rest, Message: "the subject of the CA has a blank in it and no quotes around it",
			Means: "ARC 6.17 reads only the part before the blank.", Action: "Write the subject in single quotes.",
		})
	}
}
