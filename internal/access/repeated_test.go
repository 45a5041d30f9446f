package access

import (
	"slices"
	"testing"
)

// TestRepeatedBlocks: a block whose header is repeated is asked at each place, with the
// content of the last (arc-behaviour B4).
func TestRepeatedBlocks(t *testing.T) {
	const list = "[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=b\n"
	for _, tt := range []struct {
		name, conf, outcome string
		groups              []string
	}{
		{"at its second place", "[authgroup:b]\n[authgroup:a]\nsubject=" + subject + "\n[authgroup:b]\nauthgroup=a\n[mapping]\nmap_to_user=b nobody\n", "allow as nobody", []string{"a", "b"}},
		{"once below", "[authgroup:b]\nauthgroup=a\n[authgroup:a]\nsubject=" + subject + "\n[mapping]\nmap_to_user=b nobody\n", "deny", []string{"a"}},
		{"once above", "[authgroup:a]\nsubject=" + subject + "\n[authgroup:b]\nauthgroup=a\n[mapping]\nmap_to_user=b nobody\n", "allow as nobody", []string{"a", "b"}},
		{"a member once", "[authgroup:a]\nsubject=" + subject + "\n[authgroup:b]\nall=no\n[authgroup:b]\nauthgroup=a\n[mapping]\nmap_to_user=b nobody\n", "allow as nobody", []string{"a", "b"}},
		{"the first place decides", "[authgroup:b]\n[authgroup:a]\nsubject=" + subject + "\n[authgroup:b]\n-authgroup=a\nall=yes\n[mapping]\nmap_to_user=b nobody\n", "allow as nobody", []string{"b", "a"}},
		{"a third group sees it at its first place", "[authgroup:b]\n[authgroup:c]\nauthgroup=b\n[authgroup:b]\nall=yes\n[mapping]\nmap_to_user=c nobody\n", "allow as nobody", []string{"b", "c"}},
		{"policies of the first pass hold in the second", "[authgroup:b]\nall=yes\n[authgroup:z]\nall=no\n[mapping]\n[mapping]\nmap_to_user=z nobody\npolicy_on_nogroup=stop\n", "deny", []string{"b"}},
	} {
		for _, release := range []string{"7.0.0", "7.2.0"} {
			p := Model(load(t, release, "[common]\n"+tt.conf+list, nil))
			for how, d := range map[string]Decision{"Evaluate": p.Evaluate(Identity{Subject: subject}, JobInfo), "Decide": p.Decide(Identity{Subject: subject}, JobInfo)} {
				if d.Outcome() != tt.outcome || !slices.Equal(d.Groups, tt.groups) {
					t.Errorf("%s, %s, %s: %s, in %v, want %s, %v", tt.name, release, how, d.Outcome(), d.Groups, tt.outcome, tt.groups)
				}
			}
		}
	}
}
