package conf

import (
	"slices"
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var badURL = &lint.Rule{
	ID:    "conf/bad-url",
	Title: "A value is not a URL that the service can use",
	Why: "wsurl is the address under which clients find the CE, and the port on which it listens: https://host:port/path. " +
		"Accounting reports go to https only, and jura-ng skips a target whose URL it cannot read. With a deliveryservice without a scheme, A-REX processes no jobs.",
	Source:   "arc.conf.reference; src/services/a-rex/arc-arex-ws-start.in; src/utils/python/arc/control/AccountingPublishing.py; StagingConfig.cpp, deliveryservice tried with gm-jobs of 7.2.0",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write the whole URL: scheme, host name, port and path, without blanks, without
an address in brackets.

    [arex/ws]
    wsurl=https://ce.example.org:443/arex

    [arex/jura/apel:egi]
    targeturl=https://accounting.example.org:443/
    gocdb_name=EXAMPLE-SITE

    [arex/data-staging]
    deliveryservice=https://delivery.example.org:443/datadeliveryservice

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			url, ok := urlOf(b.Kind, o.Name.Text)
			if !ok || hasOtherFault(b.Kind, o) {
				continue
			}
			if fault := url.faultOf(o.Value.Text); fault != "" {
				r.At(o.Value.Span, "%s %s", o.Name.Text, fault).Means("%s", url.effect).Do("Write %s.", url.form).
					As(url.severity).About(b.Name + " " + o.Name.Text + " " + o.Value.Text)
			}
		}
	},
}

// address is what an option must be, and what becomes of anything else.
type address struct {
	schemes      []string
	form, effect string
	severity     lint.Severity
}

func urlOf(kind, option string) (address, bool) {
	switch kind + " " + option {
	case "arex/ws wsurl":
		return address{[]string{"https", "http"}, "https://host:port/path", "Clients do not reach the CE at this address.", lint.Error}, true
	case "arex/jura/sgas targeturl", "arex/jura/apel targeturl":
		return address{[]string{"https"}, "https://host:port/path", "ARC reports no accounting record to it.", lint.Error}, true
	case "arex/data-staging deliveryservice":
		return address{[]string{"https", "http"}, "https://host:port/datadeliveryservice", "A-REX cannot use this delivery service.", lint.Error}, true
	case "arex/ws/argus arguspep_endpoint", "arex/ws/argus arguspdp_endpoint":
		return address{[]string{"https", "http"}, "https://host:port/path", "ARC does not ask Argus.", lint.Error}, true
	case "infosys/glue2 admindomain_www":
		return address{[]string{"https", "http"}, "https://host/path", "ARC publishes this text unchanged.", lint.Note}, true
	}
	return address{}, false
}

// faultOf says what is wrong with the URL, "" where nothing is. The start script
// and jura-ng take no address in brackets for a host; a colon is the port's.
func (a address) faultOf(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || scheme == "" {
		return "has no scheme"
	}
	if !slices.Contains(a.schemes, scheme) {
		return "begins with " + scheme + "://"
	}
	if strings.ContainsAny(rest, " \t") {
		return "has a blank in it"
	}
	authority, _, _ := strings.Cut(rest, "/")
	host, port, withPort := strings.Cut(authority, ":")
	switch {
	case strings.ContainsAny(authority, "@?#"):
		return "has more than a host and a port before its path"
	case strings.HasPrefix(authority, "["):
		return "has an IPv6 address as its host"
	case host == "":
		return "has no host"
	case withPort && port != "" && !isPort(port):
		return "has no port from 1 to 65535 after the colon"
	}
	return ""
}
