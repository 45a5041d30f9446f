package gridsec

import (
	"crypto/x509"
	"errors"

	"arclint/internal/certificate"
	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// CRL is one certificate revocation list.
type CRL struct {
	*x509.RevocationList
	IssuerName    string
	IssuerHash    uint32
	IssuerOldHash uint32

	File *File
	Span source.Span
}

// addCRL adds the CRL in the bytes to the file.
func (r *Reader) addCRL(f *File, span source.Span, data []byte, report func(Effect, string)) {
	crl, err := r.parseCRL(data)
	if errors.Is(err, certificate.ErrNoList) {
		report(StopsCRLs, "the PEM block holds no CRL that OpenSSL reads; it reads no CRL from here on")
		return
	}
	if errors.Is(err, rootfs.ErrBudget) {
		rootfs.LeaveOut(r.fsys, f.Path, err)
	}
	if err != nil {
		report(Unclear, unclear("CRL", err))
		return
	}
	crl.Span = span
	f.CRLs = append(f.CRLs, crl)
}

func (r *Reader) parseCRL(der []byte) (*CRL, error) {
	if err := r.budget.Take(int64(len(der)) * crlCost); err != nil {
		return nil, err
	}
	list, err := parseRevocationList(der)
	if err != nil {
		return nil, err
	}
	issuer := r.name(list.RawIssuer)
	return &CRL{RevocationList: list, IssuerName: issuer.forms.OneLine, IssuerHash: issuer.forms.Hash, IssuerOldHash: issuer.forms.OldHash}, issuer.err
}
