package facts

import (
	"strings"

	"arclint/internal/pattern"
)

// methodSection has no facts: it says how they were measured.
const methodSection = "How it was measured"

var (
	factHeading    = pattern.OnDemand(`^### ([A-Z][0-9]+) (.+)$`)
	sectionHeading = pattern.OnDemand(`^## (?:[0-9]+\. )?(.+)$`)
)

// parse reads the page: how the facts were measured, and the facts. A fact ends
// at the next heading.
func parse(text string) (method string, all []Fact) {
	section := ""
	var body strings.Builder
	end := func() {
		paragraphs := strings.Trim(body.String(), "\n")
		body.Reset()
		switch {
		case section == methodSection:
			method = paragraphs
		case len(all) > 0 && all[len(all)-1].Text == "":
			all[len(all)-1].Text = paragraphs
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := factHeading().FindStringSubmatch(line); m != nil {
			end()
			all = append(all, Fact{ID: m[1], Title: m[2], Section: section})
		} else if m := sectionHeading().FindStringSubmatch(line); m != nil {
			end()
			section = m[1]
		} else {
			body.WriteString(line + "\n")
		}
	}
	end()
	return method, all
}
