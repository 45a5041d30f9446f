package gridsec

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// ErrNoObject says that a file whose name promises a certificate or a CRL holds
// neither.
var ErrNoObject = errors.New("holds no certificate and no CRL")

// PlaceError is a Problem as an error.
type PlaceError struct{ Problem }

// Error names the line.
func (e *PlaceError) Error() string {
	return fmt.Sprintf("line %d: %s", e.Span.Begin().Line, e.Message)
}

// readObjects fills in the certificates and CRLs of a file, in PEM or in DER.
func (r *Reader) readObjects(f *File, expected bool) {
	if bytes.Contains(f.Source.Data, []byte(beginMark)) {
		r.readPEM(f)
	} else {
		r.readDER(f)
	}
	if expected && len(f.Certificates)+len(f.CRLs) == 0 {
		f.Err = ErrNoObject
	}
}

func (r *Reader) readPEM(f *File) {
	for _, b := range scanPEM(f.Source, false) {
		report := func(effect Effect, message string) {
			f.Problems = append(f.Problems, Problem{Span: b.span, Message: message, Effect: effect})
		}
		switch {
		case b.indented:
			if isCertificateLabel(b.label) || b.label == crlLabel {
				report(Harmless, "the PEM block is indented, so OpenSSL does not see it; want its lines to start at column 1")
			}
		case b.fault != "":
			report(Stops, b.fault+"; OpenSSL reads neither this block nor what follows")
		case isCertificateLabel(b.label):
			r.addCertificate(f, b, report)
		case b.label == crlLabel:
			r.addCRL(f, b.span, b.der, report)
		}
	}
}

func (r *Reader) addCertificate(f *File, b pemBlock, report func(Effect, string)) {
	cert, aux, err := r.certificate(b.der)
	if errors.Is(err, rootfs.ErrBudget) {
		rootfs.LeaveOut(r.fsys, f.Path, err)
		report(Unclear, unclear("certificate", err))
		return
	}
	if err != nil {
		report(StopsCertificates, "the PEM block holds no certificate that OpenSSL reads; it reads no certificate from here on")
		return
	}
	trust, err := parseTrust(aux)
	if err != nil {
		report(StopsCertificates, "what follows the certificate in its PEM block is not its trust settings; OpenSSL reads no certificate from here on")
		return
	}
	cert.Span, cert.Trusted = b.span, trust
	f.Certificates = append(f.Certificates, cert)
}

// unclear does not call the file broken: Go's reader is stricter than OpenSSL's.
func unclear(what string, err error) string {
	text := strings.TrimPrefix(err.Error(), "x509: ")
	return fmt.Sprintf("arclint cannot read this %s (%s); OpenSSL may be able to, check it with openssl", what, text)
}

// readDER reads a file that is a certificate or a CRL in DER. The bytes of
// another binary file are dropped: it may be a key.
func (r *Reader) readDER(f *File) {
	if cert, _, err := r.certificate(f.Source.Data); err == nil {
		f.DER, f.Certificates = true, []*Certificate{cert}
		return
	}
	r.addCRL(f, source.Span{}, f.Source.Data, func(Effect, string) {})
	if len(f.CRLs) > 0 {
		f.DER = true
		return
	}
	if !isText(f.Source.Data) {
		clear(f.Source.Data)
		f.Source = source.New(f.Path, nil)
		f.Problems = append(f.Problems, Problem{
			Span:    source.Span{File: f.Source},
			Message: "is neither a text nor a certificate or CRL in DER that arclint can read",
		})
	}
}

func isText(data []byte) bool {
	for _, c := range data {
		if c < '\t' || c > '\r' && c < ' ' {
			return false
		}
	}
	return utf8.Valid(data)
}
