package host

import (
	"errors"
	"io/fs"

	"arclint/internal/site"
	"arclint/lint"
)

var certMissing = &lint.Rule{
	ID:       "host/cert-missing",
	Title:    "The host certificate is missing or cannot be read",
	Why:      "Without a host certificate arched cannot open its TLS port: no client reaches the CE. ARC 6.17 does not start at all; ARC 7 starts and every connection fails.",
	Source:   "arc.conf.reference [common] x509_host_cert; arc-checks b1.8, b4",
	Severity: lint.Error,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		h := s.Host
		switch {
		case errors.Is(h.CertErr, fs.ErrNotExist):
			nameIn(s, r.Path(h.CertPath, "host certificate does not exist, want a PEM file here: without it no TLS connection to the CE succeeds"), "x509_host_cert")
		case errors.Is(h.CertErr, fs.ErrPermission):
			r.Skip("%s may not be read by this user", h.CertPath)
		case h.CertErr != nil:
			nameIn(s, r.Path(h.CertPath, "host certificate cannot be read (%v), want a PEM file: without it no TLS connection to the CE succeeds", h.CertErr), "x509_host_cert")
		case leaf(s) == nil:
			nameIn(s, r.Path(h.CertPath, "no certificate stands in this file, want the host certificate in PEM: without it no TLS connection to the CE succeeds"), "x509_host_cert")
		}
	},
}
