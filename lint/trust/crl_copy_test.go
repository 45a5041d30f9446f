package trust

import (
	"strings"
	"testing"
	"time"

	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
)

// TestOldCopy: of a copy that may be older than its reader's clock, a CRL that ends
// soon says nothing, unless another shows that the copy is new.
func TestOldCopy(t *testing.T) {
	for _, tt := range []struct {
		variant string
		aged    bool
		found   int
		skipped string
	}{
		{"bad", false, 1, ""},
		{"bad", true, 0, "give --now with the time of the copy"},
		{"bad-2", true, 1, ""},
		{"bad-5", true, 0, "give --now"},
		{"good", true, 0, ""},
	} {
		f := variant(t, crlEnding, tt.variant)
		expect(t, tt.variant, f.Tree, crlEnding, site.Options{Root: "copy.tar", ARCVersion: f.ARCVersion, Now: f.Now, Aged: tt.aged}, tt.found, tt.skipped)
	}
}

// TestCopyWithoutCron: what a copy does not hold may renew the CRLs.
func TestCopyWithoutCron(t *testing.T) {
	const entry = "42 */6 * * * root [ ! -f /var/lock/subsys/fetch-crl-cron ] || ( /usr/sbin/fetch-crl -q )\n"
	for _, tt := range []struct {
		name, root string
		change     func(*rootfs.Mem) error
		found      int
		skipped    string
	}{
		{"a lock file that was not copied", "copy.tar", func(m *rootfs.Mem) error { return m.WriteFile("/etc/cron.d/fetch-crl", []byte(entry), 0o644) }, 0, "/var/lock/subsys/fetch-crl-cron could not be looked at"},
		{"no lock file", "/", func(m *rootfs.Mem) error { return m.WriteFile("/etc/cron.d/fetch-crl", []byte(entry), 0o644) }, 1, ""},
		{"no entry", "copy.tar", func(m *rootfs.Mem) error { return m.WriteFile("/etc/cron.d/fetch-crl", nil, 0o644) }, 1, ""},
		{"as it is", "copy.tar", func(*rootfs.Mem) error { return nil }, 0, ""},
	} {
		f := variant(t, crlNotRenewed, "good")
		over := rootfs.Overlay(f.Tree)
		if err := tt.change(over); err != nil {
			t.Fatal(err)
		}
		expect(t, tt.name, over, crlNotRenewed, site.Options{Root: tt.root, ARCVersion: f.ARCVersion, Now: f.Now.Add(48 * time.Hour)}, tt.found, tt.skipped)
	}
}

func expect(t *testing.T, name string, tree rootfs.FS, rule *lint.Rule, o site.Options, found int, skipped string) {
	t.Helper()
	s, err := site.Load(tree, o)
	if err != nil {
		t.Fatal(err)
	}
	r := lint.Check(s, rule)
	var skips []string
	for _, skip := range r.Skips() {
		skips = append(skips, skip.Reason)
	}
	if got := strings.Join(skips, "; "); len(r.Findings()) != found || (skipped == "") != (got == "") || !strings.Contains(got, skipped) {
		t.Errorf("%s: %d findings, skipped %q; not %d, %q", name, len(r.Findings()), got, found, skipped)
	}
}
