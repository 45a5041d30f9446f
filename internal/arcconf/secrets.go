package arcconf

import (
	"bytes"
	"regexp"

	"arclint/internal/pattern"
	"arclint/internal/source"
)

var (
	// optionLine is a line that sets an option, or did before it was made a
	// comment; what ARC drops may have been meant as one.
	optionLine = pattern.OnDemand(`^[ \t]*([#;][#; \t]*)?[+!-]?([A-Za-z][A-Za-z0-9_.-]*)[ \t]*(=)?[ \t]*`)

	// evaluated is what ARC puts another value in the place of.
	evaluated = pattern.OnDemand(`\$(?:VAR|EVAL|EXEC)\{(.*)\}`)

	// userOfURL is the user and the password in a URL; queryOfURL and flagOf are
	// parameters of a URL and of a command that are secrets by their names.
	userOfURL  = pattern.OnDemand(`[A-Za-z][A-Za-z0-9+.-]*://([^/?#@\s"']+)@`)
	queryOfURL = pattern.OnDemand(`(?i)[?&](?:[a-z_.-]*(?:pass|pwd|secret|token|api_?key|signature)[a-z_.-]*)=([^&#\s"']+)`)
	flagOf     = pattern.OnDemand(`(?i)--?(?:[a-z_-]*(?:password|passwd|passphrase|secret|token|api-?key))[= ]([^\s"']+)`)
)

// Hide gives the file with its secrets written over: the values of options that
// secret says are such, in lines that ARC drops and in comments too, what stands
// before the "@" of a URL, parameters with names of secrets, and private keys.
// Each byte keeps its place; quotes around a value, blanks in it and a "#" behind
// a blank stay, since they tell what ARC makes of the line.
func Hide(path string, data []byte, secret func(option string) bool) *source.File {
	shown := hideKeys(data)
	if secret == nil {
		return source.New(path, shown)
	}
	if len(shown) > 0 && len(data) > 0 && &shown[0] == &data[0] {
		shown = bytes.Clone(data)
	}
	for start := 0; start < len(shown); {
		end := len(shown)
		if n := bytes.IndexAny(shown[start:], "\r\n"); n >= 0 {
			end = start + n
		}
		hideLine(shown[start:end], secret)
		start = end + 1
	}
	return source.NewHidden(path, shown, data)
}

func hideLine(line []byte, secret func(string) bool) {
	if m := optionLine().FindSubmatchIndex(line); m != nil {
		commented, equals, name := m[2] >= 0, m[6] >= 0, string(line[m[4]:m[5]])
		if (equals || !commented) && m[1] < len(line) && m[1] > m[5] && secret(name) {
			hideValue(line[m[1]:])
			return
		}
	}
	hidePart(line, "@", userOfURL)
	hidePart(line, "?&", queryOfURL)
	hidePart(line, "-", flagOf)
}

// hidePart looks only into lines with one of the signs, of which each match has
// one: nearly none.
func hidePart(line []byte, signs string, part func() *regexp.Regexp) {
	if !bytes.ContainsAny(line, signs) {
		return
	}
	for _, m := range part().FindAllSubmatchIndex(line, -1) {
		source.Hide(line[m[2]:m[3]])
	}
}

// hideValue writes over all of a value but what its form is known by.
func hideValue(value []byte) {
	value = bytes.TrimRight(value, " \t\\")
	if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		value = value[1 : n-1]
	}
	if m := evaluated().FindSubmatchIndex(value); m != nil {
		source.Hide(value[:m[0]])
		source.Hide(value[m[2]:m[3]])
		value = value[m[1]:]
	}
	for at := 0; at < len(value); {
		switch c := value[at]; {
		case c == ' ' || c == '\t', c == '#' && at > 0 && (value[at-1] == ' ' || value[at-1] == '\t'):
			at++
			continue
		}
		end := at
		for end < len(value) && value[end] != ' ' && value[end] != '\t' {
			end++
		}
		source.Hide(value[at:end])
		at = end
	}
}
