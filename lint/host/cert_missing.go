package host

import (
	"errors"
	"io/fs"

	"arclint/internal/arcconf"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var certMissing = &lint.Rule{
	ID:    "host/cert-missing",
	Title: "The host certificate is missing or cannot be read",
	Why: "Without a host certificate arched cannot open its TLS port: no client reaches the CE. " +
		"ARC 6.17 does not start if arc.conf names the file; ARC 7 starts and every connection fails.",
	Source:   "arc.conf.reference [common] x509_host_cert; arc-checks b1.8, b4; S72 src/hed/mcc/tls/ConfigTLSMCC.cpp:280",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Rests:    true,
	Stops:    true,
	Effect:   "Without it no TLS connection to the CE succeeds.",
	Action:   "Put the host certificate here, in PEM, or name its file in x509_host_cert.",
	Recipe:   lint.Manual,
	ByHand: `If the certificate is in another file, name that one, and its key:

    [common]
    x509_host_cert=/etc/grid-security/hostcert.pem
    x509_host_key=/etc/grid-security/hostkey.pem

If it is there in another form, convert it from DER, or take it out of a
PKCS#12 file:

    cd /etc/grid-security
    openssl x509 -inform DER -in FILE -out hostcert.pem
    openssl pkcs12 -in FILE -clcerts -nokeys -out hostcert.pem

If there is none, get one.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		path, err := s.Host.CertPath, s.Host.CertErr
		strict := s.Release.StrictStart && s.Value("common", "x509_host_cert").Origin == arcconf.Admin
		switch {
		case err == nil:
		case errors.Is(err, fs.ErrPermission):
			r.Skip("%s may not be read by this user; run as root", path)
		case errors.Is(err, fs.ErrNotExist) && s.NotCopied(path):
			r.Skip("%s and its directory are not in this root", path)
		case errors.Is(err, fs.ErrNotExist):
			f := nameIn(s, r.Path(path, "the host certificate does not exist"), "x509_host_cert").Stopping(strict).Unserving(true)
			if strict {
				f.Means("ARC 6 does not start.")
			}
		case errors.Is(err, gridsec.ErrNoObject):
			nameIn(s, r.Path(path, "there is no certificate in PEM in this file"), "x509_host_cert").Unserving(true)
		default:
			nameIn(s, r.Path(path, "the host certificate cannot be read (%v)", cause(err)), "x509_host_cert").Unserving(true)
		}
	},
}
