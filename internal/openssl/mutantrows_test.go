package openssl_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"arclint/internal/openssl"
	"arclint/internal/release"
)

// measuredRow is what a table of mutants says of a release of OpenSSL: what was seen,
// and how many differences are left.
type measuredRow struct{ seen, left string }

var measuredLine = regexp.MustCompile(`^\| (\d\.\d+\.\d+) \| (.*) \| (\d+) \|$`)

func measuredRows(t *testing.T, path string) map[string]measuredRow {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]measuredRow{}
	for line := range strings.Lines(string(text)) {
		if found := measuredLine.FindStringSubmatch(strings.TrimSpace(line)); found != nil {
			rows[found[1]] = measuredRow{found[2], found[3]}
		}
	}
	return rows
}

// TestMutantRows holds the tables of mutants to what the code knows of releases: where
// two releases of OpenSSL answered otherwise, their Profiles differ; a release has
// differences left exactly where a row of mutants.md gives a reason for it; and there
// is a row for the OpenSSL of each ARC that was measured.
func TestMutantRows(t *testing.T) {
	reasons := readMutantTable(t).left
	for _, path := range []string{mutantTablePath, listTablePath} {
		rows := measuredRows(t, path)
		for _, r := range release.Default().All() {
			if _, ok := rows[r.OpenSSL]; !ok {
				t.Errorf("%s has no row for OpenSSL %s, that of ARC %s", path, r.OpenSSL, r.Measured)
			}
		}
		for version, row := range rows {
			explained := false
			for _, l := range reasons {
				explained = explained || path == mutantTablePath && l.versions.MatchString(version)
			}
			if explained != (row.left != "0") {
				t.Errorf("%s: OpenSSL %s has %s differences left, and that a reason is given for one is %v", path, version, row.left, explained)
			}
			own, known := openssl.ProfileOf(version)
			if !known {
				t.Errorf("%s: OpenSSL %s has a row and no Profile", path, version)
			}
			for other, its := range rows {
				if p, _ := openssl.ProfileOf(other); p == own && its != row {
					t.Errorf("%s: OpenSSL %s and %s answered otherwise and have one Profile", path, version, other)
				}
			}
		}
	}
}
