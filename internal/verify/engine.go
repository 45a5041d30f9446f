package verify

import (
	"time"

	"arclint/internal/gridsec"
)

// Engine answers for one place where ARC verifies chains: its store, its
// OpenSSL and what ARC's own callback adds. For makes one for a site.
type Engine struct {
	Store   *Store
	Profile Profile

	// PolicyDir is where ARC looks for signing policies; nil: it does not look
	// (arc-behaviour E2).
	PolicyDir *gridsec.Dir
	// Curve refuses client certificates by the curve of their key
	// (arc-behaviour D10); nil: it does not.
	Curve func(*gridsec.Certificate) (refused bool, why string)
	// Steps say where is looked and why. They come first in every trace.
	Steps []Step
}

// Verify says what happens to a chain at that time: the end-entity certificate
// (or proxy) first, the others in any order. It builds and checks the path as
// X509_verify_cert of OpenSSL does with the flags and the callback of ARC
// (src/hed/mcc/tls/PayloadTLSMCC.cpp), step by step in the same order, so that
// the first fault found is the one that ARC logs. Nobody compares the
// certificate with a host name (arc-behaviour S10).
func (e *Engine) Verify(chain []*gridsec.Certificate, p Purpose, now time.Time) Verdict {
	r := &run{Engine: e, purpose: p, now: now.Truncate(time.Second), cache: e.Store.open(e.Profile)}
	r.trace = append(r.trace, e.Steps...)
	for _, c := range chain {
		r.sent = append(r.sent, newFacts(c))
	}
	if len(r.sent) == 0 {
		r.note("no certificate was given", "", "")
		return Verdict{Reason: Unreadable, Trace: r.trace}
	}
	return r.verdict(r.verify())
}

// run is one verification.
type run struct {
	*Engine
	*cache
	purpose Purpose
	now     time.Time

	sent      []*facts // what the peer sent
	path      []*facts // leaf first
	untrusted int      // how many of path came from the peer
	anchored  bool
	trace     []Step
}

// fault is why a chain is refused.
type fault struct {
	reason Reason
	text   string
	source string
	path   string
}

func (r *run) note(text, source, path string) {
	r.trace = append(r.trace, Step{Text: text, Source: source, Path: path})
}

// verify is verify_chain of crypto/x509/x509_vfy.c.
func (r *run) verify() *fault {
	r.path, r.untrusted = []*facts{r.sent[0]}, 1
	for _, check := range []func() *fault{
		r.checkLeafKey,
		r.build,
		r.checkExtensions,
		r.checkStrength,
		r.checkRevocation,
		r.checkSignatures,
		r.checkNames,
		r.checkCurve,
	} {
		if f := check(); f != nil {
			return f
		}
	}
	return nil
}

func (r *run) verdict(f *fault) Verdict {
	v := Verdict{Accepted: f == nil, Reason: OK}
	for _, c := range r.path {
		v.Path = append(v.Path, c.Certificate)
	}
	if r.anchored {
		v.Anchor = v.Path[len(v.Path)-1]
	}
	if f != nil {
		v.Reason = f.reason
		r.note("refused: "+f.text, f.source, f.path)
	} else {
		r.note("accepted, the trust anchor is "+r.top().SubjectName, "", filePath(r.top()))
	}
	v.Trace = r.trace
	return v
}

func (r *run) top() *facts { return r.path[len(r.path)-1] }

func filePath(f *facts) string {
	if f.File == nil {
		return ""
	}
	return f.File.Path
}

func (r *run) checkCurve() *fault {
	if r.purpose != Client || r.Curve == nil {
		return nil
	}
	if refused, why := r.Curve(r.path[0].Certificate); refused {
		return &fault{reason: WeakKey, text: why, source: "arc-behaviour D10"}
	}
	return nil
}
