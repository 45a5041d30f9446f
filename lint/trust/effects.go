package trust

// What several rules say happens.
const (
	chainsRefused    = "ARC refuses every certificate chain through this CA."
	caNotTrusted     = "OpenSSL does not find the CA, so ARC does not trust it."
	certsRefused     = "ARC refuses every certificate that the CA gave to a user or host."
	noKeysNoCheck    = "ARC cannot fetch the keys that it needs to check a token."
	keysCalledUnsafe = "calls them unsafe and refuses every token."
)

// oldStops says what else a name that holds nothing hides from an older OpenSSL.
func oldStops(hidden slot) string {
	return " OpenSSL 3.0.20 then does not look at " + hidden.name() + "; 3.0.22 does."
}
