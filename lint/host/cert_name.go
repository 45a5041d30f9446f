package host

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var certName = &lint.Rule{
	ID:    "host/cert-name",
	Title: "The host certificate does not carry a name of the CE",
	Why: "Clients compare the name that they connect to with the subject alternative names of the CE's certificate (RFC 9525). " +
		"Where it is not among them they end the connection. " +
		"The name in wsurl is the one that ARC publishes and writes into the addresses of jobs. The name in hostname is the one that users and brokers know. " +
		"A wildcard covers one whole label, the first; an address counts only as an address in the certificate.",
	Source:   "RFC 9525 section 6; arc.conf.reference [common] hostname, [arex/ws] wsurl",
	Impact:   lint.Outage,
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
		c := leaf(s)
		if c == nil || len(c.DNSNames)+len(c.IPAddresses) == 0 {
			return // cert-no-san speaks of it
		}
		known := namesOf(s)
		if len(known) == 0 {
			r.Skip("arc.conf gives no hostname and no wsurl, so the name that clients use is not known from the files")
			return
		}
		reached := slices.ContainsFunc(known, func(n clientName) bool { return n.inURL })
		for i, n := range known {
			if n.in(c) || strings.ContainsAny(n.text, quotes+" \t") || isNamed(known[:i], n) || oneIsIn(s, c, n) {
				continue // quotes and comments in the value are the business of lint/conf
			}
			f := r.Path(s.Host.CertPath, "the host certificate is not for %s, the name in %s", n.text, n.option).About(n.text).
				Do("Get a certificate with all names of the CE, or correct %s.", n.option)
			sayNames(f, names(c), hint(c, n.text))
			f.Relate(n.at, "%s is here", n.option)
			if !n.inURL && reached {
				f.As(lint.Warning)
			}
		}
	},
}

// clientName is a name by which clients may know the CE.
type clientName struct {
	text, option string
	at           source.Span
	inURL        bool // ARC hands it out as the address of the service
}

// namesOf are the host of each wsurl, and each hostname.
func namesOf(s *site.Site) []clientName {
	var list []clientName
	for _, v := range s.Conf.Values("arex/ws", "wsurl", s.Release.Ref) {
		if u, err := url.Parse(v.Text); v.Origin == arcconf.Admin && err == nil && u.Hostname() != "" {
			list = append(list, clientName{text: u.Hostname(), option: "wsurl", at: v.Option.Value.Span, inURL: true})
		}
	}
	for _, v := range s.Conf.Values("common", "hostname", s.Release.Ref) {
		if v.Origin == arcconf.Admin && v.Text != "" {
			list = append(list, clientName{text: v.Text, option: "hostname", at: v.Option.Value.Span})
		}
	}
	return list
}

func isNamed(list []clientName, n clientName) bool {
	return slices.ContainsFunc(list, func(other clientName) bool { return strings.EqualFold(other.text, n.text) })
}

// in says whether the certificate has the name. A client compares a full name
// without the dot that ends it.
func (n clientName) in(c *gridsec.Certificate) bool {
	return c.VerifyHostname(strings.TrimSuffix(strings.Trim(n.text, quotes), ".")) == nil
}

const quotes = `"'`

// oneIsIn says of a hostname that is one of several, of which nobody knows which
// counts (arc-behaviour C7), whether the certificate has another of them.
func oneIsIn(s *site.Site, c *gridsec.Certificate, n clientName) bool {
	return !n.inURL && slices.ContainsFunc(namesOf(s), func(other clientName) bool { return !other.inURL && other.in(c) })
}

// sayNames says what a client does that knows another name than those of the certificate.
func sayNames(f *lint.Finding, names []string, hint string) {
	const effect = "Clients that connect to this name refuse the CE. The certificate "
	if len(names) == 1 {
		f.Means(effect+"has the name %s only.%s", names[0], hint)
		return
	}
	f.Means(effect+"has %d other names.%s", len(names), hint).Lists(names)
}

// hint says why a name of the certificate that looks as if it were meant is none.
func hint(c *gridsec.Certificate, host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return " An address must be in the certificate as an IP address."
	}
	for _, name := range c.DNSNames {
		suffix, wild := strings.CutPrefix(name, "*.")
		if wild && (strings.EqualFold(host, suffix) || strings.HasSuffix(strings.ToLower(host), "."+strings.ToLower(suffix))) {
			return " A wildcard covers exactly one label."
		}
	}
	return ""
}

func names(c *gridsec.Certificate) []string {
	list := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	return list
}
