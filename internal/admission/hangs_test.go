package admission

import (
	"strings"
	"testing"
)

// TestHangs: what hangs on a plugin, or on keys that do not come, is not let in; an
// issuer that is no server can have no token at all.
func TestHangs(t *testing.T) {
	for _, tt := range []struct{ release, rules, outcome, on string }{
		{"7.2.0", "authtokens=* https://issuer.example.org * * *", "let in", ""},
		{"7.2.0", "authtokens=* Doe * * *", "unknown", "whether the CE can fetch the keys of Doe"},
		{"6.17.0", "authtokens=* Doe * * *", "does not arise", ""},
		{"7.2.0", "authtokens=* .* * * *", "refused", ""},
		{"7.2.0", "authtokens=* ftp://issuer.example.org * * *", "refused", ""},
		{"7.2.0", "authtokens=* https://cilogon.org/dune * * *", "unknown", "whether the token can be checked"},
		{"7.2.0", "-plugin=10 lcas\nauthtokens=* https://issuer.example.org * * *", "unknown", "whether the plugin"},
		{"7.2.0", "-plugin=10 /bin/gone\nauthtokens=* https://issuer.example.org * * *", "let in", ""},
	} {
		for _, r := range Static(conf(t, tt.release, tt.rules), Made{}).Results {
			if r.ID != "aud-missing" {
				continue
			}
			if r.Outcome() != tt.outcome || tt.outcome != "let in" && r.Hole() {
				t.Errorf("%s %s: %s, want %s", tt.release, tt.rules, r.Outcome(), tt.outcome)
			}
			if tt.on == "" {
				continue
			}
			if len(r.Unknown) == 0 || len(r.Unknown[0].Hangs) == 0 || !strings.HasPrefix(r.Unknown[0].Hangs[0].On, tt.on) {
				t.Errorf("%s %s: hangs on %+v, want %s", tt.release, tt.rules, r.Unknown, tt.on)
			}
		}
	}
}

// TestGuardedByPlugin: a way in above which a plugin may turn the client away is
// unknown, with what it hangs on.
func TestGuardedByPlugin(t *testing.T) {
	for _, d := range Doors(conf(t, "7.2.0", "-plugin=10 lcas\nsubject=/CN=a")).Doors {
		if d.Submit.State != Unknown || !strings.Contains(d.Submit.Why, "lcas") || !strings.Contains(d.Headline(), " may become account dune") {
			t.Errorf("%s: submit %+v", d.Headline(), d.Submit)
		}
	}
}
