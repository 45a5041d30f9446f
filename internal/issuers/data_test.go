package issuers

import (
	"regexp"
	"slices"
	"testing"
)

// TestData: the days that the program names are the last ones in its tables.
func TestData(t *testing.T) {
	day := regexp.MustCompile(`\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\b`)
	latest := func(tsv string) string { return slices.Max(day.FindAllString(tsv, -1)) }
	d := Data()
	if want := latest(issuersTSV); d.Issuers != want {
		t.Errorf("the newest entry on an issuer is of %s, and Data says %s", want, d.Issuers)
	}
	if want := latest(vomsTSV); d.VOMS != want {
		t.Errorf("the newest entry on a VOMS server is of %s, and Data says %s", want, d.VOMS)
	}
}
