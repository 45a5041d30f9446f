package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// event is what `go test -json` writes as a line (go doc test2json), with what
// `go build -json` writes among it (go help buildjson).
type event struct {
	Action, Package, Test, Output string
}

// results turns events back into what `go test` prints, and keeps the skips.
type results struct {
	out      io.Writer
	packages map[string]*pkg
	skips    []skip
}

// skip is a skipped test with the reason that it gave.
type skip struct{ pkg, test, reason string }

// pkg is what a package has printed: shown where it fails.
type pkg struct {
	lines []event
	fine  map[string]bool // the tests that passed or were skipped
}

// read goes through the events to their end.
func (r *results) read(events io.Reader) error {
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if json.Unmarshal(line, &e) != nil {
			e = event{Action: "build-output", Output: string(line)}
		}
		r.take(e)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *results) take(e event) {
	p := r.packages[e.Package]
	if p == nil {
		p = &pkg{fine: map[string]bool{}}
		r.packages[e.Package] = p
	}
	switch {
	case e.Action == "build-output":
		fmt.Fprint(r.out, e.Output)
	case e.Action == "output":
		p.lines = append(p.lines, e)
	case e.Test != "" && e.Action == "skip":
		r.skips = append(r.skips, skip{e.Package, e.Test, p.reason(e.Test)})
		p.fine[e.Test] = true
	case e.Test != "" && e.Action == "pass":
		p.fine[e.Test] = true
	case e.Test == "" && (e.Action == "pass" || e.Action == "skip" || e.Action == "fail"):
		p.show(r.out, e.Action == "fail")
		delete(r.packages, e.Package)
	}
}

// show prints the closing line of a package that is fine, and of one that
// failed what it said beside its tests that are fine.
func (p *pkg) show(out io.Writer, failed bool) {
	for _, e := range p.lines {
		closing := strings.HasPrefix(e.Output, "ok  \t") || strings.HasPrefix(e.Output, "?   \t")
		if e.Test == "" && closing || failed && !p.fine[e.Test] && !progress(e.Output) {
			fmt.Fprint(out, e.Output)
		}
	}
}

// progress tells the lines that go test prints with -v only, which -json implies.
func progress(line string) bool {
	return strings.HasPrefix(line, "=== ")
}

// place is where a test logged a line.
var place = regexp.MustCompile(`^[\w.-]+\.go:\d+: `)

// reason is what a skipped test said last. A test script shows its log after
// that, which is none.
func (p *pkg) reason(test string) string {
	var said []string
	for _, e := range p.lines {
		text := strings.TrimSpace(e.Output)
		if e.Test != test || progress(text) || strings.HasPrefix(text, "--- SKIP") {
			continue
		}
		if strings.HasPrefix(text, "testscript.go:") {
			break
		}
		if at := place.FindString(text); at != "" {
			said, text = nil, text[len(at):]
		}
		said = append(said, text)
	}
	if len(said) == 0 {
		return "no reason is given"
	}
	return strings.Join(said, "\n")
}
