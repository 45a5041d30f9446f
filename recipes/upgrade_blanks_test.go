package recipes_test

import (
	"slices"
	"testing"
)

// TestUpgradeBlankLines: where blocks went, the blank lines above them stay and those
// below go along; blank lines that stood together stay together.
func TestUpgradeBlankLines(t *testing.T) {
	const head = "[common]\n\n\n[authgroup:a]\nvoms=vo.example.org * * *\n[mapping]\nmap_to_user=a nobody\n[lrms]\nlrms=fork\n[arex]\n[infosys/ldap]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n"
	for name, c := range map[string]struct{ conf, want string }{
		"between blocks":       {"\n[gridftpd]\nport=2811\n\n[gridftpd/jobs]\nallowaccess=a\n\n[infosys/cluster]\n", "\n[infosys/cluster]\n"},
		"with a comment":       {"\n[gridftpd]\n# here\n\n[infosys/glue1]\n\n[infosys/cluster]\n", "\n# here\n\n[infosys/cluster]\n"},
		"two above, one below": {"\n\n[gridftpd]\n\n[infosys/cluster]\n", "\n\n[infosys/cluster]\n"},
		"at the end":           {"[infosys/cluster]\n\n[gridftpd]\n\n[acix-index]\n", "[infosys/cluster]\n\n"},
		"no blank lines":       {"[gridftpd]\nport=2811\n[infosys/cluster]\n", "[infosys/cluster]\n"},
		"CR LF":                {"\r\n[gridftpd]\r\n\r\n[infosys/cluster]\r\n", "\r\n[infosys/cluster]\r\n"},
	} {
		got, _, err := upgraded(t, head+c.conf, nil)
		if err != nil || got != head+c.want {
			t.Errorf("%s: error %v, got %q, want %q", name, err, got, head+c.want)
		}
	}
}

// TestUpgradeEnds: the notes name each interface that ends and whom arc.conf lets use it.
func TestUpgradeEnds(t *testing.T) {
	const users = "[userlist:u]\noutfile=/etc/u\n[authgroup:u]\nuserlist=u\n"
	conf := users + frame + "map_to_user=u nobody\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n[gridftpd]\n[gridftpd/jobs]\ndenyaccess=b\n[gridftpd/filedir]\nallowaccess=a b\n[infosys/glue1]\n"
	_, plan, err := upgraded(t, conf, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Ends with ARC 6: jobs by EMI-ES at the address of REST ([arex/ws/jobs]). Who may use it today: whoever has a mapping: authgroup a, b.",
		"Ends with ARC 6: jobs by gridftp ([gridftpd/jobs]). Who may use it today: whoever has a mapping: authgroup a.",
		"Ends with ARC 6: files by gridftp ([gridftpd/filedir]). Who may use it today: authgroup a, b.",
		"Ends with ARC 6: a list of users that nordugridmap makes ([userlist:u]). Who may use it today: authgroup u.",
		"Ends with ARC 6: information in GLUE 1 ([infosys/glue1]). Who may use it today: anyone.",
	} {
		if !slices.Contains(plan.Notes, want) {
			t.Errorf("no note %q in\n%q", want, plan.Notes)
		}
	}
}
