package conf

import (
	"slices"

	"arclint/internal/site"
)

// The effects of what keeps the service from starting.
const (
	noStart        = "the service does not start"
	noStart6       = "ARC 6 does not start on it"
	noStartEmpty   = "the service does not start without a value"
	noStartPath6   = "ARC 6 does not start"
	noStartEquals6 = "ARC 6 does not start on an option without \"=\""
	noStartThere6  = "ARC 6 does not start without it"
	noStartUnread  = "the service cannot read the value and does not start"
)

var noStarts = []string{noStart, noStart6, noStartEmpty, noStartPath6, noStartEquals6, noStartThere6, noStartUnread}

// stopsStart says whether the effect is one of these.
func stopsStart(effect string) bool { return slices.Contains(noStarts, effect) }

// fate says what becomes of a fault at which ARC 6.17 does not start, while ARC
// 7 starts.
func fate(s *site.Site, in7 string) string {
	if s.Release.StrictStart {
		return noStart6
	}
	return in7
}
