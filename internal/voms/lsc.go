package voms

import (
	"bytes"
	"regexp"
	"strings"

	"arclint/internal/gridsec"
)

// How says in what way an .lsc file admits a signer, or that it does not.
type How int

// The ways.
const (
	No      How = iota
	Names       // a chain of names is that of the signer
	Pattern     // a regular expression matches the signer and its CA
	AnyName     // a chain of one line: ARC compares nothing
	Unclear     // there is a line that arclint does not show or cannot compile
)

// Admits says whether the file admits the signer: its certificate first, then those
// above it that the attribute certificate carries (checkTrust in VOMSUtil.cpp;
// arc-behaviour V2, V3).
func Admits(lsc *gridsec.LSC, signers []*gridsec.Certificate) How {
	result := No
	for _, chain := range Chains(lsc) {
		switch how := admits(chain, signers); how {
		case No:
		case Unclear:
			result = Unclear
		default:
			return how
		}
	}
	return result
}

func admits(c Chain, signers []*gridsec.Certificate) How {
	switch {
	case len(signers) == 0:
		return No
	case len(c.Lines) == 1 && !c.Pattern:
		return AnyName
	case len(c.Lines) == 1 && c.Hidden:
		return Unclear
	case len(c.Lines) == 1:
		re, err := regexp.CompilePOSIX(c.Lines[0])
		switch {
		case err != nil:
			return Unclear
		case re.MatchString(signers[0].SubjectName) && re.MatchString(signers[0].IssuerName):
			return Pattern
		}
		return No
	case len(c.Lines) > len(signers)+2:
		return No
	}
	for i, s := range signers {
		if i+1 >= len(c.Lines) {
			break
		}
		if c.Lines[i] != s.SubjectName || c.Lines[i+1] != s.IssuerName {
			return No
		}
	}
	return Names
}

// Chain is what ARC compares with a signer.
type Chain struct {
	Lines   []string
	Start   int  // of the first line in the file
	Pattern bool // its one line is a regular expression
	Hidden  bool // a line is not shown: it may be a link to a secret
}

// Opens says whether the chain admits any server with a certificate of a CA that the
// CE trusts: it has one line, and that is no expression.
func (c Chain) Opens() bool { return len(c.Lines) == 1 && !c.Pattern }

// Never is the place of the first line that can be the name of no certificate where ARC
// compares it, -1 where there is none: OpenSSL prints a name in one line from a slash on,
// in printable ASCII, and with a backslash before a slash in a value.
func (c Chain) Never() int {
	if len(c.Lines) == 1 {
		return -1
	}
	for i := range 2 {
		if text := c.Lines[i]; !IsName(text) {
			return i
		}
	}
	return -1
}

// IsName says whether a text can be the name of a certificate as OpenSSL 3 prints it in
// one line. A blank at its end is taken for a slip.
func IsName(text string) bool {
	if !strings.HasPrefix(text, "/") || strings.TrimRight(text, " ") != text {
		return false
	}
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	for at := 0; at < len(text); {
		end := at + 1
		for end < len(text) && (text[end] != '/' || text[end-1] == '\\') {
			end++
		}
		if key, _, ok := strings.Cut(text[at+1:end], "="); !ok || key == "" {
			return false
		}
		at = end
	}
	return true
}

// Chains are those of a file as ARC reads it: it takes every line that is not empty,
// up to a NUL, for a name, and a line with NEXT CHAIN in it for the end of a chain
// (getLSC and AddElement in VOMSUtil.cpp).
func Chains(lsc *gridsec.LSC) []Chain {
	if lsc.Source == nil {
		return nil
	}
	var all []Chain
	var c Chain
	pattern := false
	end := func() {
		if len(c.Lines) > 0 {
			c.Pattern = len(c.Lines) == 1 && pattern
			all = append(all, c)
		}
		c, pattern = Chain{}, false
	}
	text, _, _ := bytes.Cut(lsc.Source.Data, []byte{0})
	for at := 0; at < len(text); {
		line, _, _ := bytes.Cut(text[at:], []byte("\n"))
		switch {
		case len(line) == 0:
		case bytes.Contains(line, []byte("NEXT CHAIN")):
			end()
		default:
			if len(c.Lines) == 0 {
				c.Start = at
			}
			c.Lines = append(c.Lines, string(line))
			hidden, special := lsc.Hides(at, at+len(line))
			c.Hidden = c.Hidden || hidden
			pattern = special || !hidden && gridsec.IsPattern(string(line))
		}
		at += len(line) + 1
	}
	end()
	return all
}
