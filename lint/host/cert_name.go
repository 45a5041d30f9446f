package host

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var certName = &lint.Rule{
	ID:       "host/cert-name",
	Title:    "The host certificate does not carry the CE's host name",
	Why:      "Clients compare the name that they connect to with the subject alternative names of the CE's certificate (RFC 9525). A CE known by a name that is not there is refused by all of them.",
	Source:   "RFC 9525 section 6; arc.conf.reference [common] hostname",
	Severity: lint.Error,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `If the certificate is right and arc.conf is not, write the name that the
certificate has:

    [common]
    hostname=ce.example.org

    [arex/ws]
    wsurl=https://ce.example.org:443/arex

See which names the certificate has:

    openssl x509 -in /etc/grid-security/hostcert.pem -noout -ext subjectAltName

If clients know the CE by more names, add DNS:NAME for each, after a comma.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		c, host := leaf(s), s.Hostname()
		if c == nil || len(c.DNSNames)+len(c.IPAddresses) == 0 {
			return // cert-no-san speaks of it
		}
		if host == "" {
			r.Skip("arc.conf gives no hostname and no wsurl, so the name that clients use is not known from the files")
			return
		}
		if strings.ContainsAny(host, "\"' \t") || carriesAny(c, clientNames(s)) {
			return // quotes and comments in the value are the business of lint/conf
		}
		f := r.Path(s.Host.CertPath, "host certificate is for %s, want %s among its subject alternative names: clients that connect to %s refuse it", names(c), host, host).About(host)
		if v := s.Value("common", "hostname"); v.Origin == arcconf.Admin {
			f.Relate(v.Option.Value.Span, "the host name")
		}
	},
}

// clientNames are the names by which clients may know the CE. Of a hostname that
// stands several times nobody knows which counts (arc-behaviour C7), and the
// host in wsurl may be another one.
func clientNames(s *site.Site) []string {
	list := []string{s.Hostname()}
	for _, v := range s.Conf.Values("common", "hostname", s.Release.Ref) {
		if v.Origin == arcconf.Admin {
			list = append(list, v.Text)
		}
	}
	if v := s.Value("arex/ws", "wsurl"); v.Origin == arcconf.Admin {
		if u, err := url.Parse(v.Text); err == nil {
			list = append(list, u.Hostname())
		}
	}
	return list
}

func carriesAny(c *gridsec.Certificate, hosts []string) bool {
	return slices.ContainsFunc(hosts, func(host string) bool { return c.VerifyHostname(host) == nil })
}

func names(c *gridsec.Certificate) string {
	list := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	if len(list) > 5 {
		list = append(list[:5], fmt.Sprintf("%d more", len(list)-5))
	}
	return strings.Join(list, ", ")
}
