package trust

import (
	"crypto/ecdsa"
	"slices"
	"strings"

	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/lint"
)

var tlsCurve = &lint.Rule{
	ID:    "trust/tls-curve",
	Title: "The TLS curve of the CE refuses clients with EC keys",
	Why: "ARC 7 speaks TLS 1.2 with one elliptic curve, and OpenSSL then accepts client certificates on that curve only. With the default secp521r1 clients with P-256 or P-384 keys are refused (\"wrong curve\"), " +
		"with prime256v1 those with P-384. A name that is not an elliptic curve for certificates, such as X25519, lifts the limit. Clients with RSA keys are not affected.",
	Source:   "arc-behaviour D10",
	Impact:   lint.Outage,
	Facts:    []string{"D10"},
	Severity: lint.Note,
	Action:   "Set tlscurve to X25519 in [arex/ws].",
	Where:    func(r site.Release) bool { return !r.TLS13 },
	Recipe:   lint.Manual,
	ByHand: `Write a name that is no curve of certificates, which lifts the limit for keys
of clients:

    [arex/ws]
    tlscurve=X25519

See that a certificate with such a key gets in then:

    arclint verify --purpose client user-chain.pem

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		rule, decides := x509Rule(s)
		block := s.Conf.Block("arex/ws")
		if !decides || block == nil {
			return
		}
		curve := s.Value("arex/ws", "tlscurve").Text
		refused := refusedCurves(s, curve)
		if len(refused) == 0 {
			return
		}
		if _, at, ok := s.Written("arex/ws", "tlscurve"); ok {
			r.At(at, "tlscurve=%s refuses clients with %s keys", curve, strings.Join(refused, " or ")).
				Means("Client certificates with such keys are refused, and authgroups here decide by certificate.").
				About("tlscurve").Relate(rule, "decides by certificate")
			return
		}
		// The default is everybody's: it is worth a word where the CAs show that
		// users have such keys.
		if cas := ecCAs(s, refused); len(cas) > 0 {
			r.At(block.Header().Span, "tlscurve=%s, the default, refuses clients with %s keys", curve, strings.Join(refused, " or ")).
				Means("Users of %s with such keys will often have them too. Their client certificates are refused.", prose.Plural(len(cas), "CA")).Lists(cas).About("tlscurve").Relate(rule, "decides by certificate")
		}
	},
}

// ecCAs are the CAs of client certificates whose own keys are on these curves.
func ecCAs(s *site.Site, curves []string) []string {
	var found []string
	for _, d := range clientDirs(s) {
		for _, c := range d.anchors {
			key, ok := c.PublicKey.(*ecdsa.PublicKey)
			if name := commonName(c.SubjectName); ok && slices.Contains(curves, key.Params().Name) && !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	return found
}
