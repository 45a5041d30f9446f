package lint

// NeverMatches is what becomes of a rule of an authgroup whose test is true of
// nobody: with a ! before it, the line is one for everybody (arc-behaviour A8).
func NeverMatches(inverted bool) string {
	if inverted {
		return "the rule itself never matches, and with the ! it matches everybody"
	}
	return "the rule never matches"
}

// MatchesNobody is NeverMatches as a sentence.
func MatchesNobody(inverted bool) string {
	if inverted {
		return "The rule itself never matches, and with the ! it matches everybody."
	}
	return "The rule never matches."
}
