package arcref

import "testing"

// TestSecretsOfReferences: every option of a reference that has a word of secrets
// in its name is a secret, or is known to be none.
func TestSecretsOfReferences(t *testing.T) {
	none := map[string]bool{ // of these words, and no secrets
		"authtokens": true, "authtokensgen": true, "authtokenmap": true, "tokenscopes": true, "usetokenforvoms": true, "passivetransfer": true,
	}
	for _, ref := range Known() {
		for _, b := range ref.Blocks {
			for _, o := range b.Options {
				if looksSecret(o.Name) && !none[o.Name] && !Secret(o.Name) {
					t.Errorf("ARC %s: [%s] %s is not among the secrets, nor known to be none", ref.Version, b.Name, o.Name)
				}
			}
		}
	}
	for _, name := range []string{"boinc_db_pass", "boinc_db_pas", "Boinc_DB_Pass", "db_password", "client_secret", "mytoken", "accesskey"} {
		if !Secret(name) {
			t.Errorf("%s is no secret", name)
		}
	}
	for name := range none {
		if Secret(name) {
			t.Errorf("%s is a secret", name)
		}
	}
	for _, name := range []string{"x509_host_key", "boinc_db_user", "subject", "", "hostname"} {
		if Secret(name) {
			t.Errorf("%s is a secret", name)
		}
	}
}
