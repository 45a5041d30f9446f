package trust

import (
	"fmt"
	"strings"

	"arclint/internal/gridsec"
)

// NoteHost adds to the trace of a verdict on an issuer's chain whether its
// certificate is for the host. It changes no verdict: no ARC release compares
// the two (arc-behaviour S10).
func NoteHost(v Verdict, leaf *gridsec.Certificate, host string) Verdict {
	text := fmt.Sprintf("the certificate is for %s, as asked", host)
	if err := leaf.VerifyHostname(host); err != nil {
		text = fmt.Sprintf("the certificate is for %s and not for %s: ARC does not compare them, so whoever holds this certificate can pose as %s",
			strings.Join(leaf.DNSNames, ", "), host, host)
	}
	v.Trace = append(v.Trace, Step{Text: text, Source: "arc-behaviour S10"})
	return v
}
