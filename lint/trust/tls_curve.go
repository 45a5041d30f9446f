package trust

import (
	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var tlsCurve = &lint.Rule{
	ID:    "trust/tls-curve",
	Title: "Clients with EC keys are refused by the TLS curve of the CE",
	Why: "ARC 7 offers one elliptic curve and OpenSSL then accepts client certificates on that curve only. With the default secp521r1 clients with P-256 or P-384 keys are refused (\"wrong curve\"), " +
		"with prime256v1 those with P-384. A curve that is none for certificates, such as X25519, lifts the limit. Clients with RSA keys are not affected.",
	Source:   "arc-behaviour D10",
	Facts:    []string{"D10"},
	Severity: lint.Note,
	Since:    "7.0.0",
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		rule := x509Rule(s)
		if rule == nil || s.Conf.Block("arex/ws") == nil {
			return
		}
		v := s.Value("arex/ws", "tlscurve")
		refused, known := refusedKeys[v.Text]
		if !known {
			return
		}
		if v.Origin == arcconf.Admin {
			r.At(v.Option.Value.Span, "tlscurve %s refuses client certificates with %s keys, want X25519: authgroups here decide by certificate", v.Text, refused).Relate(rule.Line, "decides by certificate")
			return
		}
		r.At(s.Conf.Block("arex/ws").Header().Span, "the default tlscurve %s refuses client certificates with %s keys, want tlscurve=X25519 in [arex/ws]: authgroups here decide by certificate", v.Text, refused).Relate(rule.Line, "decides by certificate")
	},
}

// refusedKeys says which client keys a curve keeps out (arc-behaviour D10).
var refusedKeys = map[string]string{
	"secp521r1":  "P-256 or P-384",
	"prime256v1": "P-384 or P-521",
	"secp384r1":  "P-256 or P-521",
}
