package access

import "testing"

// TestPools: what a pool gives, for the pool as it is (simplemap.cpp).
func TestPools(t *testing.T) {
	const dir, lease = "/etc/pool", "/etc/pool/_C=x_CN=Jane"
	const some, allow, deny = "allow as an account that the pool /etc/pool names", "allow as ", "deny"
	for _, tt := range []struct {
		name    string
		files   map[string]string
		outcome string
		status  int
		asks    bool
	}{
		{"free accounts", map[string]string{dir + "/pool": "nobody\nroot\n"}, some, 200, true},
		{"one account", map[string]string{dir + "/pool": "nobody:nogroup\n"}, allow + "nobody:nogroup", 200, true},
		{"an account taken before", map[string]string{dir + "/pool": "nobody\nroot\n", lease: "root\n"}, allow + "root", 200, false},
		{"an account taken before, no more listed", map[string]string{dir + "/pool": "nobody\n", lease: "root\n"}, allow + "root", 200, false},
		{"an account taken before, in an empty pool", map[string]string{dir + "/pool": "", lease: "root\n"}, allow + "root", 200, false},
		{"an account that does not exist", map[string]string{dir + "/pool": "nobody\n", lease: "gone\n"}, deny, 500, false},
		{"an empty file of the subject", map[string]string{dir + "/pool": "nobody\n", lease: ""}, deny, 403, false},
		{"full", map[string]string{dir + "/pool": "nobody\nroot\n", dir + "/_a": "root\n", dir + "/_b": "nobody\n", dir + "/config": "timeout=0\n"}, deny, 403, true},
		{"not as full as it looks", map[string]string{dir + "/pool": "nobody\nroot\n", dir + "/_a": "root\n", dir + "/_b": "root\n"}, some, 200, true},
		{"empty", map[string]string{dir + "/pool": "\n\n"}, deny, 403, false},
		{"no file pool", map[string]string{dir + "/README": "accounts\n"}, deny, 403, false},
		{"no directory", nil, deny, 403, false},
		{"none of the accounts exists", map[string]string{dir + "/pool": "a\nb\n"}, deny, 500, true},
		{"none of the accounts exists here", map[string]string{dir + "/pool": "a\nb\n", "/etc/nsswitch.conf": "passwd: files sss\n"}, some, 200, true},
		{"an account that is none", map[string]string{dir + "/pool": "*x\n"}, deny, 500, true},
	} {
		d := Model(load(t, "7.2.0", one("all=yes", "map_to_pool=dune "+dir), tt.files)).Evaluate(Identity{Subject: "/C=x/CN=Jane"}, JobInfo)
		if d.Outcome() != tt.outcome || d.Status != tt.status {
			t.Errorf("%s: %s with %d, want %s with %d: %s", tt.name, d.Outcome(), d.Status, tt.outcome, tt.status, d.Reason)
		}
		asked := false
		for _, step := range d.Depends {
			asked = asked || step.Kind == OnPool
		}
		if asked != tt.asks && tt.status == 200 {
			t.Errorf("%s: asks for a free account: %v, want %v", tt.name, asked, tt.asks)
		}
	}
}

// TestPoolNotCopied: what this copy of a site lacks may stand on the CE.
func TestPoolNotCopied(t *testing.T) {
	d := Model(load(t, "7.2.0", one("all=yes", "map_to_pool=dune /srv/pools/dune"), nil)).Evaluate(Identity{Subject: "/C=x/CN=Jane"}, JobInfo)
	if want := "allow as an account that the pool /srv/pools/dune names"; d.Outcome() != want {
		t.Errorf("%s, want %s: %s", d.Outcome(), want, d.Reason)
	}
}

// TestPluginGone: a plugin whose program is not there says yes to nobody and
// names no account; what this copy of a site lacks may stand on the CE.
func TestPluginGone(t *testing.T) {
	const gone, seen, unseen = "10 /etc/gone", "10 /etc/there", "10 /srv/bin/ask"
	files := map[string]string{"/etc/there": "#!/bin/sh\n"}
	for _, tt := range []struct {
		rule, mapped, outcome string
		asks                  bool
	}{
		{"plugin=" + gone, "map_to_user=dune nobody", "deny", false},
		{"plugin=" + seen, "map_to_user=dune nobody", "deny", true},
		{"plugin=" + unseen, "map_to_user=dune nobody", "deny", true},
		{"plugin=10 ask", "map_to_user=dune nobody", "deny", true},
		{"all=yes", "map_with_plugin=dune " + gone + "\nmap_to_user=dune nobody", "deny", false},
		{"all=yes", "map_with_plugin=dune " + seen, `allow as an account that the plugin "/etc/there" names`, true},
		{"all=yes", "map_with_plugin=dune " + unseen, `allow as an account that the plugin "/srv/bin/ask" names`, true},
	} {
		d := Model(load(t, "7.2.0", one(tt.rule, tt.mapped), files)).Evaluate(Identity{Subject: "/C=x/CN=Jane"}, JobInfo)
		if d.Outcome() != tt.outcome || len(d.Depends) > 0 != tt.asks {
			t.Errorf("%s, %s: %s, depends on %v; want %s, %v: %s", tt.rule, tt.mapped, d.Outcome(), d.Depends, tt.outcome, tt.asks, d.Reason)
		}
	}
}
