package trust_test

import (
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/trust"
)

func TestNoteHost(t *testing.T) {
	leaf := &gridsec.Certificate{Certificate: pki.New(pki.Spec{Subject: "/CN=issuer", Key: "rsa1", DNSNames: []string{"issuer.example.org"}}).Parsed}
	for host, want := range map[string]string{
		"issuer.example.org": "as asked",
		"other.example.org":  "can pose as other.example.org",
	} {
		v := trust.NoteHost(trust.Verdict{Accepted: true, Reason: openssl.OK}, leaf, host)
		if last := v.Trace[len(v.Trace)-1]; !strings.Contains(last.Text, want) || !v.Accepted {
			t.Errorf("%s: accepted %v, %q, want %q", host, v.Accepted, last.Text, want)
		}
	}
}
