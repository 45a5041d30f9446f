package host

import (
	"errors"
	"io/fs"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var keyUnreadable = &lint.Rule{
	ID:       "host/key-unreadable",
	Title:    "The host key is no private key that ARC can load",
	Why:      "arched loads a PEM or DER private key without a pass phrase. Anything else makes every TLS connection fail.",
	Source:   "S72 src/hed/mcc/tls/ConfigTLSMCC.cpp (SSL_CTX_use_PrivateKey_file)",
	Severity: lint.Error,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `See what OpenSSL says of the file:

    openssl pkey -in /etc/grid-security/hostkey.pem -noout

If the key is in a PKCS#12 file, take it out into a file that only root reads:

    cd /etc/grid-security
    openssl pkcs12 -in FILE -nocerts -nodes -out hostkey.new
    install -o root -g root -m 0400 hostkey.new hostkey.pem
    rm hostkey.new

If it is in another file, name that one:

    [common]
    x509_host_key=/etc/grid-security/hostkey.pem

If it is lost, get a new pair.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		path, err := s.Host.KeyPath, s.Host.KeyErr
		if err == nil && s.Host.Key != nil && !s.Host.Key.Encrypted {
			err = s.Host.Key.ParseErr
		}
		const want = "want an unencrypted private key in PEM: without one no TLS connection to the CE succeeds"
		switch {
		case err == nil, errors.Is(err, fs.ErrNotExist):
		case errors.Is(err, fs.ErrPermission):
			r.Skip("%s may not be read by this user, run as root to look at it", path)
		case s.Host.KeyErr != nil:
			nameIn(s, r.Path(path, "host key cannot be read (%v), %s", cause(err), want), "x509_host_key")
		case errors.Is(err, gridsec.ErrNoKey):
			nameIn(s, r.Path(path, "no private key in PEM stands in this file, %s", want), "x509_host_key")
		default: // OpenSSL knows more kinds of keys than Go
			nameIn(s, r.Path(path, "the host key may not load: %v, %s", err, want), "x509_host_key").As(lint.Warning)
		}
	},
}
