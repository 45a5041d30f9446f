package access

import (
	"slices"
	"testing"
)

// TestUserListOrder: a list counts for the groups below it (LegacySecHandler.cpp of 6.x).
func TestUserListOrder(t *testing.T) {
	const list, group = "[userlist:u]\noutfile=/etc/people\n", "[authgroup:g]\nuserlist=u\n"
	const rest = "[authgroup:h]\nfile=/etc/people\n[mapping]\nmap_to_user=g nobody\n[arex/ws]\n[arex/ws/jobs]\n"
	for _, tt := range []struct {
		name, conf string
		want       bool
	}{
		{"the list above", list + group, true},
		{"the list below", group + list, false},
		{"the list again below", list + group + list, true},
		{"the list empty above, and again below", "[userlist:u]\n" + group + list, true},
		{"another list above", "[userlist:v]\noutfile=/etc/people\n" + group, false},
	} {
		p := Model(load(t, "6.17.0", "[common]\n"+tt.conf+rest, map[string]string{"/etc/people": "\"/C=x/CN=Jane\"\n"}))
		d := p.Evaluate(Identity{Subject: "/C=x/CN=Jane"}, JobInfo)
		if got := slices.Contains(d.Groups, "g"); got != tt.want {
			t.Errorf("%s: member %v, want %v", tt.name, got, tt.want)
		}
	}
}
