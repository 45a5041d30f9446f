package expiry

import (
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"slices"
	"testing"
	"time"

	"arclint/fixtures"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

// read gives the report of a base site after the change.
func read(t *testing.T, version string, change func(*rootfs.Mem) error) (Report, *site.Site) {
	t.Helper()
	base, err := fixtures.Base(version)
	if err != nil {
		t.Fatal(err)
	}
	tree := rootfs.Overlay(base.Tree)
	if err := change(tree); err != nil {
		t.Fatal(err)
	}
	s, err := site.Load(tree, site.Options{Root: "/", ARCVersion: base.ARCVersion, OSFamily: site.OSFamily(base.OSFamily), Now: base.Now, Evidence: base.Evidence, OnlyUsed: true})
	if err != nil {
		t.Fatal(err)
	}
	return Of(s), s
}

func kinds(r Report) []string {
	var list []string
	for _, i := range r.Items {
		list = append(list, string(i.Kind))
	}
	return list
}

func TestBase(t *testing.T) {
	r, _ := read(t, "7.2.0", func(*rootfs.Mem) error { return nil })
	if got, want := kinds(r), []string{"crl", "evidence", "host-certificate", "anchor"}; !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	for n, i := range r.Items {
		if !i.ShutOut || i.Who == "" || r.Ended(i) || n > 0 && i.Ends.Before(r.Items[n-1].Ends) {
			t.Errorf("%+v", i)
		}
	}
	if len(r.Unread) > 0 {
		t.Errorf("not read: %v", r.Unread)
	}
	if soon := r.Within(30 * 24 * time.Hour); !slices.Equal(kinds(soon), []string{"crl"}) || len(r.Items) != 4 {
		t.Errorf("within a month: %q", kinds(soon))
	}
}

// TestPolicy: whom the CAs of the grid shut out where the policy is system. 7.0 then
// looks there no more, 7.2 does for the keys of issuers (arc-behaviour C9).
func TestPolicy(t *testing.T) {
	for version, want := range map[string]string{
		"7.0.0": "clients of this CE, whose own certificate is under it",
		"7.2.0": "tokens of issuers whose servers have certificates under it; clients of this CE, whose own certificate is under it",
	} {
		r, _ := read(t, version, func(m *rootfs.Mem) error {
			return m.WriteFile("/etc/arc.conf", []byte("[common]\nhostname=ce.example.org\nx509_cert_policy=system\n[arex]\n[arex/ws]\n"), 0o644)
		})
		found := map[Bundle]Item{}
		for _, i := range r.Items {
			if i.Kind == Anchor {
				found[i.Bundle] = i
			}
		}
		if grid := found[NoBundle]; grid.Who != want || !found[System].ShutOut {
			t.Errorf("%s: the CAs of the grid shut out %q, of the system %+v", version, grid.Who, found[System])
		}
	}
}

// TestPinnedKeys: the dates that a key set carries, and nothing of what is no date.
func TestPinnedKeys(t *testing.T) {
	var host string
	r, s := read(t, "7.2.0", func(m *rootfs.Mem) error {
		for name, text := range map[string]string{"issuer": "https://issuer.example.org", "metadata": "{}", "keys": `{"keys":[]}`} {
			if err := m.WriteFile("/var/spool/arc/jobstatus/tokenissuers/a/"+name, []byte(text), 0o644); err != nil {
				return err
			}
		}
		data, err := m.ReadFile("/etc/grid-security/hostcert.pem", 1<<20)
		if block, _ := pem.Decode(data); block != nil {
			host = base64.StdEncoding.EncodeToString(block.Bytes)
		}
		return err
	})
	if slices.Contains(kinds(r), string(PinnedKey)) {
		t.Error("a set without keys has dates")
	}
	if len(r.Endless) != 1 || r.Endless[0].Name != "https://issuer.example.org" {
		t.Errorf("without an end: %v", r.Endless)
	}
	set := fmt.Sprintf(`{"keys":[{"kid":"a","exp":1796083200},{"kid":"b","x5c":[%q]},{"kid":"c","exp":-1},{"kid":"d","exp":1e300},{"kid":"e","x5c":["!"]},{"exp":"1"},1,null]}`, host)
	keys := datedKeys([]byte(set))
	if len(keys) != 2 || keys[0].id != "a" || keys[0].ends.Unix() != 1796083200 || keys[1].id != "b" || !keys[1].ends.Equal(s.Host.Cert.Certificates[0].NotAfter) {
		t.Errorf("%+v", keys)
	}
}

// TestUnread: what is not there or cannot be read is said.
func TestUnread(t *testing.T) {
	r, _ := read(t, "7.2.0", func(m *rootfs.Mem) error {
		return m.WriteFile("/etc/grid-security/hostcert.pem", []byte("none"), 0o644)
	})
	if len(r.Unread) != 1 || r.Unread[0].Path != "/etc/grid-security/hostcert.pem" || r.Unread[0].Reason == "" || slices.Contains(kinds(r), string(HostCertificate)) {
		t.Errorf("%q, not read: %v", kinds(r), r.Unread)
	}
}

// TestManyUnread: the list is bounded, and says how many paths it leaves out.
func TestManyUnread(t *testing.T) {
	r := reading{told: map[string]bool{}}
	for i := range 3000 {
		r.unread(fmt.Sprintf("/etc/%d", i), "why")
		r.unread("/etc/0", "again")
	}
	if last := r.Unread[len(r.Unread)-1]; len(r.Unread) != maxUnread+1 || last != (Unread{"/etc/2999", "left out of this list: 2000 paths, to this one"}) {
		t.Errorf("%d paths, the last %v", len(r.Unread), last)
	}
	if got := some(slices.Repeat([]string{"a"}, 10)); got != "a, a, a, a, a, a, a, a and 2 more" {
		t.Error(got)
	}
}
