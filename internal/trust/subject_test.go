package trust_test

import (
	"slices"
	"testing"

	"arclint/internal/trust"
)

// TestIssuersOfSubjects: token users are named by subject= and in lists too, and
// where their subjects have slashes the issuer is one that is known, if any.
func TestIssuersOfSubjects(t *testing.T) {
	w := worlds.World()
	w.Write("/etc/grid-security/users", []byte("\"https://listed.example.org/vo/sub\"\n\"/DC=org/CN=Jane\"\n"+
		"\"https://listed.example.org/vo/other\" account\nhttps://cilogon.org/dune/http://cilogon.org/users/7\n"))
	w.Write("/etc/grid-security/six", []byte("https://six.example.org/sub\n"))
	w.Common = []string{
		"[userlist:six]", "outfile=/etc/grid-security/six",
		"[authgroup:dune]",
		"subject=https://named.example.org/a/b/c",
		"subject=https://plain.example.org/a/b/c",
		"subject=\"https://quoted.example.org/sub\"",
		"-subject=https://banned.example.org/sub",
		"subject=https://",
		"file=/etc/grid-security/users",
		"userlist=six",
		"-authtokens=* https://named.example.org/a * * *",
	}
	for release, want := range map[string][]string{
		"6.17.0": {"https://named.example.org/a", "https://plain.example.org/a/b", "https://listed.example.org/vo", "https://cilogon.org/dune", "https://six.example.org"},
		"7.2.0":  {"https://named.example.org/a", "https://plain.example.org/a/b", "https://listed.example.org/vo", "https://cilogon.org/dune"},
	} {
		var got []string
		for _, it := range trust.Issuers(load(t, w, release)) {
			got = append(got, it.Issuer)
			if len(it.NamedAt) != 1 {
				t.Errorf("%s: %s is named at %d places", release, it.Issuer, len(it.NamedAt))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v\nwant %v", release, got, want)
		}
	}
}
