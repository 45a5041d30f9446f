package host

import (
	"fmt"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var name = &lint.Rule{
	ID:       "host/name",
	Title:    "The host certificate does not carry the CE's host name",
	Why:      "Clients compare the name that they connect to with the subject alternative names of the CE's certificate (RFC 6125). A CE known by a name that is not there is refused by all of them.",
	Source:   "RFC 6125 section 6.4; arc.conf.reference [common] hostname",
	Severity: lint.Error,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		c, host := leaf(s), s.Hostname()
		if c == nil || len(c.DNSNames)+len(c.IPAddresses) == 0 {
			return // no-san speaks of it
		}
		if host == "" {
			r.Skip("arc.conf gives no hostname and no wsurl, so the name that clients use is not known from the files")
			return
		}
		if c.VerifyHostname(host) == nil {
			return
		}
		f := r.Path(s.Host.CertPath, "host certificate is for %s, want %s among its subject alternative names: clients that connect to %s refuse it", names(c), host, host).About(host)
		if v := s.Value("common", "hostname"); v.Origin == arcconf.Admin {
			f.Relate(v.Option.Value.Span, "the host name")
		}
	},
}

func names(c *gridsec.Certificate) string {
	list := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	if len(list) > 5 {
		list = append(list[:5], fmt.Sprintf("%d more", len(list)-5))
	}
	return strings.Join(list, ", ")
}
