package host

import (
	"errors"
	"io/fs"

	"arclint/internal/site"
	"arclint/lint"
)

var keyMissing = &lint.Rule{
	ID:       "host/key-missing",
	Title:    "The host key is missing",
	Why:      "Without the private key arched cannot open its TLS port: no client reaches the CE.",
	Source:   "arc.conf.reference [common] x509_host_key; arc-checks b1.9, b4",
	Severity: lint.Error,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		if errors.Is(s.Host.KeyErr, fs.ErrNotExist) {
			nameIn(s, r.Path(s.Host.KeyPath, "host key does not exist, want the private key of the host certificate here: without it no TLS connection to the CE succeeds"), "x509_host_key")
		}
	},
}

var keyUnreadable = &lint.Rule{
	ID:       "host/key-unreadable",
	Title:    "The host key is no private key that ARC can load",
	Why:      "arched loads a PEM or DER private key without a pass phrase. Anything else makes every TLS connection fail.",
	Source:   "S72 src/hed/mcc/tls/ConfigTLSMCC.cpp (SSL_CTX_use_PrivateKey_file)",
	Severity: lint.Error,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		err := s.Host.KeyErr
		if err == nil && s.Host.Key != nil && !s.Host.Key.Encrypted {
			err = s.Host.Key.ParseErr
		}
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			return
		}
		if errors.Is(err, fs.ErrPermission) {
			r.Skip("%s may not be read by this user, run as root to look at it", s.Host.KeyPath)
			return
		}
		nameIn(s, r.Path(s.Host.KeyPath, "host key cannot be loaded (%v), want an unencrypted private key in PEM: without it no TLS connection to the CE succeeds", err), "x509_host_key")
	},
}
