// Package admission joins what verify says of a chain with what access says of
// an identity: who gets into this CE, with what, as which account. It answers
// for one client (Ask), for the whole site (Doors) and for requests that should
// be turned away (Negative). It does no I/O and reads no clock.
package admission

import (
	"fmt"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/jose"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/internal/trust"
)

// Person is what a client shows. All of it may be there, or nothing.
type Person struct {
	Token   *jose.Token    // a signed token; Claims are those in it
	Claims  *access.Claims // of a token that is taken for a genuine one where Token is nil
	Chain   []*gridsec.Certificate
	Subject string   // of a certificate that is taken for trusted where there is no Chain
	FQANs   []string // further VOMS attributes, whose signature is taken for good
}

// Answer is what the CE does with a person's request.
type Answer struct {
	access.Decision
	Operation access.Operation
	Person    Person
	Signature Signature // of the token
	NoStart   *NoStart  // what check found; nil: nothing, or it was not asked
	Unknown   string    // why the decision is not known: a file that was not seen, a signature that is not checked here; else ""
	Presumed  string    // which attributes are taken to count of which that is not known, and why; else ""
}

// Signature says what is known of the signature of a token.
type Signature struct {
	State SignatureState
	Why   string
}

// SignatureState is one of the states below.
type SignatureState string

// The states of a signature.
const (
	NoSignature SignatureState = ""            // there is no token, or only its claims
	Good        SignatureState = "valid"       // with a key that the CE has or that the evidence gives
	Bad         SignatureState = "invalid"     // with the key of that id
	NotChecked  SignatureState = "not checked" // no key is known, or the algorithm is not checked here
)

// ReadToken makes a Person of the text of a token. The error never holds a part
// of it.
func ReadToken(text string) (Person, error) {
	token, err := jose.Parse(text)
	if err != nil {
		return Person{}, err
	}
	claims, err := access.ParseClaims(token.Claims)
	if err != nil {
		return Person{}, err
	}
	return Person{Token: token, Claims: claims}, nil
}

// Ask says what the CE answers to an operation of a person on the job interface.
func Ask(s *site.Site, p Person, op access.Operation) Answer {
	answer := (&asking{site: s, person: p}).ask(op, (*access.Policy).Evaluate)
	if why := oddPort(s); why != "" && answer.Allowed && answer.Unknown == "" {
		answer.Unknown = why
		answer.Trace = append(answer.Trace, access.Step{At: s.Value("arex/ws", "wsurl").Option.Line, Rule: "wsurl", Result: "not known: " + why})
	}
	return answer
}

// outcome is Ask without the steps of the decision, for those who ask many. That some CA
// is trusted for clients is taken for granted: a comparison speaks of CAs by themselves.
func outcome(s *site.Site, p Person, op access.Operation) Answer {
	return (&asking{site: s, person: p, trusted: true}).ask(op, (*access.Policy).Decide)
}

func (a *asking) ask(op access.Operation, decide func(*access.Policy, access.Identity, access.Operation) access.Decision) Answer {
	a.lookAtCertificate()
	a.lookAtToken()
	answer := Answer{Operation: op, Person: a.person, Signature: a.signature, Unknown: a.unknown}
	if a.noTLS != "" {
		answer.Decision = access.Decision{
			Reason: a.noTLS, Interface: authgroup.JobsBlock, AccountState: access.AccountNone, Trace: a.trace,
		}
		return answer
	}
	answer.Presumed = a.identity.Presumption
	answer.Decision = decide(access.Model(a.site), a.identity, op)
	answer.Trace = append(a.trace, answer.Trace...)
	return answer
}

// asking is one question on its way.
type asking struct {
	site      *site.Site
	person    Person
	trusted   bool // a certificate without a chain is taken for one of a trusted CA
	identity  access.Identity
	signature Signature
	noTLS     string // why there is no connection
	unknown   string // why it is not known whether there is one
	trace     []access.Step
}

func (a *asking) step(at source.Span, rule, fact, format string, args ...any) {
	a.trace = append(a.trace, access.Step{At: at, Rule: rule, Result: fmt.Sprintf(format, args...), Source: fact})
}

// lookAtCertificate finds the subject. A chain that is refused ends the TLS
// connection, with a good token too (arc-behaviour F4).
func (a *asking) lookAtCertificate() {
	a.identity.Subject = a.person.Subject
	a.lookAtAttributes()
	if len(a.person.Chain) == 0 {
		a.lookAtSubject()
		return
	}
	v := trust.Chain(a.site, trust.Client, a.person.Chain)
	last := ""
	if len(v.Trace) > 0 {
		last = v.Trace[len(v.Trace)-1].Text
	}
	if !v.Known() {
		a.unknown = v.Doubt()
		a.noTLS = v.Doubt() + ", so it is not known whether the client certificate is accepted"
		a.step(source.Span{}, "client certificate", "", "not known: %s", v.Doubt())
		return
	}
	if !v.Accepted {
		a.step(source.Span{}, "client certificate", "", "refused (%s): %s", v.Reason, strings.TrimPrefix(last, "refused: "))
		a.noTLS = fmt.Sprintf("the TLS connection is refused: client certificate: %s", v.Reason)
		return
	}
	a.identity.Subject = trust.EndEntity(a.person.Chain).SubjectName
	a.step(source.Span{}, "client certificate", "", "accepted under %q", v.Anchor.SubjectName)
	a.readAttributes()
}

// readAttributes takes those attributes of the chain that this CE counts, and says why it
// drops others (arc-behaviour V1 to V10). Some values of voms_processing end the
// connection for one that is dropped.
func (a *asking) readAttributes() {
	processing := trust.Processing(a.site)
	for _, ac := range trust.AttributesIn(a.site, a.person.Chain) {
		rule := "attribute certificate"
		if ac.Certificate != nil {
			rule += " of " + ac.URI
		}
		switch ac.Answer {
		case trust.Accepted:
			a.identity.FQANs = append(a.identity.FQANs, ac.Attributes()...)
			a.step(source.Span{}, rule, ac.Source, "counts, with %s: %s", strings.Join(ac.FQANs, " "), ac.Why)
		case trust.Refused:
			a.step(source.Span{}, rule, ac.Source, "dropped: %s", ac.Why)
			if processing.Ends(ac) {
				a.noTLS = fmt.Sprintf("voms_processing is %s, and ends the connection: %s", processing, ac.Why)
			}
		default:
			a.step(source.Span{}, rule, ac.Source, "not known: %s", ac.Why)
			a.doubt(ac, rule)
		}
	}
}

// endsWithout says whether the CE ends the connection of a client whose attributes do
// not count (arc-behaviour V9). What it does with noerrors where attributes count for
// nobody was not measured.
func endsWithout(s *site.Site) bool {
	return trust.Processing(s) == trust.NoErrors && trust.AttributesCount(s)
}

// doubt leaves it open whether an attribute certificate counts.
func (a *asking) doubt(ac trust.Attributes, rule string) {
	if ac.Certificate == nil {
		return
	}
	if a.identity.Doubt != "" {
		a.identity.Doubt += "; "
	}
	a.identity.Doubtful = append(a.identity.Doubtful, ac.Attributes()...)
	a.identity.Doubt += "whether the " + rule + " counts: " + ac.Why
}

// presume takes an attribute to count of which that is not known.
func (a *asking) presume(fqan, on string) {
	if a.identity.Presumption != "" {
		on = a.identity.Presumption + "; " + on
	}
	a.identity.Presumed, a.identity.Presumption = append(a.identity.Presumed, fqan), on
}

// lookAtAttributes drops the attributes of VOs for which vomsdir names no server.
// The signatures of the others are taken for good.
func (a *asking) lookAtAttributes() {
	for _, fqan := range a.person.FQANs {
		rule := "VOMS attribute " + fqan
		switch answer, why := trust.VO(a.site, access.VOOf(fqan)); answer {
		case trust.Refused:
			a.step(source.Span{}, rule, "arc-behaviour V1", "counts as none: %s", why)
			if endsWithout(a.site) {
				a.noTLS = "voms_processing is noerrors, and ends the connection: " + why
			}
			continue
		case trust.Unknown:
			a.step(source.Span{}, rule, "", "taken as given: %s", why)
			a.presume(fqan, "whether the attribute "+fqan+" counts: "+why)
		default:
			a.step(source.Span{}, rule, "", "taken as given: its signature is not verified")
		}
		a.identity.FQANs = append(a.identity.FQANs, fqan)
	}
}
