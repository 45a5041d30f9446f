package authz

// What several rules of this area say happens, and what to do.
const (
	noStart6   = "ARC 6 does not start."
	endsGroup  = "The rule fails, and ARC looks at no rule below it in this group."
	asInTokens = "Write the issuer exactly as its tokens have it."
	oneSign    = "Write the one sign that is meant, - or !."
)
