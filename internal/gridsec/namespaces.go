package gridsec

import (
	"strings"

	"arclint/internal/source"
)

// Namespaces is a *.namespaces file (EUGridPMA). No ARC release reads it (arc-behaviour E1).
type Namespaces struct {
	Rules    []NamespaceRule
	Problems []Problem
}

// NamespaceRule is TO ISSUER "..." PERMIT SUBJECT "...".
type NamespaceRule struct {
	Span    source.Span
	Issuer  Line // a subject, or SELF for the CA whose file it is
	Permit  bool // DENY otherwise
	Subject Line // a regular expression
}

// parseNamespaces reads a namespaces file. Key words are read in any case, a
// backslash at the end of a line and the line ends count as blanks, a "#"
// outside quotes begins a comment.
func parseNamespaces(f *source.File) *Namespaces {
	n := &Namespaces{}
	tokens := namespaceTokens(f)
	for at := 0; at < len(tokens); {
		rule, ok := namespaceRule(tokens[at:])
		if ok {
			n.Rules = append(n.Rules, rule)
			at += len(namespaceForm)
			continue
		}
		n.Problems = append(n.Problems, Problem{Span: tokens[at].Span, Message: `this is not a rule TO ISSUER "..." PERMIT SUBJECT "..."`})
		for at++; at < len(tokens) && !tokens[at].is("TO"); at++ {
		}
	}
	return n
}

// namespaceToken is a word, or a text in double quotes.
type namespaceToken struct {
	Line
	quoted bool
}

func (t namespaceToken) is(word string) bool { return !t.quoted && strings.EqualFold(t.Text, word) }

// namespaceForm is the rule: "" stands for a text in quotes.
var namespaceForm = [...]string{"TO", "ISSUER", "", "PERMIT", "SUBJECT", ""}

func namespaceRule(tokens []namespaceToken) (NamespaceRule, bool) {
	if len(tokens) < len(namespaceForm) {
		return NamespaceRule{}, false
	}
	for i, word := range namespaceForm {
		t := tokens[i]
		if word == "" && t.quoted || word != "" && t.is(word) || i == 2 && t.is("SELF") || i == 3 && t.is("DENY") {
			continue
		}
		return NamespaceRule{}, false
	}
	span := tokens[0].Span
	span.End = tokens[5].Span.End
	return NamespaceRule{Span: span, Issuer: tokens[2].Line, Permit: tokens[3].is("PERMIT"), Subject: tokens[5].Line}, true
}

func namespaceTokens(f *source.File) []namespaceToken {
	var tokens []namespaceToken
	data := f.Data
	for at := 0; at < len(data); {
		switch c := data[at]; {
		case isBlank(c) || c == '\n' || c == '\\':
			at++
		case c == '#':
			for at < len(data) && data[at] != '\n' {
				at++
			}
		case c == '"':
			end := at + 1
			for end < len(data) && data[end] != '"' && data[end] != '\n' {
				end++
			}
			tokens = append(tokens, namespaceToken{lineAt(f, at+1, end), end < len(data) && data[end] == '"'})
			at = end + 1
		default:
			end := at
			for end < len(data) && !isBlank(data[end]) && data[end] != '\n' && data[end] != '"' {
				end++
			}
			tokens = append(tokens, namespaceToken{lineAt(f, at, end), false})
			at = end
		}
	}
	return tokens
}
