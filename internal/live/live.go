// Package live asks a running CE the negative cases: requests that are wrong in
// one thing, each on a connection of its own. It asks for the list of jobs, which
// needs authorisation and changes nothing, and submits none.
package live

import (
	"context"
	"crypto"
	"errors"
	"slices"
	"time"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/mint"
)

// Operation is what is asked for.
const Operation = access.JobInfo

// Config says whom to ask with what. What shows a token is asked with a Signer,
// or with the Token of somebody and what can be made of it; what shows a
// certificate with Chains. What is not given is not run.
type Config struct {
	Ask Asker // the CE; Client makes one

	Signer  crypto.Signer   // the key of an issuer that the CE trusts
	Kid     string          // of the key, as the issuer publishes it
	Other   crypto.Signer   // a key of no issuer, with which requests pose as one; nil: one is made
	Good    admission.Sound // the claims that are to get in
	Token   string          // a token that is to get in, in place of Signer
	Issuer  string          // the URL of the throw-away issuer that Handler serves, "" without one
	Present func(id string) // lets its server show the faulty certificate of a case, "": the good one; nil: it has none
	Chains  []mint.Chain    // of clients, under a CA that the CE trusts

	Rate     float64                                    // questions per second; 0: DefaultRate
	Every    int                                        // cases between two positive controls; 0: 10
	Wait     func(context.Context, time.Duration) error // nil: sleeps; tests do not
	Progress func(what string)                          // nil: none
}

// The limits of what a CE is asked.
const (
	DefaultRate  = 5.0
	MaxRate      = 20.0
	MaxQuestions = 400
)

// Outcome is what became of a case.
type Outcome string

// The outcomes.
const (
	Refused      Outcome = "refused"
	LetIn        Outcome = "let in"
	Inconclusive Outcome = "inconclusive"
	NotRun       Outcome = "not run"
)

// Result is what the CE answered to one case.
type Result struct {
	admission.Case
	Outcome Outcome
	Status  int    // of HTTP; 0: the connection ended without one
	Why     string // it is inconclusive or was not run
}

// Hole says whether the CE let in what a site can turn away.
func (r Result) Hole() bool { return r.Outcome == LetIn && !r.ByRelease }

// Report is what a CE answered, in the order of the cases.
type Report struct {
	Results  []Result
	Controls []Control
	Asked    int // questions
}

// Control is a request that is to get in, as it went last.
type Control struct {
	Name string // "token", "certificate", "keys"
	OK   bool
	Why  string // not
}

// Conclusive says whether every case that was asked has an answer, and at least
// one was.
func (r Report) Conclusive() bool {
	asked := slices.ContainsFunc(r.Results, func(r Result) bool { return r.Outcome == Refused || r.Outcome == LetIn })
	return asked && !slices.ContainsFunc(r.Results, func(r Result) bool { return r.Outcome == Inconclusive })
}

// ErrConfig says that there is nothing to ask with. Test with errors.Is.
var ErrConfig = errors.New("neither a key, a token nor a certificate is given")

// Run asks every case that the configuration has the means for. Each kind has a
// positive control, which is asked first, after every few cases and at the end:
// cases that no control that passed encloses are inconclusive. The error is
// ErrConfig, that of a key or token that cannot be used, or that of the context;
// the report is then of what was asked.
func Run(ctx context.Context, c Config) (Report, error) {
	if c.Signer == nil && c.Token == "" && len(c.Chains) == 0 {
		return Report{}, ErrConfig
	}
	m, err := newMaker(c)
	if err != nil {
		return Report{}, err
	}
	r := &run{Config: c, pace: newPace(c)}
	var ready []prepared
	for _, one := range admission.All(Operation) {
		p := m.prepare(one)
		if p.why != "" {
			p.result.Outcome, p.result.Why = NotRun, p.why
		}
		ready = append(ready, p)
	}
	for _, k := range kinds() {
		r.kind(ctx, k, m.control(k), ready)
	}
	for _, p := range ready {
		r.report.Results = append(r.report.Results, p.result)
	}
	return r.report, ctx.Err()
}

// kind of a request: each has a positive control of its own.
type kind string

const (
	byToken       kind = "token"
	byCertificate kind = "certificate"
	byKeys        kind = "keys" // a token of an issuer that the CE must fetch from
)

func kinds() []kind { return []kind{byToken, byCertificate, byKeys} }

// prepared is a case and its request.
type prepared struct {
	result  Result
	kind    kind
	request Request
	why     string // it is not run
}

type run struct {
	Config
	pace   *pace
	report Report
}

// kind asks the cases of one kind in batches, each between two controls.
func (r *run) kind(ctx context.Context, k kind, control *Request, all []prepared) {
	var cases []*prepared
	for i := range all {
		if all[i].kind == k && all[i].why == "" {
			cases = append(cases, &all[i])
		}
	}
	if len(cases) == 0 {
		return
	}
	if control == nil {
		doubt(cases, "there is none")
		return
	}
	every := r.Every
	if every <= 0 {
		every = 10
	}
	why := r.passes(ctx, k, *control)
	for batch := range slices.Chunk(cases, every) {
		if why == "" {
			for _, p := range batch {
				r.one(ctx, p, *control)
			}
			why = r.passes(ctx, k, *control)
		}
		if why != "" {
			doubt(batch, why)
		}
	}
	r.report.Controls = append(r.report.Controls, Control{Name: string(k), OK: why == "", Why: why})
}

// doubt takes the answers back that a refusal of everybody would explain. Who
// was let in was let in.
func doubt(batch []*prepared, why string) {
	for _, p := range batch {
		if p.result.Outcome != LetIn {
			p.result.Outcome, p.result.Why = Inconclusive, "the positive control failed: "+why
		}
	}
}

// passes asks the positive control; it says why it does not pass.
func (r *run) passes(ctx context.Context, k kind, control Request) string {
	a := r.ask(ctx, "positive control: "+string(k), control)
	switch {
	case a.Err != nil:
		return a.Err.Error()
	case a.Closed:
		return "the CE closed the connection"
	case a.Status != letIn:
		return "the CE answered " + statusText(a.Status)
	}
	return ""
}

// one asks a case. A connection that ends without an answer is a refusal if the
// CE still lives.
func (r *run) one(ctx context.Context, p *prepared, control Request) {
	a := r.presenting(ctx, p)
	p.result.Status = a.Status
	switch {
	case a.Err != nil:
		p.result.Outcome, p.result.Why = Inconclusive, a.Err.Error()
	case a.Status == letIn:
		p.result.Outcome = LetIn
	case a.Closed:
		if why := r.passes(ctx, p.kind, control); why != "" {
			p.result.Outcome, p.result.Why = Inconclusive, "the CE closed the connection, and the positive control failed then: "+why
			return
		}
		p.result.Outcome = Refused
	default:
		p.result.Outcome = Refused
	}
}

// presenting asks the case while the issuer's server shows the certificate that it
// is about.
func (r *run) presenting(ctx context.Context, p *prepared) Answer {
	if withFaulty(p.result.Case) {
		r.Present(p.result.ID)
		defer r.Present("")
	}
	return r.ask(ctx, p.result.ID, p.request)
}

var errEnough = errors.New("the most questions that one run may ask have been asked")

func (r *run) ask(ctx context.Context, what string, q Request) Answer {
	if r.report.Asked >= MaxQuestions {
		return Answer{Err: errEnough}
	}
	if err := r.pace.next(ctx); err != nil {
		return Answer{Err: err}
	}
	r.report.Asked++
	if r.Progress != nil {
		r.Progress(what)
	}
	return r.Ask(ctx, q)
}
