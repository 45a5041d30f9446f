package issuers

import "fmt"

// Dated says of which days the tables are that the program carries, for the reader of
// a report: of what happened after them it knows nothing.
type Dated struct {
	Issuers string // day of the newest entry on a token issuer, YYYY-MM-DD
	VOMS    string // day of the newest entry on a VOMS server
	IGTF    string // newest release of the IGTF distribution that is known, such as "1.146"
}

// Data are the days of the program's own tables. They are constants, since a search of
// the tables costs a millisecond of each check; TestData compares them.
func Data() Dated {
	return Dated{Issuers: "2026-08-21", VOMS: "2026-01-01", IGTF: newest(IGTFReleases())}
}

// String is Dated in a sentence.
func (d Dated) String() string {
	return fmt.Sprintf("token issuers of %s, VOMS servers of %s, IGTF %s", d.Issuers, d.VOMS, d.IGTF)
}
