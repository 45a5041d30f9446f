package openssl

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"arclint/internal/gridsec"
	"arclint/internal/x509name"
)

// maxDepth is how many certificates a path may have above the leaf before
// OpenSSL stops (the "default" parameters in x509_vpm.c).
const maxDepth = 100

// build finds the path: at each certificate it asks the store first and then
// what the peer sent, until it meets a certificate of the store that is trusted.
// Once the path has reached the store it does not leave it again.
//
// Source: build_chain with X509_V_FLAG_TRUSTED_FIRST.
func (r *run) build() *Refusal {
	peer, askPeer, askStore := r.sent, true, true
	for askPeer || askStore {
		if askStore {
			done, f := r.extendFromStore(&askPeer)
			if f != nil {
				return f
			}
			switch done {
			case anchored:
				r.anchored = true
				return nil
			case extended:
				continue
			}
			if !askPeer {
				break
			}
		}
		next := r.fromPeer(peer)
		if next == nil {
			askPeer, askStore = false, true
			continue
		}
		peer = without(peer, next)
		r.path = append(r.path, next)
		r.untrusted++
		r.note("the issuer "+next.SubjectName+" was sent by the peer", "", "")
	}
	return r.notAnchored()
}

// progress is what one look into the store gave.
type progress int

const (
	nothing progress = iota
	extended
	anchored
)

// extendFromStore looks for the issuer of the last certificate in the store.
func (r *run) extendFromStore(askPeer *bool) (progress, *Refusal) {
	if len(r.path) > maxDepth+1 {
		return nothing, nil
	}
	last := r.top()
	issuer := r.fromStore(last)
	if issuer == nil {
		return nothing, nil
	}
	added := len(r.path)
	if last.selfSigned {
		// It has the name of a certificate of the store: it must be that one.
		if !last.Equal(issuer.Certificate.Certificate) {
			r.note(last.SubjectName+" has the name of an installed certificate but is another one", "", filePath(issuer))
			return nothing, nil
		}
		added--
		r.untrusted--
		r.path[added] = issuer
	} else {
		r.path = append(r.path, issuer)
	}
	*askPeer = false
	r.note("the issuer "+issuer.SubjectName+" is installed", "", filePath(issuer))
	switch issuer.trust(r.purpose, true) {
	case trusted:
		return anchored, nil
	case rejected:
		return nothing, &Refusal{
			Reason: WrongPurpose,
			Text:   issuer.SubjectName + " is a TRUSTED CERTIFICATE that is not trusted for this use",
			Source: "arc-behaviour D4", Path: filePath(issuer),
		}
	}
	if issuer.selfSigned {
		return nothing, nil
	}
	return extended, nil
}

// fromStore is X509_STORE_CTX_get1_issuer: the first currently valid candidate,
// else the one that expires last.
func (r *run) fromStore(f *facts) *facts {
	return r.best(r.certificates(f.issuer, f.IssuerHash), f)
}

// fromPeer is find_issuer on what the peer sent.
func (r *run) fromPeer(peer []*facts) *facts {
	last := r.top()
	if last.selfSigned || len(r.path) > maxDepth+1 {
		return nil
	}
	var candidates []*facts
	for _, c := range peer {
		if last.selfIssued && len(r.path) == 1 || !contains(r.path, c) {
			candidates = append(candidates, c)
		}
	}
	return r.best(candidates, last)
}

func (r *run) best(candidates []*facts, issued *facts) *facts {
	var best *facts
	for _, c := range candidates {
		if !issued.issuedBy(c) {
			continue
		}
		if validAt(c, r.now) {
			return c
		}
		if best == nil || c.NotAfter.After(best.NotAfter) {
			best = c
		}
	}
	return best
}

func contains(path []*facts, c *facts) bool {
	for _, have := range path {
		if have.Equal(c.Certificate.Certificate) {
			return true
		}
	}
	return false
}

func without(list []*facts, c *facts) []*facts {
	var rest []*facts
	for _, have := range list {
		if have != c {
			rest = append(rest, have)
		}
	}
	return rest
}

// validAt compares as X509_cmp_time does: a certificate is valid from notBefore
// on and no longer at notAfter.
func validAt(f *facts, now time.Time) bool {
	return !f.NotBefore.IsZero() && !f.NotBefore.After(now) && f.NotAfter.After(now)
}

// trustResult is the answer of X509_check_trust.
type trustResult int

const (
	untrusted trustResult = iota // no opinion
	trusted
	rejected
)

// trust looks at the uses in a TRUSTED CERTIFICATE block. Without any, a
// self-signed certificate is trusted where rootsCount is set.
//
// Source: obj_trust and trust_1oidany in x509_trust.c.
func (f *facts) trust(p Purpose, rootsCount bool) trustResult {
	use := oidServerAuth
	switch p {
	case Client:
		use = oidClientAuth
	case Any:
		use = oidAnyUsage
	}
	if f.Trusted != nil {
		if hasUse(f.Trusted.Reject, use) {
			return rejected
		}
		if hasUse(f.Trusted.Trust, use) {
			return trusted
		}
		if len(f.Trusted.Trust) > 0 {
			return rejected
		}
	}
	if rootsCount && f.selfSigned && !f.invalid {
		return trusted
	}
	return untrusted
}

func hasUse(uses []string, use string) bool {
	for _, u := range uses {
		if u == use || u == oidAnyUsage {
			return true
		}
	}
	return false
}

// notAnchored says why the path has no end that is trusted.
func (r *run) notAnchored() *Refusal {
	last := r.top()
	switch {
	case last.invalid:
		return &Refusal{Reason: Unreadable, Text: last.SubjectName + " has an extension that cannot be read"}
	case len(r.path) > maxDepth+1:
		return &Refusal{Reason: PathLength, Text: fmt.Sprintf("the path is longer than %d certificates", maxDepth+1)}
	case last.selfSigned && len(r.path) == 1:
		return &Refusal{Reason: NoAnchor, Text: last.SubjectName + " is self-signed and not installed itself", Source: "arc-behaviour D5"}
	}
	r.explainMissing(last)
	if last.selfSigned {
		return &Refusal{Reason: NoAnchor, Text: "the root " + last.SubjectName + " was sent by the peer and is not installed", Source: "arc-behaviour D5"}
	}
	reason := NoAnchor
	if len(r.path) == 1 && r.relatedAnchor(last) {
		reason = NoIntermediate
	}
	return &Refusal{
		Reason: reason,
		Text:   "nobody has the issuer of " + last.SubjectName + ": " + last.IssuerName + " was neither sent nor found where this CE looks",
		Source: "arc-behaviour D5",
	}
}

// relatedAnchor guesses whether it is an intermediate that is missing above the
// leaf: a root of the same organisation is installed, and the missing issuer is
// not a root that lies in a directory under a name that OpenSSL does not ask for.
// The leaf itself does not say.
func (r *run) relatedAnchor(leaf *facts) bool {
	home := organisation(leaf.RawIssuer)
	related := false
	for _, f := range r.Store.all(r.Profile) {
		if !f.selfSigned {
			continue
		}
		if f.subject == leaf.issuer {
			return false
		}
		related = related || organisation(f.RawSubject) == home
	}
	return related
}

// organisation is what two names of one organisation share: the O of a name,
// else its DCs; "" where it has neither.
func organisation(name []byte) string {
	for _, oid := range []string{"2.5.4.10", "0.9.2342.19200300.100.1.25"} {
		var found []string
		for _, value := range subjectValues(name, oid) {
			if utf8, ok := text(value); ok {
				found = append(found, string(x509name.Fold(utf8)))
			}
		}
		if len(found) > 0 {
			return strings.Join(found, "\x00")
		}
	}
	return ""
}

// explainMissing notes what in the directories looks as if it were meant to be
// the missing issuer.
func (r *run) explainMissing(last *facts) {
	for _, d := range r.Store.dirs {
		if d.Err != nil {
			r.note("the directory "+d.Path+" could not be read: "+d.Err.Error(), "", d.Path)
			continue
		}
		r.explainName(d, gridsec.ChainName(last.IssuerHash, "", 0))
		for _, f := range d.Files {
			r.explainFile(f, last)
		}
	}
}

func (r *run) explainName(d *gridsec.Dir, name string) {
	e := d.Lookup(name)
	switch {
	case e == nil:
		r.note(name+" is not in "+d.Path, "arc-behaviour D1", d.Path)
	case e.Err != nil:
		r.note(e.Path+" cannot be read: "+e.Err.Error(), "arc-behaviour D3", e.Path)
	case e.File.DER:
		r.note(e.Path+" is DER, and OpenSSL reads only PEM here", "arc-behaviour D4", e.Path)
	}
}

func (r *run) explainFile(f *gridsec.File, last *facts) {
	stem := strings.TrimSuffix(gridsec.ChainName(last.IssuerHash, "", 0), "0")
	named := slices.ContainsFunc(f.Names, func(name string) bool { return strings.HasPrefix(name, stem) })
	for _, c := range f.Certificates {
		if !named && r.Store.facts(c, r.Profile).subject == last.issuer {
			r.note(fmt.Sprintf("%s holds a certificate of that name, but OpenSSL looks only for %s0, %s1, ...", f.Path, stem, stem), "arc-behaviour D1", f.Path)
		}
	}
}
