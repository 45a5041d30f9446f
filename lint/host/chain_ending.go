package host

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var chainEnding = &lint.Rule{
	ID:    "host/chain-ending",
	Title: "An intermediate CA that the CE sends ends before the host certificate",
	Why: "A client checks the validity of each certificate of the chain. From the day an intermediate CA ends, clients that get it from this CE alone refuse the host certificate, valid or not. " +
		"No program that renews host certificates looks at it. The CA may have a newer certificate with the same name and key. " +
		"Then the host certificate stays as it is, and the file of the CE needs the newer CA.",
	Source:   "RFC 5280 section 6.1.3 (a)(2); RFC 8446 section 4.4.2; openssl-verification-options(1), -trusted_first; arc-behaviour D5",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Action:   "Put a newer certificate of the CA in its place.",
	Recipe:   lint.Manual,
	ByHand: `Get the newer certificate of the CA, for a grid CA from the packages of IGTF.
Write it in place of the old one:

    cd /etc/grid-security
    openssl x509 -in intermediate.pem -noout -subject -dates
    openssl x509 -in hostcert.pem -out leaf.pem
    cat leaf.pem intermediate.pem > hostcert.pem
    rm leaf.pem

If the CA has none, get a new host certificate: its CA sends the chain along.
See that clients get a chain that is valid:

    arclint trust --host

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		chain, _ := trust.HostChain(s)
		if len(chain) == 0 || s.Now.After(chain[0].NotAfter) || startRefuses(s, chain) {
			return // cert-expired or cert-untrusted speaks of it
		}
		for _, ca := range endingAbove(s, chain) {
			reportEnding(s, r, chain[0], ca)
		}
	},
}

// endingAbove are the CAs that the CE sends, that clients need, and that end before the
// host certificate.
func endingAbove(s *site.Site, chain []*gridsec.Certificate) []*gridsec.Certificate {
	return slices.DeleteFunc(sentAbove(chain), func(ca *gridsec.Certificate) bool {
		return !ca.NotAfter.Before(chain[0].NotAfter) || isKnownRoot(s, ca)
	})
}

// sendsEnded says whether one of them has ended, where ARC starts with it.
func sendsEnded(s *site.Site, chain []*gridsec.Certificate) bool {
	return !s.Release.StrictStart && slices.ContainsFunc(endingAbove(s, chain), func(ca *gridsec.Certificate) bool {
		return s.Now.After(ca.NotAfter)
	})
}

// startRefuses says whether ARC does not start for it, of which cert-untrusted speaks.
func startRefuses(s *site.Site, chain []*gridsec.Certificate) bool {
	return s.Release.StrictStart && trust.For(s, trust.Client).Verify(chain, openssl.Server, s.Now).Reason == openssl.Expired
}

// sentAbove are the CAs of the file through which the host certificate leads to a root,
// of several with one name that which ends last.
func sentAbove(chain []*gridsec.Certificate) []*gridsec.Certificate {
	var above []*gridsec.Certificate
	for c := chain[0]; ; {
		var next *gridsec.Certificate
		for _, ca := range chain[1:] {
			if ca.Hash == c.IssuerHash && !slices.Contains(above, ca) && (next == nil || ca.NotAfter.After(next.NotAfter)) {
				next = ca
			}
		}
		if next == nil || selfIssued(next) {
			return above
		}
		above, c = append(above, next), next
	}
}

// isKnownRoot says of a cross-signed CA whether clients know it as a root: they need
// nothing above it.
func isKnownRoot(s *site.Site, ca *gridsec.Certificate) bool {
	return trust.IsPublicRoot(ca) || installed(s, ca, selfIssued)
}

// installed says whether a certificate of the same CA is in the directories of CAs of
// this CE, which is what many of its users have.
func installed(s *site.Site, ca *gridsec.Certificate, is func(*gridsec.Certificate) bool) bool {
	for _, dir := range append([]*gridsec.Dir{s.GridDir}, s.ClientDirs...) {
		for _, f := range dir.Files {
			if slices.ContainsFunc(f.Certificates, func(have *gridsec.Certificate) bool {
				return have.Hash == ca.Hash && have.KeySHA256() == ca.KeySHA256() && is(have)
			}) {
				return true
			}
		}
	}
	return false
}

func reportEnding(s *site.Site, r *lint.Reporter, c, ca *gridsec.Certificate) {
	who := "clients refuse the CE."
	newer := installed(s, ca, func(have *gridsec.Certificate) bool { return have.NotAfter.After(ca.NotAfter) })
	if newer {
		who = "clients without the newer certificate of this CA, which is installed here, refuse the CE."
	}
	end := ca.NotAfter.UTC().Format(day)
	if s.Now.After(ca.NotAfter) {
		f := r.Path(s.Host.CertPath, "the intermediate CA %s expired on %s", ca.SubjectName, end).About(ca.SubjectName).
			Means("The CE sends it, and %s", who)
		if newer {
			f.As(lint.Warning)
		}
		return
	}
	f := r.Path(s.Host.CertPath, "the intermediate CA %s ends on %s", ca.SubjectName, end).About(ca.SubjectName).As(lint.Note).
		Means("The CE sends it with a host certificate that is valid until %s. From %s on %s", c.NotAfter.UTC().Format(day), end, who)
	if ca.NotAfter.Sub(s.Now) < max(soon, s.Within) {
		f.As(lint.Warning)
	}
}
