package issuers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHostPort(t *testing.T) {
	type place struct{ Host, Port string }
	good := map[string]place{
		"https://issuer.example.org":            {"issuer.example.org", "443"},
		"https://Issuer.Example.org/dune":       {"issuer.example.org", "443"},
		"https://issuer.example.org:8443/oauth": {"issuer.example.org", "8443"},
		"https://[2001:DB8::1]:8443/":           {"2001:db8::1", "8443"},
		"issuer.example.org/dune":               {"issuer.example.org", "443"},
		"HTTPS://issuer.example.org":            {"issuer.example.org", "443"},
	}
	for url, want := range good {
		host, port, err := HostPort(url)
		if err != nil {
			t.Errorf("HostPort(%q): %v", url, err)
			continue
		}
		if diff := cmp.Diff(want, place{host, port}); diff != "" {
			t.Errorf("HostPort(%q) (-want +got):\n%s", url, diff)
		}
	}
	for _, url := range []string{
		"", "https://", "http://issuer.example.org", "ftp://issuer.example.org", "https://user@issuer.example.org/",
		"https://issuer.example.org:0/", "https://issuer.example.org:99999/", "https://../x", "https://a b/",
		"https://issuer.example.org:x/", "https://%2e%2e%2f/", "*", "https://-x/", "\x00",
	} {
		if host, port, err := HostPort(url); err == nil {
			t.Errorf("HostPort(%q) = %q, %q, want an error", url, host, port)
		}
	}
}

func TestEvidenceName(t *testing.T) {
	tests := []struct{ host, port, name string }{
		{"issuer.example.org", "443", "issuer.example.org.pem"},
		{"issuer.example.org", "8443", "issuer.example.org_8443.pem"},
		{"a_b.example.org", "443", "a_b.example.org.pem"},
		{"host_8443", "443", "host_8443_443.pem"},
		{"2001:db8::1", "443", "2001:db8::1.pem"},
	}
	for _, tt := range tests {
		name, err := EvidenceName(tt.host, tt.port)
		if err != nil || name != tt.name {
			t.Errorf("EvidenceName(%q, %q) = %q, %v, want %q", tt.host, tt.port, name, err, tt.name)
		}
		host, port, ok := ParseEvidenceName(tt.name)
		if !ok || host != tt.host || port != tt.port {
			t.Errorf("ParseEvidenceName(%q) = %q, %q, %t", tt.name, host, port, ok)
		}
	}
	for _, host := range []string{"", "../x", "a/b", ".hidden", "a\x00b", "a b", "-x", strings.Repeat("x", 300)} {
		if name, err := EvidenceName(host, "443"); err == nil {
			t.Errorf("EvidenceName(%q) = %q, want an error", host, name)
		}
	}
	for _, name := range []string{"", ".pem", "README", "issuer.example.org.crt", "a/b.pem", "../x.pem", ".x.pem", "_443.pem"} {
		if host, port, ok := ParseEvidenceName(name); ok {
			t.Errorf("ParseEvidenceName(%q) = %q, %q, want no evidence", name, host, port)
		}
	}
}

// FuzzEvidenceName: what EvidenceName writes, ParseEvidenceName reads, and it
// is a plain file name.
func FuzzEvidenceName(f *testing.F) {
	f.Add("issuer.example.org", "443")
	f.Add("a_1.example.org_8443", "8443")
	f.Add("../../etc/passwd", "443")
	f.Fuzz(func(t *testing.T, host, port string) {
		name, err := EvidenceName(host, port)
		if err != nil {
			return
		}
		if strings.ContainsAny(name, "/\x00\\") || name[0] == '.' {
			t.Fatalf("EvidenceName(%q, %q) = %q, want a plain file name", host, port, name)
		}
		gotHost, gotPort, ok := ParseEvidenceName(name)
		if !ok || gotHost != strings.ToLower(host) || gotPort != port {
			t.Fatalf("ParseEvidenceName(%q) = %q, %q, %t, want %q, %q", name, gotHost, gotPort, ok, host, port)
		}
	})
}
