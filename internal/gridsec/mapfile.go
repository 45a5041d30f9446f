package gridsec

import (
	"bytes"
	"strings"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// MapFile is a grid-mapfile or a list of subjects.
type MapFile struct {
	Path     string
	Info     rootfs.Info
	Source   *source.File
	Err      error
	Dir      bool // it is a directory, which ARC reads as an empty list (arc-behaviour A7)
	Entries  []MapEntry
	Problems []Misread
}

// MapEntry is one line: a subject and, in a grid-mapfile, an account.
type MapEntry struct {
	Subject Line
	Account Line
}

// MapFile reads a grid-mapfile, the file of map_with_file or that of file=. It
// never fails: MapFile.Err says why there is nothing.
func (r *Reader) MapFile(path string) *MapFile {
	m := &MapFile{Path: path}
	m.Source, m.Info, m.Err = r.readText(path)
	if m.Err != nil && m.Info.Mode.IsDir() {
		m.Source, m.Err, m.Dir = source.New(path, nil), nil, true
	}
	if m.Err == nil {
		m.parse()
	}
	return m
}

// parse reads as ARC does (match_file in auth_file.cpp, map_mapfile in
// unixmap.cpp): words are separated by spaces and by nothing else, double quotes
// keep a word together, "#" begins a comment only as the first character.
func (m *MapFile) parse() {
	for n := 1; n <= m.Source.Lines(); n++ {
		line := m.Source.Line(n)
		if end := line.End; end < len(m.Source.Data) && m.Source.Data[end] == '\r' {
			line.End++ // ARC does not take it away
		}
		m.parseLine(line)
	}
}

func (m *MapFile) parseLine(line source.Span) {
	data := m.Source.Data
	at := line.Start
	for at < line.End && isSpace(data[at]) {
		at++
	}
	if at == line.End || data[at] == '#' {
		return
	}
	subject, at := m.token(at, line.End)
	if subject.Text == "" {
		m.misread(line, "the subject is empty", "ARC skips the line.", "Write a subject, or remove the line.")
		return
	}
	account, at := m.token(at, line.End)
	if hideOdd(data[account.Span.Start:account.Span.End]); account.Text != "" {
		account = lineAt(m.Source, account.Span.Start, account.Span.End)
	}
	m.Entries = append(m.Entries, MapEntry{Subject: subject, Account: account})
	further, _ := m.token(at, line.End)
	m.checkEntry(line, subject, account, further)
}

// token is get_token of ARC's StringConv.cpp for spaces and double quotes: a
// quote without its partner is an ordinary character.
func (m *MapFile) token(at, end int) (Line, int) {
	data := m.Source.Data
	for at < end && data[at] == ' ' {
		at++
	}
	if at < end && data[at] == '"' {
		if n := bytes.IndexByte(data[at+1:end], '"'); n >= 0 {
			return lineAt(m.Source, at+1, at+1+n), at + n + 2
		}
	}
	stop := end
	if at < end {
		if n := bytes.IndexByte(data[at+1:end], ' '); n >= 0 {
			stop = at + 1 + n
		}
	}
	return lineAt(m.Source, at, stop), stop
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func (m *MapFile) misread(at source.Span, headline, effect, action string) {
	m.Problems = append(m.Problems, Misread{at, headline, effect, action})
}

// checkEntry says what ARC reads otherwise than it was probably meant.
func (m *MapFile) checkEntry(line source.Span, subject, account, further Line) {
	text := line.Text()
	quoted := subject.Span.Start > 0 && m.Source.Data[subject.Span.Start-1] == '"'
	switch {
	case strings.HasPrefix(subject.Text, `"`):
		m.misread(subject.Span, "the double quote has no partner in the line", "ARC reads it as a part of the subject.", "Close the quotes.")
	case strings.ContainsAny(subject.Text, "\t\r"), strings.ContainsAny(account.Text, "\t\r"):
		at := line
		at.Start += strings.IndexAny(text, "\t\r")
		at.End = at.Start + 1
		m.misread(at, "the line has a tab or a carriage return", "ARC separates words by spaces only, and reads it as a part of the word.",
			"Write a space in its place, or remove it.")
	case !quoted && strings.HasPrefix(subject.Text, "/") &&
		(strings.ContainsAny(account.Text, "=/") || further.Text != "" && account.Text != "#" && further.Text[0] != '#'):
		m.misread(subject.Span, "the subject has a space in it and no quotes around it", "ARC reads only the part before the space.",
			"Write the subject in double quotes.")
	}
}
