package issuers

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// rows reads an embedded table, whose first line must be the header. A table
// that does not fit is a fault of the build, found by the first test: it panics.
func rows(tsv, header string) [][]string {
	columns := strings.Fields(header)
	lines := strings.Split(strings.TrimSuffix(tsv, "\n"), "\n")
	if lines[0] != strings.Join(columns, "\t") {
		panic(fmt.Sprintf("embedded table has the header %q, want %q", lines[0], columns))
	}
	var out [][]string
	for _, line := range lines[1:] {
		row := strings.Split(line, "\t")
		if len(row) != len(columns) {
			panic(fmt.Sprintf("embedded table: row %q has %d cells, want %d", line, len(row), len(columns)))
		}
		out = append(out, row)
	}
	return out
}

func mustHash(cell string) uint32 {
	n, err := strconv.ParseUint(cell, 16, 32)
	if err != nil {
		panic(fmt.Sprintf("embedded table: hash %q: %v", cell, err))
	}
	return uint32(n)
}

func mustFingerprint(cell string) Fingerprint {
	sum, err := hex.DecodeString(cell)
	if err != nil || len(sum) != len(Fingerprint{}) {
		panic(fmt.Sprintf("embedded table: fingerprint %q is not a SHA-256 in hex", cell))
	}
	return Fingerprint(sum)
}
