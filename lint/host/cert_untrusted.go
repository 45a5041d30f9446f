package host

import (
	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/openssl"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var certUntrusted = &lint.Rule{
	ID:    "host/cert-untrusted",
	Title: "The CE's own trust anchors do not cover its host certificate",
	Why: "ARC 6.17 does not start when x509_cert_dir does not hold the CA of the host certificate. ARC 7 starts. Clients that trust what this CE trusts refuse it, " +
		"unless its certificate comes from a CA that they know from elsewhere.",
	Source:   "arc-behaviour C1; arc-checks b1.21, b4",
	Impact:   lint.Outage,
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
		chain, _ := trust.HostChain(s)
		v := trust.For(s, trust.Client).Verify(chain, openssl.Server, s.Now)
		if !v.Known() {
			r.Skip("%s, so it is not known whether the CE trusts its host certificate", v.Doubt())
			return
		}
		switch v.Reason {
		case openssl.OK, openssl.WrongPurpose, openssl.WeakKey, trust.SigningPolicy:
			return // cert-purpose, cert-weak and cert-outside-policy speak of it
		case openssl.NoAnchor, openssl.NoIntermediate:
			reportNoAnchor(s, r, v)
		default:
			if v.Reason == openssl.Expired && sendsEnded(s, chain) {
				return // chain-ending speaks of it
			}
			reportRefused(s, r, c, v)
		}
	},
}

// reportNoAnchor is silent on ARC 7 where the CA stands among the anchors of the
// key fetch: this CE knows it then, only not for clients.
func reportNoAnchor(s *site.Site, r *lint.Reporter, v trust.Verdict) {
	chain, _ := trust.HostChain(s)
	if v := trust.Chain(s, trust.Issuer, chain); !s.Release.StrictStart && (v.Accepted || !v.Known()) {
		return // for what is not known of an issuer's chain, trust speaks
	}
	if s.NotCopied(site.GridCADir) {
		r.Skip("%s is not in this root", site.GridCADir)
		return
	}
	missing := v.Path[len(v.Path)-1].IssuerName
	effect, action := sameAnchors, installMissing(v)
	if roots := issuers.PublicRootsNamed(missing); len(roots) > 0 && !roots[0].IGTF {
		effect, action = "This is a CA of the web: clients with the CAs of IGTF alone refuse the CE.", replacePublic(s)
	}
	f := r.Path(s.Host.CertPath, "the CA %s is not trusted here", missing).About(chain[0].SubjectName).
		Means("The host certificate is below it. %s", effect).Do("%s", action)
	grave(s, f)
}

const sameAnchors = "Clients with the same trust anchors refuse the CE."

// installMissing says what helps where a CA is missing: an intermediate, which the host
// can send, or the root.
func installMissing(v trust.Verdict) string {
	if v.Reason == openssl.NoIntermediate {
		return "If it is an intermediate CA, add its certificate behind that of the host, in the same file. If it is a root that users trust, install it in x509_cert_dir."
	}
	return "If users trust it, install it in x509_cert_dir. If not, get a certificate of a CA that is there."
}

func replacePublic(s *site.Site) string {
	const action = "Get a certificate of a grid CA."
	if s.Release.SigningPolicies {
		return action
	}
	return action + " Keep this root out of x509_cert_dir, where it admits every client certificate under it."
}

func reportRefused(s *site.Site, r *lint.Reporter, c *gridsec.Certificate, v trust.Verdict) {
	f := r.Path(s.Host.CertPath, "the trust anchors of this CE refuse its host certificate (%s)", v.Reason).About(c.SubjectName).
		Means(sameAnchors).Do("%s", repairChain(v))
	grave(s, f)
}

func repairChain(v trust.Verdict) string {
	switch v.Reason {
	case openssl.NoCRL, openssl.CRLExpired, openssl.CRLNotYetValid, openssl.CRLBadSig:
		return "Fetch the CRLs of its CAs."
	case openssl.Revoked:
		return "Get a new host certificate, with a new key."
	}
	return "Find the certificate of the chain that is refused, and replace it."
}

// grave makes it an error where the service does not start on it. It rests on the
// directory in which was looked.
func grave(s *site.Site, f *lint.Finding) {
	for _, o := range s.Conf.Block("common").All("x509_cert_dir") {
		f.RestOn(o.Line)
	}
	if s.Release.StrictStart {
		f.As(lint.Error).Stopping(true).Means("%s ARC 6 does not start.", f.Effect)
	}
}
