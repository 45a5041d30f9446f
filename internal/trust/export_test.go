package trust

// IssuersWith is Issuers with another idea of what a public root is.
var IssuersWith = issuersWith
