package arcconf

import "testing"

func TestHideKeys(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"no key", "[common]\nhostname=AAAA\n", "[common]\nhostname=AAAA\n"},
		{
			"between options",
			"[common]\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIB+/\r\nab==\n-----END RSA PRIVATE KEY-----\nhostname=x\n",
			"[common]\n-----BEGIN RSA PRIVATE KEY-----\n######################\n\n######\r\n####\n-----END RSA PRIVATE KEY-----\nhostname=x\n",
		},
		{"without an end", "-----BEGIN PRIVATE KEY-----\nMIIB\nMIIC", "-----BEGIN PRIVATE KEY-----\n####\n####"},
		{"indented", "  -----BEGIN EC PRIVATE KEY-----\n  MIIB\n[common]\n", "  -----BEGIN EC PRIVATE KEY-----\n######\n[common]\n"},
		{"a certificate is no secret", "-----BEGIN CERTIFICATE-----\nMIIB\n", "-----BEGIN CERTIFICATE-----\nMIIB\n"},
	} {
		if got := string(hideKeys([]byte(tt.text))); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
