package access

// fact is what was measured and, where arc.conf.reference says otherwise, what
// that is.
type fact struct {
	source  string // "arc-behaviour S5"
	differs string // "" where the reference does not say otherwise
}

// The facts that a trace names. What the reference says is told in short.
var (
	factList6       = fact{"arc-behaviour S5", "the reference says that allowaccess and denyaccess decide who gets in"}
	factNoList7     = fact{"arc-behaviour B1", "the reference says that without them the interface is open to everybody authenticated"}
	factList7       = fact{source: "arc-behaviour B1"}
	factRoot        = fact{"arc-behaviour S7", "the reference says that a request that is mapped to root fails"}
	factNoUser      = fact{"arc-behaviour B8", "the reference says that such a rule counts as one that gave no account"}
	factNoMap       = fact{"arc-behaviour B8", "the reference says that the user that runs A-REX is taken"}
	factService     = fact{source: "arc-behaviour B11"}
	factInfo        = fact{"arc-behaviour B12", "the reference has scopes of tokens for info"}
	factMapping     = fact{source: "arc-behaviour B8"}
	factAnonymous   = fact{"arc-behaviour S6", "the reference speaks of everybody authenticated"}
	factTokenDN     = fact{"arc-behaviour A10", "the reference speaks of the subject of a certificate"}
	factPattern700  = fact{"arc-behaviour A11", "the reference says that ~ tests the value of the claim"}
	factNegation700 = fact{"arc-behaviour A11", "the reference says that ! negates"}
	factScopes700   = fact{"arc-behaviour A12", "the reference has tokens with several scopes"}
	factScopes      = fact{source: "arc-behaviour A12"}
	factTokens      = fact{source: "arc-behaviour A1"}
	factAudience6   = fact{source: "arc-behaviour A4"}
	factScope       = fact{source: "arc-behaviour A5"}
	factGroup       = fact{source: "arc-behaviour A6"}
	factIssuer      = fact{source: "arc-behaviour A3"}
	factFields      = fact{source: "arc-behaviour A7"}
	factExpression  = fact{source: "arc-behaviour A11"}
	factNoBlock6    = fact{source: "arc-behaviour B9"}
	factTimes       = fact{source: "arc-behaviour A9"}
	factBoth        = fact{source: "arc-behaviour F4"}
	factSubject     = fact{source: "arc-behaviour F3"}
	factUserlist7   = fact{source: "arc-behaviour B7"}
	factNested      = fact{source: "arc-behaviour B3"}
	factPlugin      = fact{source: "arc-behaviour B13"}
	factComputed    = fact{source: "arc-behaviour C11"}
	factPlain       = fact{source: "arc-behaviour B6"}
	factQueue       = fact{source: "arc-behaviour B2"}
	factNoQueue     = fact{source: "arc-behaviour J1"}
	factDrained     = fact{source: "arc-behaviour J1"}
)
