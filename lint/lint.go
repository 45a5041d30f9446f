// Package lint runs rules over a site and collects what they find.
package lint

import (
	"cmp"
	"strings"

	"arclint/internal/site"
	"arclint/internal/source"
)

// Severity of a finding. error: the service fails, someone gets in who should
// not, or someone is kept out who should get in. warning: works today, will
// not tomorrow, or widens trust. note: advice.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Rule is one check. Its ID "area/name" is also its file, its fixture and its
// page.
type Rule struct {
	ID       string
	Title    string   // a sentence without a period: what is wrong
	Why      string   // why it matters on an ARC CE, complete sentences
	Source   string   // what proves it: "arc-behaviour S9", "arc.conf.reference [common] x509_cert_dir", "RFC 5280 section 4.2.1.9"
	Facts    []string // ids of arc-behaviour that the rule stands for
	Severity Severity // of its findings, unless a finding says otherwise
	Impact   Impact   // of its findings, unless a finding says otherwise (Impacts)
	Risk     Risk     // of an intrusion
	Effect   string   // of its findings, unless a finding says otherwise (Means)
	Action   string   // for its findings, unless a finding says otherwise (Do)
	Rests    bool     // judges what a value names: silent where another finding claims the value
	Alone    bool     // where it finds something, nothing else of the site is judged
	Stops    bool     // may say that the service does not start, or serves nobody; rules of the area conf may without it
	Upgrade  bool     // compares with Site.Target: not run without one
	Recipe   string   // id of the recipe that repairs it, or Manual
	ByHand   string   // how a person repairs what no recipe does
	Check    func(s *site.Site, r *Reporter)

	// Where says for which releases the rule is, by what they do; nil: for all.
	Where func(site.Release) bool
	// Gains says of an Upgrade rule what has to change: it runs where this is false
	// for the site's release and true for that of the target; nil: always.
	Gains func(site.Release) bool
}

// Manual as a Rule's Recipe says that only a person can repair it; ByHand then
// says how.
const Manual = "manual"

// ThenRestart ends a ByHand that changes arc.conf: the services read it when
// they start. ByHand is paragraphs of imperative sentences, and between empty
// lines, indented by four spaces, the lines of arc.conf (under the header of
// their block), of another file or of a shell.
const ThenRestart = `Check the files, then restart the services:

    arclint check
    systemctl try-restart arc-arex arc-arex-ws`

// Finding is one fault at one place.
type Finding struct {
	Rule     string
	Title    string // of the rule
	Severity Severity
	Impact   Impact
	Risk     Risk        // of an intrusion, "" otherwise
	Path     string      // always set, as the site sees it
	Span     source.Span // zero where the fact stands in no text
	Headline string      // what is wrong here, at most 90 characters, without a period
	Effect   string      // what happens because of it, in sentences
	Action   string      // what to do, in imperative sentences
	List     []string    // what headline, effect or action speak of, where that is many
	Related  []Related
	Recipes  []string
	Edits    []source.Edit     // an exact repair of this place, where there is one
	Subject  string            // what the finding is about (an issuer, a subject, a block): part of the fingerprint
	Args     map[string]string // parameters for the recipe
	Claims   []Claim           // values that are themselves what is wrong
	Grounds  []source.Span     // lines elsewhere on which it rests
	Stops    bool              // because of it the service does not start
	Unserved bool              // because of it no client gets a TLS connection, or every one gets an error alone
}

// Message is the headline and the effect, as one text: what JSON calls message.
func (f Finding) Message() string {
	if f.Effect == "" {
		return f.Headline
	}
	return f.Headline + ". " + f.Effect
}

// Related is a second place that helps to understand a finding.
type Related struct {
	Path    string
	Span    source.Span
	Message string
}

// Skip says that a rule could not look, and why.
type Skip struct {
	Rule   string
	Reason string
}

// CompareIDs orders rule IDs by area, then by name.
func CompareIDs(a, b string) int {
	areaA, nameA, _ := strings.Cut(a, "/")
	areaB, nameB, _ := strings.Cut(b, "/")
	return cmp.Or(cmp.Compare(areaA, areaB), cmp.Compare(nameA, nameB))
}
