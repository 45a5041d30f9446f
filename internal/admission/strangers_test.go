package admission

import (
	"slices"
	"testing"
)

const ofService = "[common]\nhostname=ce.example.org\n[authtokens]\n[authgroup:dune]\nsubject=/CN=Jane Doe\n[mapping]\nmap_to_user=dune dune\n" +
	"[arex]\nuser=dune\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=dune\n"

// TestServiceDoor: with [arex] user ARC 6 lets in everybody, whom no rule is about
// (arc-behaviour B11). Access shows it, and a comparison with ARC 7 who is shut out.
func TestServiceDoor(t *testing.T) {
	for release, want := range map[string][]Width{"6.17.0": {Anonymous, AnyIssuer, AnyHolder, OnePerson}, "7.2.0": {OnePerson}} {
		var got []Width
		for _, d := range Doors(withConf(t, release, ofService)).Doors {
			if d.Open() {
				got = append(got, d.Width)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", release, got, want)
		}
	}
	shut := map[string]bool{}
	for _, change := range Compare(withConf(t, "6.17.0", ofService), withConf(t, "7.2.0", ofService)).Changes {
		shut[change.Proof.Subject+change.Issuer] = change.ShutOut()
	}
	for _, who := range []string{"", "*", otherCertName} {
		if !shut[who] {
			t.Errorf("client %q: not shut out by ARC 7: %v", who, shut)
		}
	}
}
