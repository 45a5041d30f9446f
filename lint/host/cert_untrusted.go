package host

import (
	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var certUntrusted = &lint.Rule{
	ID:    "host/cert-untrusted",
	Title: "The CE's own trust anchors do not cover its host certificate",
	Why: "ARC 6.17 does not start when x509_cert_dir does not hold the host certificate's CA. ARC 7 starts; clients that trust what this CE trusts refuse it, " +
		"unless its certificate comes from a CA that they know from elsewhere.",
	Source:   "arc-behaviour C1; arc-checks b1.21, b4",
	Stops:    true,
	Severity: lint.Warning,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Find the CA, and see what is wrong with the chain:

    cd /etc/grid-security
    openssl x509 -in hostcert.pem -noout -issuer -issuer_hash
    openssl verify -CApath certificates -untrusted hostcert.pem hostcert.pem

Install the CA from the package of IGTF that holds it. Put intermediate CAs
behind the certificate in hostcert.pem. If a CRL has expired, fetch it:

    fetch-crl

If the CA is a public one, get a certificate of a grid CA instead. Put no public
CA into x509_cert_dir before you have read this: on ARC 7 it admits every
client certificate under it.

    arclint explain trust/public-ca-admits-clients

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		c := leaf(s)
		if c == nil || s.Now.After(c.NotAfter) || s.Now.Before(c.NotBefore) {
			return // cert-expired speaks of it
		}
		v := trust.For(s, trust.Client).Verify(s.Host.Cert.Certificates, openssl.Server, s.Now)
		if !v.Known() {
			r.Skip("%s, so it is not known whether the CE trusts its host certificate", v.Doubt())
			return
		}
		switch v.Reason {
		case openssl.OK, openssl.WrongPurpose, openssl.WeakKey:
			return // cert-purpose and cert-weak speak of it
		case openssl.NoAnchor, openssl.NoIntermediate:
			reportNoAnchor(s, r, c)
		default:
			reportRefused(s, r, c, v)
		}
	},
}

// reportNoAnchor is silent on ARC 7 where the CA stands among the anchors of the
// key fetch: this CE knows it then, only not for clients.
func reportNoAnchor(s *site.Site, r *lint.Reporter, c *gridsec.Certificate) {
	if v := trust.Chain(s, trust.Issuer, s.Host.Cert.Certificates); !s.Release.StrictStart && (v.Accepted || !v.Known()) {
		return // for what is not known of an issuer's chain, trust speaks
	}
	if s.NotCopied(site.GridCADir) {
		r.Skip("%s is not in this root", site.GridCADir)
		return
	}
	f := r.Path(s.Host.CertPath, "the CA of the host certificate, %s, is not among the trust anchors of this CE, want it in x509_cert_dir: clients with the same anchors refuse the CE", c.IssuerName).About(c.SubjectName)
	grave(s, f)
}

func reportRefused(s *site.Site, r *lint.Reporter, c *gridsec.Certificate, v trust.Verdict) {
	f := r.Path(s.Host.CertPath, "the trust anchors of this CE refuse its host certificate (%s), want that put right: clients with the same anchors refuse the CE", v.Reason).About(c.SubjectName)
	grave(s, f)
}

// grave makes it an error where the service does not start on it. It rests on the
// directory in which was looked.
func grave(s *site.Site, f *lint.Finding) {
	for _, o := range s.Conf.Block("common").All("x509_cert_dir") {
		f.RestOn(o.Line)
	}
	if s.Release.StrictStart {
		f.As(lint.Error).Stopping(true)
	}
}
