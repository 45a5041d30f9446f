package probe

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"arclint/internal/issuers"
	"arclint/internal/x509name"
)

// judgeServer connects, keeps the chain as served and notes what ARC would
// say of it. It returns false where there was no connection.
func (p *prober) judgeServer(ctx context.Context, host, port string) bool {
	conn, err := p.handshake(ctx, host, port)
	if err != nil {
		p.unknown("unreachable", fmt.Sprintf("no TLS connection to %s port %s: %v", host, port, err))
		return false
	}
	served := conn.ConnectionState().PeerCertificates
	conn.Close() // nothing was sent; only the chain was wanted
	s := Server{Host: host, Port: port, served: served}
	for _, cert := range served {
		s.Chain = append(s.Chain, describe(cert))
	}
	p.judgeName(&s)
	path := pathIn(served)
	verified := p.judgeRoots(&s)
	p.judgePath(s, path)
	p.judgeAnchor(&s, path, verified)
	p.result.Servers = append(p.result.Servers, s)
	return true
}

// judgeName compares the host name, which ARC does not.
func (p *prober) judgeName(s *Server) {
	err := s.served[0].VerifyHostname(s.Host)
	s.NameMatches = err == nil
	if err != nil {
		p.result.add(Problem{
			Code: "host-name-mismatch", Effect: Unnoticed, Releases: allReleases(), Source: "arc-behaviour S10",
			Message: fmt.Sprintf("%v: ARC does not compare the name, other services refuse", err),
		})
	}
}

// judgeRoots asks this machine's store and returns the chain that it found.
func (p *prober) judgeRoots(s *Server) []*x509.Certificate {
	intermediates := x509.NewCertPool()
	for _, cert := range s.served[1:] {
		intermediates.AddCert(cert)
	}
	chains, err := s.served[0].Verify(x509.VerifyOptions{
		Roots: p.options.Roots, Intermediates: intermediates, CurrentTime: p.options.Now,
	})
	if err != nil {
		s.SystemRoots.Reason = err.Error()
		return nil
	}
	s.SystemRoots.Accepted = true
	return chains[0]
}

// pathIn follows the signatures from the leaf through the chain as served.
// Order and extra certificates do not matter (arc-behaviour D5).
func pathIn(served []*x509.Certificate) []*x509.Certificate {
	path := []*x509.Certificate{served[0]}
	for len(path) <= len(served) {
		top := path[len(path)-1]
		if selfSigned(top) {
			break
		}
		i := slices.IndexFunc(served, func(c *x509.Certificate) bool {
			return !slices.Contains(path, c) && signs(c, top)
		})
		if i < 0 {
			break
		}
		path = append(path, served[i])
	}
	return path
}

// signs checks name and signature only: what else is wrong with a CA is to be
// reported, not to break the path.
func signs(ca, cert *x509.Certificate) bool {
	if !bytes.Equal(ca.RawSubject, cert.RawIssuer) {
		return false
	}
	// crypto/x509 refuses to check weak signatures: there the name decides.
	return weakSignature(cert) || ca.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil
}

func selfSigned(cert *x509.Certificate) bool { return signs(cert, cert) }

func weakSignature(cert *x509.Certificate) bool {
	weak := []x509.SignatureAlgorithm{x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1}
	return slices.Contains(weak, cert.SignatureAlgorithm)
}

// judgePath looks at each certificate of the path as ARC's OpenSSL does.
func (p *prober) judgePath(s Server, path []*x509.Certificate) {
	for i, cert := range path {
		name := subjectOf(cert)
		refuse := func(code, source, format string, args ...any) {
			effect := Refused
			if i > 0 && alsoRoot(cert) {
				effect = Needs // a cross certificate: fine where its twin is the CE's root
			}
			p.result.add(Problem{
				Code: code, Effect: effect, Releases: allReleases(), Source: source,
				Message: fmt.Sprintf("certificate %q of %s ", name, s.Host) + fmt.Sprintf(format, args...),
			})
		}
		switch {
		case p.options.Now.After(cert.NotAfter):
			refuse("expired", "arc-behaviour D7", "expired on %s", cert.NotAfter.UTC().Format("2006-01-02"))
		case p.options.Now.Before(cert.NotBefore):
			refuse("not-yet-valid", "arc-behaviour D7", "is not valid before %s", cert.NotBefore.UTC().Format("2006-01-02"))
		}
		if key, ok := cert.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < 2048 {
			refuse("weak-key", "arc-behaviour D7", "has an RSA key of %d bits, want 2048 or more", key.N.BitLen())
		}
		if weakSignature(cert) && !selfSigned(cert) {
			refuse("weak-signature", "arc-behaviour D7", "is signed with %s, want SHA-256 or better", cert.SignatureAlgorithm)
		}
		if !servesTLS(cert) {
			refuse("purpose", "arc-behaviour D8", "is restricted to other uses than TLS server")
		}
		if i > 0 && (!cert.BasicConstraintsValid || !cert.IsCA) && !selfSigned(cert) {
			refuse("not-a-ca", "arc-behaviour D7", "signs another one, but is no CA certificate")
		}
	}
}

// servesTLS reports whether the extended key usage, if any, admits a server.
func servesTLS(cert *x509.Certificate) bool {
	if len(cert.ExtKeyUsage) == 0 && len(cert.UnknownExtKeyUsage) == 0 {
		return true
	}
	return slices.Contains(cert.ExtKeyUsage, x509.ExtKeyUsageServerAuth) || slices.Contains(cert.ExtKeyUsage, x509.ExtKeyUsageAny)
}

// alsoRoot reports whether the key of an intermediate is that of a known root.
func alsoRoot(cert *x509.Certificate) bool {
	spki := issuers.FingerprintOf(cert.RawSubjectPublicKeyInfo)
	_, public := issuers.FindPublicRoot(spki)
	return public || slices.ContainsFunc(issuers.GridCAs(), func(ca issuers.GridCA) bool { return ca.SPKISHA256 == spki })
}

// judgeAnchor finds the CA that the CE must have, and notes where that is not
// one that sites usually have.
func (p *prober) judgeAnchor(s *Server, path, verified []*x509.Certificate) {
	top := path[len(path)-1]
	subject := issuerOf(top)
	if len(verified) > 0 {
		subject = subjectOf(verified[len(verified)-1])
	}
	s.Anchor = Anchor{
		Subject: subject,
		Served:  selfSigned(top),
		Public:  slices.ContainsFunc(issuers.PublicRoots(), func(r issuers.PublicRoot) bool { return r.Subject == subject }),
		IGTF:    slices.ContainsFunc(issuers.GridCAs(), func(ca issuers.GridCA) bool { return ca.Subject == subject && ca.Fate != issuers.Dropped }),
	}
	if s.Anchor.Public || s.Anchor.IGTF || s.SystemRoots.Accepted {
		return
	}
	problem := Problem{Code: "unknown-root", Effect: Needs, Releases: allReleases(), Source: "arc-behaviour D5"}
	switch {
	case len(path) == 1 && s.Anchor.Served:
		problem.Code = "self-signed"
		problem.Message = fmt.Sprintf("%s serves a self-signed certificate: ARC accepts it only where exactly that is in the CE's directory", s.Host)
	case len(path) == 1:
		problem.Code = "chain-incomplete"
		problem.Message = fmt.Sprintf("%s serves no more than its own certificate, whose issuer %q is no root known here: if it is an intermediate, the CE must have it and its root", s.Host, subject)
	default:
		problem.Message = fmt.Sprintf("the chain of %s ends in %q, which is neither a public root nor an IGTF one known here: the CE must have it", s.Host, subject)
	}
	p.result.add(problem)
}

func subjectOf(cert *x509.Certificate) string { return oneLine(cert.RawSubject) }
func issuerOf(cert *x509.Certificate) string  { return oneLine(cert.RawIssuer) }

// oneLine is the name as OpenSSL prints it, or why it cannot be printed.
func oneLine(name []byte) string {
	line, err := x509name.OneLine(name)
	if err != nil {
		return "(unreadable: " + err.Error() + ")"
	}
	return line
}

func describe(cert *x509.Certificate) Certificate {
	return Certificate{
		Subject: subjectOf(cert), Issuer: issuerOf(cert),
		NotBefore: cert.NotBefore.UTC(), NotAfter: cert.NotAfter.UTC(),
		Key: keyName(cert), Signature: cert.SignatureAlgorithm.String(),
		SHA256:     issuers.FingerprintOf(cert.Raw).String(),
		SPKISHA256: issuers.FingerprintOf(cert.RawSubjectPublicKeyInfo).String(),
	}
}

func keyName(cert *x509.Certificate) string {
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", key.N.BitLen())
	case *ecdsa.PublicKey:
		return "EC " + key.Curve.Params().Name
	default:
		return strings.TrimSpace(cert.PublicKeyAlgorithm.String())
	}
}
