package recipes

import (
	"slices"
	"strings"
)

// Flags are those of a command line that say which site is read and as what,
// name and value in turn: "--root", "./ce". Every command that a report prints
// repeats them, so that it speaks of the same site.
type Flags []string

// Command writes an arclint command as one line of a POSIX shell, which runs
// from the directory from which the flags were given.
func (f Flags) Command(verb string, words ...string) string {
	line := []string{"arclint", verb}
	for _, word := range slices.Concat(f, words) {
		line = append(line, argument(word))
	}
	return strings.Join(line, " ")
}

// argument quotes a word behind a command, where an equals sign within it means
// nothing to the shell.
func argument(word string) string {
	if name, value, ok := strings.Cut(word, "="); ok && plainWord(name) && plainWord(value) {
		return word
	}
	return quote(word)
}

// Without are the flags but those of these names.
func (f Flags) Without(names ...string) Flags {
	var left Flags
	for i := 0; i+1 < len(f); i += 2 {
		if !slices.Contains(names, f[i]) {
			left = append(left, f[i], f[i+1])
		}
	}
	return left
}

// Placeholder stands in a printed command for a value that only a person knows.
const Placeholder = "VALUE"

// NeedsError is the error of a recipe that could do its work if it were told
// something. Test with errors.As.
type NeedsError struct {
	Flags []string // of the command line, with placeholders: "--set", "audience=VALUE"
	Text  string   // what is asked, and how to answer
}

// Error implements error.
func (e NeedsError) Error() string { return e.Text }

// needsAnswers asks for values of --set.
func needsAnswers(text string, keys ...string) error {
	var flags []string
	for _, key := range keys {
		flags = append(flags, "--set", key+"="+Placeholder)
	}
	return NeedsError{Flags: flags, Text: text}
}
