package gridsec

import (
	"fmt"
	"regexp"
	"strings"

	"arclint/internal/source"
)

// Decision is what ARC 6.17 makes of a signing policy for one certificate.
type Decision struct {
	Allowed bool
	Unknown bool        // arclint cannot say: Allowed is false then
	Reason  string      // for people
	Span    source.Span // the line or the pattern that decided
}

// Decide617 says whether ARC 6.17 finds in the policy that the CA may sign the
// subject, both in OpenSSL's one-line form. An entry counts if its CA is that
// name to the letter and it has no fault; a subject is allowed if one of the
// entry's patterns, with ".*" for each "*", matches all of it as a POSIX
// extended regular expression (arc-behaviour E2-E6).
//
// Source: GlobusSigningPolicy::match of ARC 6.17.0.
func (p *Policy) Decide617(ca, subject string) Decision {
	refused := Decision{Reason: fmt.Sprintf("no access_id_CA line names %s", ca), Span: source.Span{File: p.Source}}
	for _, e := range p.Entries {
		if e.CA.Text != ca {
			continue
		}
		d := e.decide(subject)
		if d.Allowed {
			return d
		}
		if !refused.Unknown {
			refused = d
		}
	}
	return refused
}

func (e *PolicyEntry) decide(subject string) Decision {
	if len(e.Faults) > 0 {
		return Decision{Reason: e.Faults[0].Message, Span: e.Faults[0].Span}
	}
	refused := Decision{Reason: fmt.Sprintf("no pattern of cond_subjects matches %s", subject), Span: e.Subjects[0].Span}
	for _, pattern := range e.Subjects {
		switch match617(pattern.Text, subject) {
		case matches:
			return Decision{Allowed: true, Reason: fmt.Sprintf("the pattern %s matches", pattern.Text), Span: pattern.Span}
		case unclearMatch:
			refused = Decision{Unknown: true, Reason: fmt.Sprintf("arclint cannot say what ARC 6.17 makes of the pattern %s", pattern.Text), Span: pattern.Span}
		}
	}
	return refused
}

type matching int

const (
	differs matching = iota
	matches
	unclearMatch
)

const maxPattern = 4096 // bytes; real patterns have fewer than 200

// match617 does what match_all and RegularExpression::match of ARC 6.17 do.
func match617(pattern, subject string) matching {
	if len(pattern) > maxPattern {
		return unclearMatch
	}
	pattern, _, _ = strings.Cut(pattern, "\x00") // regcomp takes a C string
	expr, verdict := translate("^" + strings.ReplaceAll(pattern, "*", ".*") + "$")
	switch verdict {
	case malformed:
		return differs
	case untranslatable:
		return unclearMatch
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return unclearMatch // too large a repetition
	}
	re.Longest()
	if at := re.FindStringSubmatchIndex(subject); at != nil && coversAll(at, len(subject)) {
		return matches
	}
	return differs
}

// coversAll: the match must be the whole subject. After it ARC walks through
// the groups up to the first that took no part, and wants them to leave no gap
// and to end where the subject ends; so a group helps only at the end.
func coversAll(at []int, length int) bool {
	end := 0
	for i := 0; i+1 < len(at) && at[i] >= 0; i += 2 {
		if at[i] > end {
			return false
		}
		end = at[i+1]
	}
	return end == length
}
