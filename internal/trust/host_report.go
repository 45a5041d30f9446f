package trust

import (
	"crypto/x509"
	"net/url"
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/source"
)

// HostReport is what others make of the certificate of this CE.
type HostReport struct {
	Path        string                 // of its file
	Unread      string                 // why nothing is known of it; else empty
	Certificate *gridsec.Certificate   // nil where Unread is set
	Served      []*gridsec.Certificate // what the CE sends, the host certificate first
	Names       []HostName
	Views       []View
	ClientUse   bool // it may be used by a TLS client, as accounting does
}

// HostName is a name by which clients may know the CE.
type HostName struct {
	Name    string
	At      source.Span
	Carried bool // the certificate has it (RFC 9525)
}

// HostReportOf makes the report.
func HostReportOf(s *site.Site) HostReport {
	r := HostReport{Path: s.Host.CertPath}
	chain, place := HostChain(s)
	if len(chain) == 0 {
		r.Unread = "the host certificate could not be read"
		if s.Host.CertErr != nil {
			r.Unread = s.Host.CertErr.Error()
		}
		return r
	}
	r.Certificate, r.Served, r.Names, r.Views = chain[0], Served(s), hostNames(s, chain[0]), Views(s)
	if place != 0 {
		r.Served = s.Host.Cert.Certificates
	}
	r.ClientUse = Allows(chain[0].Certificate, x509.ExtKeyUsageClientAuth)
	return r
}

// Allows says whether the extended key usage of a certificate, if it has one, has
// the use (RFC 5280 4.2.1.12).
func Allows(c *x509.Certificate, use x509.ExtKeyUsage) bool {
	return len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0 ||
		slices.Contains(c.ExtKeyUsage, use) || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny)
}

// hostNames are the host of each wsurl and each hostname of arc.conf.
func hostNames(s *site.Site, c *gridsec.Certificate) []HostName {
	var names []HostName
	add := func(name string, at source.Span) {
		same := func(n HostName) bool { return strings.EqualFold(n.Name, name) }
		if name != "" && !slices.ContainsFunc(names, same) {
			names = append(names, HostName{Name: name, At: at, Carried: c.VerifyHostname(strings.TrimSuffix(name, ".")) == nil})
		}
	}
	for _, v := range s.Conf.Values("arex/ws", "wsurl", s.Release.Ref) {
		if u, err := url.Parse(v.Text); err == nil && v.Option != nil {
			add(u.Hostname(), v.Option.Value.Span)
		}
	}
	for _, v := range s.Conf.Values("common", "hostname", s.Release.Ref) {
		if v.Option != nil {
			add(v.Text, v.Option.Value.Span)
		}
	}
	return names
}
