package trust

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/site"
	"arclint/internal/voms"
)

// Attributes is what this CE makes of one attribute certificate, or of the extension
// of a certificate that holds some.
type Attributes struct {
	*voms.Certificate                      // nil where those in In were not read
	In                *gridsec.Certificate // which carries it
	Answer            Answer               // Accepted: it counts; Unknown: arclint does not judge it
	Why               string               // a clause
	Source            string

	// Form and Validity say whether it is dropped for its form, and for what it says of
	// its time, its signer and the VO: voms_processing tells them apart (arc-behaviour V9).
	Form, Validity bool
}

// AttributesIn says what this CE makes of each attribute certificate in a chain, in the
// order of the chain (VOMSUtil.cpp).
func AttributesIn(s *site.Site, chain []*gridsec.Certificate) []Attributes {
	var all []Attributes
	for _, c := range chain {
		list, err := voms.Read(c)
		if err != nil {
			all = append(all, Attributes{In: c, Answer: Unknown, Why: "the attribute certificates in it were not read: " + err.Error()})
		}
		for _, ac := range list {
			a := Attributes{Certificate: ac, In: c}
			a.judge(s, chain, list[0])
			all = append(all, a)
		}
	}
	return all
}

// judge asks everything: where several things are wrong, the first is the reason.
func (a *Attributes) judge(s *site.Site, chain []*gridsec.Certificate, first *voms.Certificate) {
	a.Answer, a.Why, a.Source = Accepted, "counts", "arc-behaviour V1"
	if a.VO == "" && a.URI != "" {
		a.drop(&a.Form, "arc-behaviour V1", "its server is %q, in which ARC finds no host with a port", a.URI)
		return
	}
	if odd := a.oddity(chain); odd != "" {
		a.Answer, a.Why, a.Source = Unknown, "arclint does not judge it: "+odd, ""
		return
	}
	a.judgeForm()
	if !AttributesCount(s) {
		a.drop(&a.Validity, "arc-behaviour V8", "with this x509_cert_policy ARC has no CAs for VOMS servers")
		return
	}
	if a.Untimely(s.Now) {
		a.drop(&a.Validity, "arc-behaviour V4", "it is valid from %s until %s", a.NotBefore.Format(timeLayout), a.NotAfter.Format(timeLayout))
	}
	a.judgeSigner(s)
	a.judgeServer(s, first)
}

const timeLayout = "2006-01-02 15:04:05 MST"

func (a *Attributes) drop(kind *bool, source, format string, args ...any) {
	*kind = true
	if a.Answer == Accepted {
		a.Answer, a.Why, a.Source = Refused, fmt.Sprintf(format, args...), source
	}
}

// doubt leaves what arclint cannot know to the reader, unless it is dropped anyway.
func (a *Attributes) doubt(why string) {
	if a.Answer == Accepted {
		a.Answer, a.Why, a.Source = Unknown, why, ""
	}
}

// oddity is what it has that no VOMS server makes.
func (a *Attributes) oddity(chain []*gridsec.Certificate) string {
	person := EndEntity(chain)
	switch {
	case a.Odd != "":
		return a.Odd
	case len(a.Signers) == 0:
		return "it carries no certificate of its signer"
	case a.Signers[0].SubjectName != a.Issuer:
		return "the first certificate that it carries is not that of its signer"
	case a.Algorithm == 0:
		return "its signature is of a kind that arclint does not check"
	case a.Holder != person.SubjectName && a.Holder != person.IssuerName: // as VOMS names it, or as RFC 5755 does
		return "it was made for " + a.Holder
	case a.Serial.Cmp(person.SerialNumber) != 0:
		return "it was made for another certificate of the same name"
	}
	return ""
}

func (a *Attributes) judgeForm() {
	switch {
	case !strings.Contains(a.In.SubjectName, a.Holder) && !strings.Contains(a.In.IssuerName, a.Holder):
		a.drop(&a.Form, "arc-behaviour V10", "its holder is named by the issuer of the certificate, %q, which is in no name of the proxy", a.Holder)
	case len(a.Critical) > 0:
		a.drop(&a.Form, "arc-behaviour V10", "it has the critical extension %s, which ARC does not know", a.Critical[0])
	case a.Unmarked:
		a.drop(&a.Form, "arc-behaviour V10", "it lacks noRevAvail or authorityKeyIdentifier")
	}
}

// judgeSigner asks whether the signature is right, and whether the signer stands below
// the CAs of this CE.
func (a *Attributes) judgeSigner(s *site.Site) {
	if !s.Release.ECAttributes && a.Signers[0].PublicKeyAlgorithm != x509.RSA {
		a.drop(&a.Form, "arc-behaviour V5", "this release checks no signature by an EC key")
		return
	}
	switch made, doubt := a.Signers[0].Made(a.Named, a.Signed, a.Signature); {
	case doubt != "":
		a.doubt("it is not known whether its signature is good: " + doubt)
		return
	case !made:
		a.drop(&a.Form, "arc-behaviour V5", "its signature is not by the key of %s", a.Signers[0].SubjectName)
		return
	}
	engine := attributeEngine(s)
	for i := len(a.Signers) - 1; i >= 0; i-- {
		v := engine.Verify(a.Signers[i:], openssl.Any, s.Now)
		switch {
		case v.Accepted:
		case !v.Known():
			a.doubt("it is not known whether its signer is trusted: " + v.Doubt())
			return
		case slices.Contains([]Reason{openssl.NoAnchor, openssl.NoIntermediate, openssl.BadSignature}, v.Reason):
			a.drop(&a.Validity, "arc-behaviour V5", "the CA of its signer, %s, is not trusted with every CA above it (%s)", a.Signers[0].IssuerName, v.Reason)
			return
		default:
			a.doubt(fmt.Sprintf("arclint does not judge it: the certificate of its signer is refused (%s)", v.Reason))
			return
		}
	}
}

// judgeServer asks vomsdir. Where several attribute certificates stand in one proxy
// and are of several servers, those after the first are not judged unless all agree.
func (a *Attributes) judgeServer(s *site.Site, first *voms.Certificate) {
	how, why := lscAdmits(s, a.Certificate, a.VO, a.Host)
	if first != a.Certificate && (first.VO != a.VO || first.Host != a.Host) {
		if other, _ := lscAdmits(s, a.Certificate, first.VO, first.Host); other != Accepted || how != Accepted {
			a.doubt("arclint does not judge it: another attribute certificate, of " + first.VO + ", stands before it in the same proxy")
			return
		}
	}
	switch how {
	case Refused:
		a.drop(&a.Validity, "arc-behaviour V1, V2", "%s", why)
	case Unknown:
		a.doubt(why)
	case Accepted:
		if a.Answer == Accepted {
			a.Why, a.Source = why, "arc-behaviour V2"
		}
	}
}

// lscAdmits says whether the file of a server admits the signer of an attribute
// certificate.
func lscAdmits(s *site.Site, ac *voms.Certificate, vo, host string) (answer Answer, why string) {
	if answer, why := vomsDir(s); answer != Accepted {
		return answer, why
	}
	path := s.VOMS.Path + "/" + vo + "/" + host + ".lsc"
	lsc, err := lscOf(s, vo, host)
	switch {
	case err != nil || lsc != nil && unread(lsc):
		return Unknown, path + " could not be read"
	case lsc == nil:
		return Refused, path + " does not exist"
	}
	switch voms.Admits(lsc, ac.Signers) {
	case voms.Names:
		return Accepted, "its signer is that of " + path
	case voms.Pattern:
		return Accepted, "the expression in " + path + " matches its signer"
	case voms.AnyName:
		return Accepted, path + " has a chain of one line, so that ARC counts any signer whose CA is trusted"
	case voms.Unclear:
		return Unknown, path + " has a line that arclint does not show or cannot read"
	}
	return Refused, path + " has no chain of " + ac.Signers[0].SubjectName
}

// lscOf finds a file by its exact name.
func lscOf(s *site.Site, vo, host string) (*gridsec.LSC, error) {
	for _, v := range s.VOMS.VOs {
		if v.Name != vo {
			continue
		}
		for _, l := range v.LSCs {
			if l.Host == host {
				return l, nil
			}
		}
		return nil, v.Err
	}
	return nil, nil
}

// attributeEngine verifies signers as ARC does: among the CAs of x509_cert_dir, whatever
// they may be used for, without CRLs and without a security level (checkCert in
// VOMSUtil.cpp; arc-behaviour V5, V8).
func attributeEngine(s *site.Site) *openssl.Engine {
	return site.Once(s, attributeKey{}, func() *openssl.Engine {
		e := &openssl.Engine{Profile: profileOf(s.Release), NoCRLs: true}
		e.Profile.Level = 0
		e.Store = site.Once(s, memoryKey{}, openssl.NewMemory).Store(clientPlaces(s).grid, nil)
		return e
	})
}

type attributeKey struct{}

// AttributesCount says whether x509_cert_policy leaves ARC CAs for VOMS servers
// (arc-behaviour V8).
func AttributesCount(s *site.Site) bool {
	policy, _ := policyOf(s, s.Release.Clients.Policy.Block, s.Release.Clients.Policy.Option)
	switch {
	case !s.Release.CertPolicy.Known(), policy == "grid":
		return true
	case !s.Release.AttributesUnderAny:
		return false
	}
	return systemUse(policy).grid
}

// VOMSProcessing is [common] voms_processing as ARC reads it (arc-behaviour V9).
type VOMSProcessing string

// The values, of which the first stands for every text that is none.
const (
	Standard VOMSProcessing = "standard"
	Relaxed  VOMSProcessing = "relaxed"
	Strict   VOMSProcessing = "strict"
	NoErrors VOMSProcessing = "noerrors"
)

// Processing is the value of the site.
func Processing(s *site.Site) VOMSProcessing {
	values := writtenValues(s, "common", "voms_processing")
	if len(values) == 1 {
		for _, v := range []VOMSProcessing{Relaxed, Strict, NoErrors} {
			if values[0] == string(v) {
				return v
			}
		}
	}
	return Standard
}

// Ends says whether an attribute certificate that is dropped ends the connection.
func (p VOMSProcessing) Ends(a Attributes) bool {
	return p == NoErrors && (a.Form || a.Validity) || p == Strict && a.Form
}
