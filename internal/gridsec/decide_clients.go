package gridsec

import (
	"fmt"
	"regexp"
	"strings"

	"arclint/internal/source"
)

// DecideGlobus says whether Globus finds in the policy that the CA may sign the
// subject, both in OpenSSL's one-line form: a pattern is the subject, or has a "*"
// and the subject begins with what is before the last one. It knows an e-mail
// address by several names.
//
// Source: oldgaa_regex_matches_string and normalize in oldgaa_utils.c of the Grid
// Community Toolkit. What it makes of lines that ARC does not read is not known.
func (p *Policy) DecideGlobus(ca, subject string) Decision {
	refused := Decision{Reason: "no access_id_CA line names " + ca, Span: source.Span{File: p.Source}}
	for _, e := range p.Entries {
		if globusName(e.CA.Text) != globusName(ca) {
			continue
		}
		for _, pattern := range append(e.Subjects, e.Replaced...) {
			if matchesGlobus(globusName(pattern.Text), globusName(subject)) {
				return Decision{Allowed: true, Reason: fmt.Sprintf("the pattern %s matches", pattern.Text), Span: pattern.Span}
			}
		}
		switch {
		case len(e.Faults) > 0:
			return Decision{Unknown: true, Reason: e.Faults[0].Message, Span: e.Faults[0].Span}
		case len(e.Subjects) > 0:
			refused = Decision{Reason: "no pattern of cond_subjects matches " + subject, Span: e.Subjects[0].Span}
		}
	}
	return refused
}

func matchesGlobus(pattern, subject string) bool {
	if at := strings.LastIndexByte(pattern, '*'); at >= 0 {
		return strings.HasPrefix(subject, pattern[:at])
	}
	return pattern == subject
}

// globusName is the name with one spelling of the attributes that have several.
func globusName(name string) string {
	for _, names := range [][2]string{{"/emailAddress=", "/Email="}, {"/E=", "/Email="}, {"/USERID=", "/UID="}} {
		name = strings.Replace(name, names[0], names[1], 1)
	}
	return name
}

// Decide says whether caNl, the library of dCache, StoRM and VOMS, finds in the
// rules that the CA may sign the subject, both in OpenSSL's one-line form. found is
// false where no rule is for the CA: caNl then asks its signing policy.
//
// Source: EUGridPMA's format of namespaces, section 3; NamespaceCheckingMode of
// caNl. What comes of DENY is not known here.
func (n *Namespaces) Decide(ca, subject string) (d Decision, found bool) {
	var denies bool
	for _, rule := range n.Rules {
		if rule.Issuer.Text != "SELF" && !strings.EqualFold(globusName(rule.Issuer.Text), globusName(ca)) {
			continue
		}
		found, denies = true, denies || !rule.Permit
		matches, err := namespaceMatches(globusName(rule.Subject.Text), globusName(subject))
		switch {
		case err != nil || denies && matches:
			return Decision{Unknown: true, Reason: "arclint cannot say what other software makes of " + rule.Subject.Text, Span: rule.Subject.Span}, true
		case matches:
			return Decision{Allowed: true, Reason: "the rule for " + rule.Subject.Text + " permits it", Span: rule.Subject.Span}, true
		case d.Span.IsZero():
			d = Decision{Reason: "no rule of the namespaces file permits " + subject, Span: rule.Subject.Span}
		}
	}
	return d, found
}

func namespaceMatches(pattern, subject string) (bool, error) {
	if len(pattern) > maxPattern {
		return false, fmt.Errorf("a pattern of %d bytes", len(pattern))
	}
	re, err := regexp.Compile("(?is)^(?:" + pattern + ")$")
	if err != nil {
		return false, err
	}
	return re.MatchString(subject), nil
}
