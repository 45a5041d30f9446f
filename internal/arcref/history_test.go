package arcref

import (
	"strings"
	"testing"
)

func TestHistory(t *testing.T) {
	for _, tt := range []struct{ block, option, removed, added string }{
		{"gridftpd", "", "7.0.0", ""},
		{"gridftpd", "port", "7.0.0", ""},
		{"userlist:u", "outfile", "7.0.0", ""},
		{"authgroup:a", "userlist", "7.0.0", ""},
		{"arex/data-staging", "use_remote_acix", "7.0.0", ""},
		{"arex/data-staging", "maxcachedconnections", "", "7.2.0"},
		{"authgroup", "authtokensgen", "", "7.0.0"},
		{"common", "x509_cert_policy", "", "7.0.0"},
		{"infosys/accesscontrol", "", "", "7.0.0"},
		{"infosys/accesscontrol", "allowaccess", "", "7.0.0"},
		{"lrms", "sge_root", "", ""}, // not in the reference of 7.2.0, still read
		{"lrms", "boinc_project_dir", "", ""},
		{"arex", "gnu_time", "", ""}, // moved long before 6.17.0
		{"arex/jura/archiving", "", "6.8.0", ""},
		{"common", "hostname", "", ""},
		{"nosuch", "", "", ""},
		{"common", "nosuch", "", ""},
	} {
		if got, ok := Known().RemovedIn(tt.block, tt.option); got != tt.removed || ok != (tt.removed != "") {
			t.Errorf("[%s] %s is removed in %q (%v), want %q", tt.block, tt.option, got, ok, tt.removed)
		}
		if got, ok := Known().AddedIn(tt.block, tt.option); ok && got != tt.added || ok != (tt.added != "") {
			t.Errorf("[%s] %s is added in %q (%v), want %q", tt.block, tt.option, got, ok, tt.added)
		}
	}
}

// TestMigration: everything that is gone has advice, nothing else has, and the
// advice names only blocks that the newest release has.
func TestMigration(t *testing.T) {
	newest := mustFor(t, Known().Versions()[len(Known().Versions())-1])
	check := func(block, option string, gone bool) {
		t.Helper()
		advice := Known().Migration(block, option)
		if gone == (advice == "") {
			t.Errorf("advice on [%s] %q is %q, gone is %v", block, option, advice, gone)
		}
		for _, part := range strings.Split(advice, "[")[1:] {
			name, _, closed := strings.Cut(part, "]")
			if !closed || newest.Block(name) == nil {
				t.Errorf("advice on [%s] %q names [%s], which is gone too", block, option, name)
			}
		}
		if strings.HasSuffix(advice, ".") || advice != "" && strings.ToLower(advice[:1]) != advice[:1] {
			t.Errorf("advice %q is no phrase, want lower case and no period", advice)
		}
	}
	for _, version := range Known().Versions() {
		for _, b := range mustFor(t, version).Blocks {
			_, gone := Known().RemovedIn(b.Name, "")
			check(b.Name, "", gone)
			for _, o := range b.Options {
				_, gone := Known().RemovedIn(b.Name, o.Name)
				check(b.Name, o.Name, gone)
			}
		}
	}
	check("arex", "gnu_time", true)
	check("arex/jura/archiving", "", true)
	if got, want := Known().Migration("authgroup:a", "userlist"), Known().Migration("authgroup", "userlist"); got != want {
		t.Errorf("advice with the full name is %q, want %q", got, want)
	}
}

// TestFormerly: the renames of ARC 6, as the reference of 6.17.0 tells them; a
// name that several blocks had leads to the block where it stands first.
func TestFormerly(t *testing.T) {
	for _, tt := range []struct{ block, name, want string }{
		{"common", "x509_user_key", "x509_host_key in [common]"},
		{"arex/ws", "wslogfile", "logfile in [arex/ws]"},
		{"arex", "wslogfile", "logfile in [arex/ws]"},
		{"nordugridmap", "debug", "loglevel in [nordugridmap], loglevel in [arex], loglevel in [arex/data-staging], loglevel in [gridftpd]"},
		{"queue:main", "queue_node_string", "pbs_queue_node in [queue]"},
		{"infosys/glue2", "infosys_glue2_service_qualitylevel", "computingservice_qualitylevel in [infosys/glue2]"},
		{"common", "hostname", ""},
		{"infosys/ldap", "slapadd", ""},
	} {
		var got []string
		for _, r := range Known().Formerly(tt.block, tt.name) {
			if r.Since != "6" {
				t.Errorf("%s was renamed in %s, want 6", tt.name, r.Since)
			}
			got = append(got, r.Option+" in ["+r.Block+"]")
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("[%s] %s is now %q, want %q", tt.block, tt.name, got, tt.want)
		}
	}
	for name, want := range map[string]string{"grid-manager": "arex", "vo": "userlist", "vo:x": "userlist", "infosys/glue12": "infosys/glue1", "arex": ""} {
		if got, ok := Known().FormerlyBlock(name); got.Block != want || ok != (want != "") {
			t.Errorf("[%s] is now [%s], want [%s]", name, got.Block, want)
		}
	}
}

// TestFutureRename: a rename that a later reference tells is of that release.
func TestFutureRename(t *testing.T) {
	next := &Reference{Version: "8.1.0", Blocks: []*Block{{Name: "common", Options: []*Option{{Name: "new", Was: "old"}}}}}
	h, err := Known().With(next)
	if err != nil {
		t.Fatal(err)
	}
	if got := h.Formerly("common", "old"); len(got) != 1 || got[0] != (Renamed{"common", "new", "8.1.0"}) {
		t.Errorf("old is now %v", got)
	}
}
