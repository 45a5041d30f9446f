package issuers

import (
	"fmt"

	"arclint/internal/pattern"
)

// Data says of which days the tables are that the program carries, for the reader of
// a report: of what happened after them it knows nothing.
func Data() string {
	return fmt.Sprintf("token issuers of %s, VOMS servers of %s, IGTF %s", latest(issuersTSV), latest(vomsTSV), newest(IGTFReleases()))
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
