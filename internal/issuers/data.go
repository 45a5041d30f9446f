package issuers

import (
	"fmt"

	"arclint/internal/pattern"
)

// Dated says of which days the tables are that the program carries, for the reader of
// a report: of what happened after them it knows nothing.
type Dated struct {
	Issuers string // day of the newest entry on a token issuer, YYYY-MM-DD
	VOMS    string // day of the newest entry on a VOMS server
	IGTF    string // newest release of the IGTF distribution that is known, such as "1.146"
}

// Data are the days of the program's own tables.
func Data() Dated {
	return Dated{Issuers: latest(issuersTSV), VOMS: latest(vomsTSV), IGTF: newest(IGTFReleases())}
}

// String is Dated in a sentence.
func (d Dated) String() string {
	return fmt.Sprintf("token issuers of %s, VOMS servers of %s, IGTF %s", d.Issuers, d.VOMS, d.IGTF)
}

var day = pattern.OnDemand(`\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\b`)

// latest is the last day that a table names.
func latest(tsv string) string {
	var last string
	for _, d := range day().FindAllString(tsv, -1) {
		last = max(last, d)
	}
	return last
}
