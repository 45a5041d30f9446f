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

// TestDoubleNegation: a ! that takes back another lets in those whom the first names,
// not any certificate.
func TestDoubleNegation(t *testing.T) {
	s := withConf(t, "7.2.0", "[common]\n[authgroup:a]\nsubject=/CN=Jane Doe\n[authgroup:b]\n!authgroup=a nosuch\n[authgroup:g]\n!authgroup=b\n"+
		"[mapping]\nmap_to_user=g dune\n[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=g\n")
	open := 0
	for _, d := range Doors(s).Doors {
		if !d.Open() {
			continue
		}
		if open++; d.Width != OnePerson || d.Shown != "/CN=Jane Doe" {
			t.Errorf("%s: %s, want Jane Doe alone", d.Width, d.Headline())
		}
	}
	if open == 0 || OpenToBystanders(s, "") {
		t.Errorf("%d open ways in, open to bystanders: %t", open, OpenToBystanders(s, ""))
	}
}

// TestBystanders: a group that shuts out a stranger by name is open to the others.
func TestBystanders(t *testing.T) {
	for rules, want := range map[string]bool{
		"all=yes\n": true,
		"-subject=" + otherCertName + "\nall=yes\n": true,
		"subject=" + otherCertName + "\n":           false,
		"file=/absent\nall=yes\n":                   false,
	} {
		s := withConf(t, "7.2.0", "[common]\n[authgroup:g]\n"+rules+"[mapping]\nmap_to_user=g dune\n[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=g\n")
		if got := OpenToBystanders(s, "g"); got != want {
			t.Errorf("%q: %t, want %t", rules, got, want)
		}
	}
}
