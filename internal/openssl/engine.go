package openssl

import (
	"cmp"
	"errors"
	"time"

	"arclint/internal/certificate"
	"arclint/internal/gridsec"
)

// Engine answers for one application and its OpenSSL.
type Engine struct {
	Store   *Store
	Profile Profile

	// NeedsCRL: that the leaf's issuer has no CRL is a fault (X509_V_FLAG_CRL_CHECK
	// alone). Where it is not set, the application's callback forgives it.
	NeedsCRL bool
	// NoCRLs: no CRL is looked for (X509_V_FLAG_CRL_CHECK is not set).
	NoCRLs bool
	// Callback is asked for each certificate in which OpenSSL found no fault, and
	// for the leaf where it found no CRL (X509_STORE_set_verify_cb); nil: it
	// refuses nothing.
	Callback func(Checked) *Refusal
	// Leaf is asked at the end about the certificate that presents itself: what
	// TLS asks of its key beside the chain; nil: nothing.
	Leaf func(*gridsec.Certificate, Purpose) *Refusal
	// Unseen is a place of the Store that arclint could not read and the
	// application may; "": there is none.
	Unseen string
	// Steps say where is looked and why. They come first in every trace.
	Steps []Step
}

// Checked is a certificate as a Callback sees it.
type Checked struct {
	*gridsec.Certificate
	Proxy      bool // RFC 3820
	SelfIssued bool // its subject is its issuer
}

// Verify says what happens to a chain at that time: the end-entity certificate
// (or proxy) first, the others in any order. Nobody compares the certificate
// with a host name. The reason Unreadable stands for an empty chain.
func (e *Engine) Verify(chain []*gridsec.Certificate, p Purpose, now time.Time) Verdict {
	r := &run{Engine: e, purpose: p, now: now.Truncate(time.Second), cache: e.Store.open(e.Profile)}
	r.trace = append(r.trace, e.Steps...)
	for _, c := range chain {
		r.sent = append(r.sent, e.Store.facts(c, e.Profile))
	}
	if len(r.sent) == 0 {
		r.note("no certificate was given", "", "")
		return Verdict{Reason: Unreadable, Trace: r.trace}
	}
	for _, c := range r.sent {
		if !r.Profile.Reads(c.Certificate) {
			return r.verdict(&Refusal{Reason: Unreadable, Text: c.SubjectName + " has a time that this OpenSSL does not read", Source: "RFC 5280 section 4.1.2.5"})
		}
	}
	return r.verdict(r.verify())
}

// Trusting is the same Engine with the certificates of one file as its only
// trust anchors.
func (e *Engine) Trusting(anchors *gridsec.File) *Engine {
	return &Engine{Store: NewStore(nil, []*gridsec.File{anchors}), Profile: e.Profile, NeedsCRL: e.NeedsCRL, Leaf: e.Leaf}
}

// TooWeak says whether OpenSSL refuses the key of the certificate at the Engine's
// security level.
func (e *Engine) TooWeak(c *gridsec.Certificate) bool {
	return securityBits(e.Store.facts(c, e.Profile).key) < levelBits(e.Profile.Level)
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
	unchecked string // the first signature that arclint cannot check, and why
	trace     []Step
}

func (r *run) note(text, source, path string) {
	r.trace = append(r.trace, Step{Text: text, Source: source, Path: path})
}

// verify is verify_chain of crypto/x509/x509_vfy.c.
func (r *run) verify() *Refusal {
	r.path, r.untrusted = []*facts{r.sent[0]}, 1
	for _, check := range []func() *Refusal{
		r.checkLeafKey,
		r.build,
		r.checkExtensions,
		r.checkStrength,
		r.checkRevocation,
		r.checkSignatures,
		r.checkNames,
		r.checkLeaf,
	} {
		if f := check(); f != nil {
			return f
		}
	}
	return nil
}

// cannotCheck says whether that is the error: the verification goes on then, since what
// is found wrong afterwards is wrong whatever the signature is.
func (r *run) cannotCheck(err error, what, path string) bool {
	var why certificate.Uncheckable
	if !errors.As(err, &why) {
		return false
	}
	r.unchecked = cmp.Or(r.unchecked, what+" was not checked ("+string(why)+")")
	r.note(what+" is not checked: "+string(why), "", path)
	return true
}

func (r *run) verdict(f *Refusal) Verdict {
	v := Verdict{Accepted: f == nil, Reason: OK}
	for _, c := range r.path {
		v.Path = append(v.Path, c.Certificate)
	}
	if r.anchored {
		v.Anchor = v.Path[len(v.Path)-1]
	}
	if f != nil {
		v.Reason = f.Reason
		r.note("refused: "+f.Text, f.Source, f.Path)
	} else if r.unchecked != "" {
		v.Accepted, v.Reason, v.Unchecked = false, Unchecked, r.unchecked
		r.note("not known: "+r.unchecked, "", "")
	} else {
		r.note("accepted, the trust anchor is "+r.top().SubjectName, "", filePath(r.top()))
	}
	if v.Unseen = r.undecided(v, f); v.Unseen != "" {
		r.note("not known: "+v.Unseen+" could not be read here, and the CE may well read it", "", v.Unseen)
	}
	v.Trace = r.trace
	return v
}

// undecided is what arclint has not seen and would have to, to know the answer.
func (r *run) undecided(v Verdict, f *Refusal) string {
	switch {
	case f != nil && f.Unseen != "":
		return f.Unseen
	case v.Reason == NoAnchor || v.Reason == NoIntermediate:
		return cmp.Or(r.unseen[""], r.Unseen)
	case v.Accepted || v.Unchecked != "" || v.Reason.OfCRL() || v.Reason == NoCRL:
		return r.unseen["r"]
	}
	return ""
}

func (r *run) top() *facts { return r.path[len(r.path)-1] }

func filePath(f *facts) string {
	if f.File == nil {
		return ""
	}
	return f.File.Path
}

// ask gives a certificate to the application's callback.
func (r *run) ask(c *facts) *Refusal {
	if r.Callback == nil {
		return nil
	}
	return r.Callback(Checked{Certificate: c.Certificate, Proxy: c.proxy, SelfIssued: c.selfIssued})
}

func (r *run) checkLeaf() *Refusal {
	if r.Leaf == nil {
		return nil
	}
	return r.Leaf(r.path[0].Certificate, r.purpose)
}
