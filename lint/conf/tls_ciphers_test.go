package conf

import (
	"os/exec"
	"strings"
	"testing"
)

// TestCiphersAsOpenSSL asks the openssl of this machine about each word, and about
// some that it must not know.
func TestCiphersAsOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed: apt install openssl")
	}
	takes := func(list string) bool { return exec.Command("openssl", "ciphers", list).Run() == nil }
	for _, group := range cipherGroups {
		if !takes(group + ":@SECLEVEL=0") {
			t.Errorf("openssl does not know the word %s", group)
		}
	}
	if list := strings.Join(cipherSuites, ":"); !takes(list+":@SECLEVEL=0") || len(cipherSuites) < 100 {
		t.Errorf("openssl knows none of the %d suites", len(cipherSuites))
	}
	for _, word := range []string{"ECDHE-RSA-AES256-GCM-SHA385", "TLS1.2", "AES-GCM", "HIGH+AES512", "TLSv1.1", "high"} {
		if takes(word+":@SECLEVEL=0") || knownCipher(word) {
			t.Errorf("%s is known: to openssl %t, here %t", word, takes(word+":@SECLEVEL=0"), knownCipher(word))
		}
	}
	for _, word := range []string{"HIGH+AES256", "+kRSA", "EDH+AESGCM"} {
		if !takes("ALL:"+word) || !knownCipher(word) {
			t.Errorf("%s is not known", word)
		}
	}
}
