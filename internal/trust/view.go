package trust

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/openssl"
	"arclint/internal/site"
)

// View is what one kind of client makes of the certificate of this CE.
type View struct {
	Client string // "Globus"
	CAs    string // which CAs it trusts, and what it reads beside them
	Answer Answer
	Code   Reason                 // of the refusal; OK, or "" where nothing is known
	Reason string                 // in a sentence
	Anchor string                 // the one-line subject of the trust anchor, "" where there is none
	Path   []*gridsec.Certificate // the host certificate first
	Trace  []Step

	Policy string // the file that refuses it, "" where none does
}

// Kinds of clients, in the order of Views.
const (
	GridClient = "grid client" // curl, gfal, ARC 7: CAs, no policies
	ARC6Client = "ARC 6"
	Globus     = "Globus"
	DCache     = "dCache"
	XRootD     = "XRootD"
	WebClient  = "system client" // curl, Rucio, DIRAC with the CAs of the system
)

// Views says which kinds of clients accept the host certificate, in a fixed order:
// those with the CAs of the grid, without and with the policies that they read, and
// one with the CAs of the operating system. The CAs of this CE stand for those that
// grid clients have. It is nil where the host certificate could not be read. The
// names in the certificate are another question.
func Views(s *site.Site) []View {
	return site.Once(s, viewsKey{}, func() []View {
		served := Served(s)
		if len(served) == 0 {
			return nil
		}
		views := append(gridViews(s, served), systemView(s, served))
		if why := noHandshake(s); why != "" {
			for i := range views {
				views[i] = View{Client: views[i].Client, CAs: views[i].CAs, Answer: Refused, Reason: why}
			}
		}
		return views
	})
}

type viewsKey struct{}

// noHandshake is why no connection to the CE succeeds whatever a client trusts, ""
// where nothing is known of that.
func noHandshake(s *site.Site) string {
	if _, place := HostChain(s); place != 0 {
		return "another certificate comes before that of the host in its file: no TLS connection succeeds"
	}
	if key := s.Host.Key; key != nil && key.Matches != nil && !*key.Matches {
		return "the host key is not that of the certificate: no TLS connection succeeds"
	}
	return ""
}

// policyReader is a kind of client, and how it reads policies: why a certificate is
// refused, with the file.
type policyReader struct {
	client, reads string
	decide        func(dir *gridsec.Dir, c openssl.Checked) (gridsec.Decision, *gridsec.File)
	doubt         string // why it is not certain that it reads them
}

var policyReaders = []policyReader{
	{GridClient, "no policies", nil, ""},
	{ARC6Client, "signing policies", byARC6, ""},
	{Globus, "signing policies", byGlobus, ""},
	{DCache, "namespaces, else signing policies", byNamespaces, ""},
	{XRootD, "signing policies", byGlobus, "whether it reads signing policies is not measured"},
}

// gridViews are those of clients with the CAs of the grid.
func gridViews(s *site.Site, served []*gridsec.Certificate) []View {
	dir := gridCAs(s)
	store := memoryOf(s).Store([]*gridsec.Dir{dir}, nil)
	var views []View
	for _, r := range policyReaders {
		v := View{Client: r.client, CAs: dir.Path + ", " + r.reads, Answer: Unknown}
		if dir.Err != nil {
			v.Reason = dir.Path + " could not be read"
			if errors.Is(dir.Err, fs.ErrNotExist) {
				v.Reason = dir.Path + " is not in this root"
			}
			views = append(views, v)
			continue
		}
		e := &openssl.Engine{Profile: profileOf(s.Release), Store: store}
		if r.decide != nil {
			e.Callback = r.callback(dir)
		}
		v.take(e.Verify(served, openssl.Server, s.Now))
		if r.doubt != "" && v.Code == SigningPolicy {
			v.Answer, v.Reason = Unknown, r.doubt+"; if it does: "+v.Reason
		}
		views = append(views, v)
	}
	return views
}

// gridCAs is the directory that stands for what grid clients trust: that for
// clients, or the one where the key fetch looks if arc.conf names none that is there.
func gridCAs(s *site.Site) *gridsec.Dir {
	for _, d := range s.ClientDirs {
		if d.Err == nil {
			return d
		}
	}
	return s.GridDir
}

func (r policyReader) callback(dir *gridsec.Dir) func(openssl.Checked) *openssl.Refusal {
	return func(c openssl.Checked) *openssl.Refusal {
		if c.Proxy || c.SelfIssued {
			return nil
		}
		d, file := r.decide(dir, c)
		if file == nil || d.Allowed {
			return nil
		}
		refusal := &openssl.Refusal{Reason: SigningPolicy, Path: file.Path, Text: d.Reason + " (CA " + c.IssuerName + ")"}
		if d.Unknown {
			refusal.Unseen = file.Path
		}
		return refusal
	}
}

func byARC6(dir *gridsec.Dir, c openssl.Checked) (gridsec.Decision, *gridsec.File) {
	file := policyFile(dir, c.IssuerHash)
	if file == nil {
		return gridsec.Decision{}, nil
	}
	return file.Policy.Decide617(c.IssuerName, c.SubjectName), file
}

// byGlobus: where the file is missing, Globus refuses; trust/signing-policy-missing
// says so of the directory.
func byGlobus(dir *gridsec.Dir, c openssl.Checked) (gridsec.Decision, *gridsec.File) {
	file := policyFile(dir, c.IssuerHash)
	if file == nil {
		return gridsec.Decision{}, nil
	}
	return file.Policy.DecideGlobus(c.IssuerName, c.SubjectName), file
}

func byNamespaces(dir *gridsec.Dir, c openssl.Checked) (gridsec.Decision, *gridsec.File) {
	e := dir.Lookup(fmt.Sprintf("%08x.namespaces", c.IssuerHash))
	if e != nil && e.Err == nil && e.File.Namespaces != nil {
		if d, found := e.File.Namespaces.Decide(c.IssuerName, c.SubjectName); found {
			return d, e.File
		}
	}
	return byGlobus(dir, c)
}

// take makes the answer of a verdict.
func (v *View) take(verdict Verdict) {
	v.Code, v.Path, v.Trace = verdict.Reason, verdict.Path, verdict.Trace
	v.Reason = strings.TrimPrefix(verdict.Trace[len(verdict.Trace)-1].Text, "refused: ")
	v.Reason = strings.ReplaceAll(v.Reason, "where this CE looks", "among the CAs of the client")
	if verdict.Anchor != nil {
		v.Anchor = verdict.Anchor.SubjectName
	}
	switch {
	case !verdict.Known():
		v.Answer = Unknown
	case verdict.Accepted:
		v.Answer = Accepted
	default:
		v.Answer = Refused
	}
	if v.Code == SigningPolicy {
		v.Policy = lastPath(verdict.Trace)
	}
}

func lastPath(trace []Step) string {
	for i := len(trace) - 1; i >= 0; i-- {
		if trace[i].Path != "" {
			return trace[i].Path
		}
	}
	return ""
}

// systemView is that of a client with the CAs of an operating system: those of this
// host where they were read, else the roots of the web that arclint knows.
func systemView(s *site.Site, served []*gridsec.Certificate) View {
	v := View{Client: WebClient, CAs: "the CAs of the operating system", Answer: Unknown}
	if s.System != nil && s.System.Read() {
		var files []*gridsec.File
		if s.System.File != nil {
			files = append(files, s.System.File)
		}
		e := &openssl.Engine{Profile: profileOf(s.Release), Store: memoryOf(s).Store([]*gridsec.Dir{s.System.Dir}, files)}
		v.CAs += " of this host, " + s.System.OpenSSLDir
		v.take(e.Verify(served, openssl.Server, s.Now))
		return v
	}
	v.CAs += ", as far as arclint knows them (" + issuers.PublicRelease() + ")"
	verdict := (&openssl.Engine{Profile: profileOf(s.Release), Store: memoryOf(s).Store(nil, nil)}).Verify(served, openssl.Server, s.Now)
	v.take(verdict)
	v.askRegistry(verdict.Path, s.Now)
	return v
}

// askRegistry looks for the issuer of the last certificate among the roots of the
// web, by its name: their certificates are not here.
func (v *View) askRegistry(path []*gridsec.Certificate, now time.Time) {
	top := path[len(path)-1]
	v.Answer, v.Code = Refused, openssl.NoAnchor
	for _, c := range path {
		if now.Before(c.NotBefore) || now.After(c.NotAfter) {
			v.Code, v.Reason = openssl.Expired, c.SubjectName+" is outside its validity"
			return
		}
	}
	if leaf := path[0]; len(leaf.ExtKeyUsage)+len(leaf.UnknownExtKeyUsage) > 0 && !slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageServerAuth) {
		v.Code, v.Reason = openssl.WrongPurpose, leaf.SubjectName+" may not be used for a TLS server"
		return
	}
	for _, root := range issuers.PublicRootsNamed(top.IssuerName) {
		if root.Current && (top.IssuerHash != top.Hash || root.SPKISHA256 == top.KeySHA256()) {
			v.Answer, v.Code, v.Anchor = Accepted, openssl.OK, root.Subject
			v.Reason = "the chain leads to " + root.Subject + ", as far as names tell"
			return
		}
	}
	v.Reason = "the chain that is sent ends at " + top.SubjectName + ", and its issuer " + top.IssuerName + " is no root of the web"
}
