package verify

import "arclint/internal/gridsec"

// TrustWith is Trust with another idea of what a public root is.
var TrustWith = trust

// SecondField and GenIssuer find the issuer in the value of a rule.
var (
	SecondField = secondField
	GenIssuer   = genIssuer
)

// CanonicalName is the form in which names are compared.
var CanonicalName = canonicalName

// NameRefused says why name constraints in DER refuse a certificate.
func NameRefused(constraints []byte, c *gridsec.Certificate) string {
	nc := new(nameConstraints)
	if !unmarshal(constraints, nc) {
		return "cannot be read"
	}
	return nc.refuse(newFacts(c), true)
}
