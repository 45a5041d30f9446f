package lint

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Fingerprint is the same for one fault across runs: it knows the rule, the
// path and the subject, but no line, so that a moved line is the same finding.
// 64 hex digits.
func (f Finding) Fingerprint() string {
	subject := f.Subject
	if subject == "" {
		subject = strings.TrimSpace(f.Span.Text())
	}
	sum := sha256.Sum256([]byte(f.Rule + "\x00" + f.Path + "\x00" + subject))
	return hex.EncodeToString(sum[:])
}
