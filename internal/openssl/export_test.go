package openssl

// CanonicalName is the form in which names are compared.
var CanonicalName = canonicalName
