package trust_test

import (
	"testing"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/trust"
)

// TestVOOfLSC holds that one answer on a VO follows from what its .lsc file says, where
// real CEs drop the attributes (arc-behaviour V1, V2, V5).
func TestVOOfLSC(t *testing.T) {
	const server, other = "/DC=org/DC=example/CN=voms.example.org\n", "/O=Old/CN=Old CA\n"
	ca := world.RootDN + "\n"
	for _, c := range []struct {
		host, text string
		want       trust.Answer
		admits     trust.Admits
	}{
		{"voms.example.org", server + ca, trust.Accepted, trust.AdmitsNamed},
		{"voms.example.org", server + ca + ca, trust.Accepted, trust.AdmitsNamed},
		{"voms.example.org", server, trust.Accepted, trust.AdmitsAny},
		{"voms.example.org", "^/DC=org/.*$\n", trust.Accepted, trust.AdmitsPattern},
		{"voms.example.org", ca + server, trust.Refused, trust.AdmitsNobody},
		{"voms.example.org", "/dc=org/dc=example/cn=voms.example.org\n" + ca, trust.Refused, trust.AdmitsNobody},
		{"voms.example.org", "/CN=old\n" + other + server + ca, trust.Refused, trust.AdmitsNobody},
		{"voms.example.org", ca + server + "-- NEXT CHAIN --\n" + server + ca, trust.Accepted, trust.AdmitsNamed},
		{"voms.example.org:15000", server + ca, trust.Refused, trust.AdmitsNobody},
		{"VOMS.example.org", server + ca, trust.Unknown, trust.AdmitsNamed},
	} {
		w := worlds.World()
		w.Install(w.Root)
		w.Write("/etc/grid-security/vomsdir/dune/"+c.host+".lsc", []byte(c.text))
		s := load(t, w, "7.0.0")
		if got, why := trust.VO(s, "dune"); got != c.want {
			t.Errorf("%s, %q: %s (%s), want %s", c.host, c.text, got, why, c.want)
		}
		if got := trust.VOs(s)[0].Servers[0].Admits; got != c.admits {
			t.Errorf("%s, %q: admits %s, want %s", c.host, c.text, got, c.admits)
		}
	}
}

// TestVOOfExpiredCA: the CA of the server stands there and has ended (D7); beside one of
// the same name that has not, it is no matter.
func TestVOOfExpiredCA(t *testing.T) {
	w := worlds.World()
	w.Install(w.New(pki.Spec{Subject: world.RootDN, Key: "rsa1", NotAfter: pki.Now.AddDate(0, 0, -1)}))
	w.Write("/etc/grid-security/vomsdir/dune/voms.example.org.lsc", []byte("/CN=voms.example.org\n"+world.RootDN+"\n"))
	if got, why := trust.VO(load(t, w, "7.0.0"), "dune"); got != trust.Refused {
		t.Errorf("%s (%s), want refused", got, why)
	}
	w.Put(w.Root, 1, w.Root.PEM())
	if got, why := trust.VO(load(t, w, "7.0.0"), "dune"); got != trust.Accepted {
		t.Errorf("with a CA of the same name: %s (%s), want accepted", got, why)
	}
}
