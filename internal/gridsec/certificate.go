package gridsec

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"sync"

	"arclint/internal/certificate"
	"arclint/internal/source"
	"arclint/internal/x509name"
)

// Certificate is one certificate in a file or a chain.
type Certificate struct {
	*x509.Certificate
	SubjectName string // OpenSSL's one-line form
	IssuerName  string
	Hash        uint32 // of the subject, `openssl x509 -hash`
	OldHash     uint32 // of the subject, `openssl x509 -subject_hash_old`
	IssuerHash  uint32
	File        *File       // nil for a certificate that is not of the site (evidence, a chain)
	Span        source.Span // of its PEM block, zero for DER
	Trusted     *TrustSettings

	once *workedOut // nil for a certificate that no Reader made
}

// workedOut is what several ask of a certificate, and is worked out once.
type workedOut struct {
	subject, issuer string            // canonical
	sum, keySum     [sha256.Size]byte // of the certificate and of its key
}

// SHA256 is the fingerprint of the certificate.
func (c *Certificate) SHA256() [sha256.Size]byte {
	if c.once == nil {
		return sha256.Sum256(c.Raw)
	}
	return c.once.sum
}

// KeySHA256 is the fingerprint of its SubjectPublicKeyInfo.
func (c *Certificate) KeySHA256() [sha256.Size]byte {
	if c.once == nil {
		return sha256.Sum256(c.RawSubjectPublicKeyInfo)
	}
	return c.once.keySum
}

// Canonical are its names as OpenSSL compares them (x509name.Canonical). ok is
// false where one cannot be read, which no Reader lets through; the encodings then
// stand for them.
func (c *Certificate) Canonical() (subject, issuer string, ok bool) {
	if c.once != nil {
		return c.once.subject, c.once.issuer, true
	}
	s, subjectErr := x509name.Canonical(c.RawSubject)
	i, issuerErr := x509name.Canonical(c.RawIssuer)
	if subjectErr != nil || issuerErr != nil {
		return string(c.RawSubject), string(c.RawIssuer), false
	}
	return string(s), string(i), true
}

// TrustSettings are the uses in a BEGIN TRUSTED CERTIFICATE block.
type TrustSettings struct {
	Trust, Reject []string // OIDs, dotted
}

// parsed is what was made of bytes, whatever file they stand in.
type parsed struct {
	mu           sync.Mutex
	certificates map[[sha256.Size]byte]*parsing // by the hash of the DER
	names        map[string]name                // by DER
}

// ParseCertificate reads one certificate that stands in no file of the site. It fails
// where OpenSSL does not read it.
func ParseCertificate(der []byte) (*Certificate, error) {
	cert, rest, err := certificate.Read(der)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, certificate.ErrRefused
	}
	subject, subjectErr := x509name.Read(cert.RawSubject)
	issuer, issuerErr := x509name.Read(cert.RawIssuer)
	if err := errors.Join(subjectErr, issuerErr); err != nil {
		return nil, err
	}
	return &Certificate{
		Certificate: cert, SubjectName: subject.OneLine, IssuerName: issuer.OneLine,
		Hash: subject.Hash, OldHash: subject.OldHash, IssuerHash: issuer.Hash,
	}, nil
}

// parsing is a certificate that is parsed once, and what follows it.
type parsing struct {
	once sync.Once
	cert Certificate
	rest []byte
	err  error
}

// certificate gives a Certificate of its own for the bytes that begin with one, and
// what follows it. It fails where OpenSSL does not read it.
func (r *Reader) certificate(data []byte) (cert *Certificate, rest []byte, err error) {
	key := sha256.Sum256(data)
	r.parsed.mu.Lock()
	p := r.parsed.certificates[key]
	if p == nil {
		p = &parsing{}
		r.parsed.certificates[key] = p
	}
	r.parsed.mu.Unlock()
	p.once.Do(func() { p.cert, p.rest, p.err = r.parseCertificate(data, key) })
	if p.err != nil {
		return nil, nil, p.err
	}
	own := p.cert
	return &own, p.rest, nil
}

func (r *Reader) parseCertificate(data []byte, sum [sha256.Size]byte) (Certificate, []byte, error) {
	cert, rest, err := certificate.Read(data)
	if err == nil {
		err = r.budget.Take(int64(len(cert.Raw)) * certificateCost)
	}
	if err != nil {
		return Certificate{}, nil, err
	}
	if len(cert.Raw) < len(data) {
		sum = sha256.Sum256(cert.Raw)
	}
	subject, issuer := r.name(cert.RawSubject), r.name(cert.RawIssuer)
	return Certificate{
		Certificate: cert,
		SubjectName: subject.forms.OneLine,
		IssuerName:  issuer.forms.OneLine,
		Hash:        subject.forms.Hash,
		OldHash:     subject.forms.OldHash,
		IssuerHash:  issuer.forms.Hash,
		once: &workedOut{
			subject: subject.forms.Canonical, issuer: issuer.forms.Canonical,
			sum: sum, keySum: sha256.Sum256(cert.RawSubjectPublicKeyInfo),
		},
	}, rest, errors.Join(subject.err, issuer.err)
}

// name is what is wanted of a subject or an issuer; most stand in a directory
// several times.
type name struct {
	forms x509name.Name
	err   error
}

func (r *Reader) name(der []byte) name {
	r.parsed.mu.Lock()
	n, known := r.parsed.names[string(der)]
	r.parsed.mu.Unlock()
	if known {
		return n
	}
	n.forms, n.err = x509name.Read(der)
	r.parsed.mu.Lock()
	defer r.parsed.mu.Unlock()
	r.parsed.names[string(der)] = n
	return n
}

// certAux is X509_CERT_AUX of OpenSSL, which follows the certificate.
type certAux struct {
	Trust  []asn1.ObjectIdentifier `asn1:"optional"`
	Reject []asn1.ObjectIdentifier `asn1:"optional,tag:0"`
	Alias  string                  `asn1:"optional,utf8"`
	KeyID  []byte                  `asn1:"optional"`
	Other  asn1.RawValue           `asn1:"optional,tag:1"`
}

// parseTrust reads what follows a certificate in its block; nothing gives nil.
// An empty list of trusted uses in the settings is no restriction, like none.
func parseTrust(aux []byte) (*TrustSettings, error) {
	if len(aux) == 0 {
		return nil, nil
	}
	var a certAux
	if _, err := asn1.Unmarshal(aux, &a); err != nil {
		return nil, err
	}
	return &TrustSettings{Trust: dotted(a.Trust), Reject: dotted(a.Reject)}, nil
}

func dotted(oids []asn1.ObjectIdentifier) []string {
	var out []string
	for _, oid := range oids {
		out = append(out, oid.String())
	}
	return out
}
