package admission

import (
	"strings"
	"testing"

	"arclint/internal/access"
)

// TestProcessing: with voms_processing=noerrors the CE ends the connection of whoever
// shows attributes that do not count; with the other values, and words that are none,
// he goes on without them (arc-behaviour V9).
func TestProcessing(t *testing.T) {
	for value, ends := range map[string]bool{"noerrors": true, "strict": false, "standard": false, "relaxed": false, "NoErrors": false, "nonsense": false} {
		for _, release := range []string{"6.17.0", "7.0.0", "7.2.0"} {
			s := withConf(t, release, "[common]\nhostname=ce.example.org\nvoms_processing="+value+"\n[authgroup:dune]\n!voms=cms * * *\n[mapping]\nmap_to_user=dune dune\n[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=dune\n")
			shown := Person{Subject: "/DC=org/CN=Jane", FQANs: []string{"nosuchvo:/nosuchvo"}}
			a := Ask(s, shown, access.JobInfo)
			if a.Allowed == ends || ends && !strings.Contains(a.Reason, "ends the connection") {
				t.Errorf("%s, %s: allowed %v: %s", release, value, a.Allowed, a.Reason)
			}
			if plain := Ask(s, Person{Subject: "/DC=org/CN=Jane"}, access.JobInfo); !plain.Allowed {
				t.Errorf("%s, %s: without attributes: %s", release, value, plain.Reason)
			}
		}
	}
}
