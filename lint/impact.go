package lint

import (
	"cmp"
	"slices"
)

// Impact of a finding says what it means to a security officer, as its severity says
// how urgent it is to the administrator. docs/impact.md has the rule for each word.
type Impact string

// The impacts.
const (
	Intrusion Impact = "intrusion" // someone gets in who should not, or can
	Outage    Impact = "outage"    // someone is kept out who should get in, or a service fails
	Hygiene   Impact = "hygiene"   // neither: it misleads, or has no effect
)

// Impacts are all of them, the gravest first.
func Impacts() []Impact { return []Impact{Intrusion, Outage, Hygiene} }

// Risk of an intrusion: who can use it, from where, and what is gained.
type Risk string

// The risks. The words are those of the EGI Software Vulnerability Group.
const (
	Critical Risk = "critical" // anyone on the network runs jobs, or becomes root or another user
	High     Risk = "high"     // so does whoever has a credential that the CE accepts, or an account on this host
	Moderate Risk = "moderate" // such a user gets more than was meant; or others do, after one more step
	Low      Risk = "low"      // a trusted party must fail first, or little is gained
)

// Risks are all of them, the gravest first.
func Risks() []Risk { return []Risk{Critical, High, Moderate, Low} }

// comparesImpact is negative where f is graver than the other one.
func (f Finding) comparesImpact(other Finding) int {
	return cmp.Or(
		cmp.Compare(slices.Index(Impacts(), f.Impact), slices.Index(Impacts(), other.Impact)),
		cmp.Compare(slices.Index(Risks(), f.Risk), slices.Index(Risks(), other.Risk)),
	)
}

// Impacts sets another impact than the rule's own, and its risk: "" where it is no
// intrusion.
func (f *Finding) Impacts(i Impact, risk Risk) *Finding {
	f.Impact, f.Risk = i, risk
	return f
}

// Opens says that everybody gets in by the line, if that is so: its rule matches nobody,
// and has a ! before it (arc-behaviour A8).
func (f *Finding) Opens(is bool) *Finding {
	if is {
		f.Impacts(Intrusion, Critical)
	}
	return f
}

// failing says that what would be hygiene is an outage: the service fails because of it.
func (f *Finding) failing(is bool) *Finding {
	if is && f.Impact == Hygiene {
		f.Impact = Outage
	}
	return f
}
