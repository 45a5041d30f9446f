package conf

import (
	"net/netip"
	"net/url"
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var hostname = &lint.Rule{
	ID:    "conf/hostname",
	Title: "A host name is not a full DNS name",
	Why: "ARC publishes the CE under [common] hostname. It also makes the default of wsurl, the sender of its mail and the identity of the host from it. " +
		"Clients elsewhere cannot resolve a name without a domain, or an address, and no certificate has one. " +
		"Where wsurl names another host, the CE has two names.",
	Source:   "arc.conf.reference [common] hostname, [arex/ws] wsurl; RFC 1123 section 2.1; arc-checks b1.17, b2.9",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Effect:   "ARC publishes the CE under this name, and clients elsewhere need the full DNS name.",
	Action:   "Write the full DNS name of the host.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write the full DNS name by which clients reach the CE, the same in wsurl:

    [common]
    hostname=ce.example.org

    [arex/ws]
    wsurl=https://ce.example.org:443/arex

See that the name is known, and is one of the host certificate:

    getent hosts ce.example.org
    openssl x509 -in /etc/grid-security/hostcert.pem -noout -ext subjectAltName

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			if o.Name.Text != "hostname" || hasOtherFault(b.Kind, o) {
				continue
			}
			if fault := nameFault(o.Value.Text); fault != "" {
				r.At(o.Value.Span, "hostname %s %s", o.Value.Text, fault).About(b.Name+" hostname "+o.Value.Text).Claim(o.Line, o.Value.Span)
			}
		}
		checkTwoNames(s, r)
	},
}

// nameFault says why a name is not a full DNS name, "" where it is one. The
// loopback names of tests are left alone.
func nameFault(name string) string {
	if _, err := netip.ParseAddr(name); err == nil {
		return "is an address"
	}
	if name == "localhost" {
		return "is known on this host only"
	}
	name = strings.TrimSuffix(name, ".")
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if !isLabel(label) {
			return "is not a DNS name"
		}
	}
	switch {
	case len(name) > 253:
		return "is too long for a DNS name"
	case len(labels) == 1:
		return "has no domain"
	}
	return ""
}

func isLabel(label string) bool {
	if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
		return false
	}
	return strings.Trim(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

// checkTwoNames: an alias in wsurl can be meant, and the host certificate tells
// whether it is one. Where that was read, host/cert-name says which name is not in it.
func checkTwoNames(s *site.Site, r *lint.Reporter) {
	name, at := s.Conf.Block("common").First("hostname"), s.Conf.Block("arex/ws").First("wsurl")
	if s.Host.CertErr == nil || name == nil || at == nil || hasOtherFault("common", name) || hasOtherFault("arex/ws", at) {
		return
	}
	u, err := url.Parse(at.Value.Text)
	if err != nil || u.Hostname() == "" || strings.EqualFold(u.Hostname(), name.Value.Text) {
		return
	}
	r.Skip("wsurl names the host %s and hostname is %s; the host certificate could not be read, so it is not known whether it is for both", u.Hostname(), name.Value.Text)
}
