package issuers

import (
	"strings"
	"testing"
	"time"
)

func TestVOMSServers(t *testing.T) {
	newest := map[string]bool{}
	count := 0
	for vo, servers := range vomsServers() {
		for _, v := range servers {
			count++
			if v.VO != vo || v.Host == "" || !strings.HasPrefix(v.Server, "/") || !strings.HasPrefix(v.CA, "/") || !strings.HasPrefix(v.Source, "github ") {
				t.Errorf("%+v is not what an .lsc file of %s says", v, vo)
			}
			checkDays(t, v)
			if key := vo + " " + v.Host; v.Until == "" {
				if newest[key] {
					t.Errorf("%s has two sets of names that are the newest", key)
				}
				newest[key] = true
			}
		}
	}
	if count < 150 || len(newest) < 40 {
		t.Errorf("%d rows, %d servers, where the whole table has over 150 and 40", count, len(newest))
	}
}

func checkDays(t *testing.T, v VOMSServer) {
	t.Helper()
	for _, day := range []string{v.Since, v.Until} {
		if _, err := time.Parse(time.DateOnly, day); err != nil && day != "" {
			t.Errorf("%s %s: %v", v.VO, v.Host, err)
		}
	}
	if v.Until != "" && v.Until < v.Since {
		t.Errorf("%s %s: published from %s until %s", v.VO, v.Host, v.Since, v.Until)
	}
}

func TestVOMSServersOf(t *testing.T) {
	list := VOMSServers("wlcg", "wlcg-voms.cloud.cnaf.infn.it")
	if len(list) < 3 || list[0].Until != "" || list[1].Until == "" || !strings.HasSuffix(list[0].CA, "/CN=GEANT TLS RSA 1") {
		t.Errorf("wlcg: %+v", list)
	}
	kek := VOMSServers("belle", "voms.cc.kek.jp")
	if len(kek) == 0 || !kek[0].Is(`/C=JP/O=KEK/OU=CRC/CN=host\/voms.cc.kek.jp`, "/C=JP/O=KEK/OU=CRC/CN=KEK GRID Certificate Authority") {
		t.Errorf("belle: %+v", kek)
	}
	if all := VOMSServers("dune", ""); len(all) < 2 || all[0].Host == all[len(all)-1].Host {
		t.Errorf("dune: %+v", all)
	}
	if got := VOMSServers("vo.example.org", ""); got != nil {
		t.Errorf("a VO that nobody knows has %+v", got)
	}
}
