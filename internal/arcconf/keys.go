package arcconf

import (
	"bytes"

	"arclint/internal/pattern"
)

var (
	keyBegin = pattern.OnDemand(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----`)
	keyLine  = pattern.OnDemand(`^\s*([A-Za-z0-9+/=]*|(Proc-Type|DEK-Info):.*)\s*$`)
)

// hideKeys overwrites what stands between the marks of a private key, so that no
// finding can quote it: a key has no business in arc.conf, and one may stand
// there by a slip. Every hidden line becomes a comment of the same length.
func hideKeys(data []byte) []byte {
	if !keyBegin().Match(data) {
		return data
	}
	hidden := bytes.Clone(data)
	inKey := false
	for start := 0; start < len(hidden); {
		end := len(hidden)
		if n := bytes.IndexAny(hidden[start:], "\r\n"); n >= 0 {
			end = start + n
		}
		line := hidden[start:end]
		switch {
		case keyBegin().Match(line):
			inKey = true
		case inKey && keyLine().Match(line):
			for i := range line {
				line[i] = '#'
			}
		default:
			inKey = false
		}
		start = end + 1
	}
	return hidden
}

// HoldsKey says whether a private key seems to stand in a file: what Read hides,
// and what nobody else may print.
func HoldsKey(data []byte) bool { return keyBegin().Match(data) }
