package trust

// IssuersWith is Issuers with another idea of what a public root is.
var IssuersWith = issuersWith

// SecondField and GenIssuer find the issuer in the value of a rule.
var (
	SecondField = secondField
	GenIssuer   = genIssuer
)
