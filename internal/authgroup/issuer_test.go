package authgroup

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/arcconf"
	"arclint/internal/source"
)

func readText(text string) *Document {
	return Read(arcconf.Parse(source.New("/etc/arc.conf", []byte(text))), Dialect{Expressions: true})
}

// TestIssuers: which issuers a line names, and whether it asks for their tokens.
func TestIssuers(t *testing.T) {
	for line, want := range map[string][]string{
		`authtokens=* https://a.example.org * * *`:          {"https://a.example.org asked"},
		`authtokens=*  https://a.example.org/  * * *`:       {"https://a.example.org/ asked"},
		`authtokens="*" "https://a.example.org" * * *`:      {"https://a.example.org asked"},
		`authtokens="Jane Doe" https://a.example.org * *`:   {"https://a.example.org not"},
		`authtokens="Jane Doe" https://a.example.org * * *`: {"https://a.example.org asked"},
		"authtokens=*\thttps://a.example.org\t*\t*\t*":      nil,
		`authtokens=* "https://a.example.org`:               {`"https://a.example.org not`},
		`authtokens=sub`:                                    nil,
		`authtokens="sub`:                                   nil,
		`authtokens=* "" * * *`:                             nil,
		`authtokens=* * * * *`:                              {"* asked"},
		`-authtokens=* A * * *`:                             {"A not"},
		`!authtokens=* A * * *`:                             {"A not", "* asked"},
		`-!authtokens=* A * * *`:                            {"A asked"},
		`+authtokens=* A * * *`:                             {"A asked"},
		`++authtokens=* A * * *`:                            nil,
		`AuthTokens=* A * * *`:                              nil,
		`authtokensgen=(sub="a") & (iss="A")`:               {"A asked"},
		`authtokensgen=(iss = "A")`:                         {"A asked"},
		`authtokensgen=((iss="A") | (iss="B")) & (a="b")`:   {"A asked", "B asked"},
		`authtokensgen=!(iss="X") & (aud="y")`:              {"X not", "* asked"},
		`!authtokensgen=!(iss="X")`:                         {"X asked"},
		`authtokensgen=!!(iss="X")`:                         {"X asked"},
		`authtokensgen=(iss~"https://.*")`:                  {"* asked"},
		`authtokensgen=(issuer="x")`:                        {"* asked"},
		`authtokensgen=(iss=X`:                              nil,
		`subject=* A * * *`:                                 nil,
		`authtokensgen=(sub="a") ^ (!(iss="https://a"))`:    {"https://a asked", "* asked"}, // "^" asks for both
		`!authtokensgen=(sub="a") ^ (iss="https://a")`:      {"https://a asked", "* asked"},
		`all=yes`:               {"* asked"},
		`!subject=/CN=x`:        {"* asked"},
		`-!subject=/CN=x`:       nil,
		`!authtokens=* * * * *`: {"* not"},
		"-!authtokens='carol' A * * *\n!authtokensgen=(Sub=\"a\")": {"A asked"}, // the guard lets nobody else past
	} {
		var got []string
		for _, n := range readText("[authgroup:a]\n" + line + "\n").Issuers() {
			got = append(got, fmt.Sprintf("%s %s", n.Text, map[bool]string{true: "asked", false: "not"}[n.Asked]))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}

// TestKeyword: ARC takes one sign and one exclamation mark from the front.
func TestKeyword(t *testing.T) {
	for name, want := range map[string]string{
		"subject": "subject", "-subject": "subject", "+!subject": "subject", "!subject": "subject",
		"++subject": "+subject", "!-subject": "-subject", "!!subject": "!subject", "": "", "-": "",
	} {
		if got := Keyword(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestPins: what an expression asks for whatever else is true.
func TestPins(t *testing.T) {
	for text, want := range map[string]bool{
		`iss="A"`:                             true,
		`(iss="A") & (sub="b")`:               true,
		`(iss="A") | (iss="B")`:               true,
		`(iss="A") | (sub="b")`:               false,
		`(iss="A") ^ (iss="B")`:               true,
		`(iss="A") ^ (sub="b")`:               false,
		`!(iss="A")`:                          false,
		`!(!(iss="A"))`:                       true,
		`!((sub="b") | !(iss="A"))`:           true,
		`!((sub="b") ^ (iss="A"))`:            false,
		`(sub="b") & ((iss="A") ^ (iss="B"))`: true,
	} {
		rules := Rules[*Expression](readText("[authgroup:a]\nauthtokensgen=" + text + "\n"))
		if got := rules[0].Test.Pins("iss"); got != want {
			t.Errorf("%s: pins iss %v, want %v", text, got, want)
		}
	}
}

// TestOpenHolder: a way that asks for nothing but issuer and audience leaves the
// holder open.
func TestOpenHolder(t *testing.T) {
	for text, want := range map[string]bool{
		`(iss="A") & ((sub="b") | (wlcg.groups="/c"))`:      false,
		`((scope="read") ^ (sub="b")) & (iss~"A.*")`:        false,
		`(iss="A") & ((sub="b") | (aud="c"))`:               true,
		`(iss="A") & !(sub="b")`:                            true,
		`(sub="b") | ((iss="A") & (client_id="c"))`:         false,
		`(sub="b") | ((iss="A") & !(client_id="c"))`:        true,
		`((sub="b") & (iss="A")) | ((aud="c") & (iss="A"))`: true,
	} {
		rules := Rules[*Expression](readText("[authgroup:a]\nauthtokensgen=" + text + "\n"))
		if open, ok := rules[0].Open(); !ok || open.Holder != want {
			t.Errorf("%s: leaves the holder open %v, want %v", text, open.Holder, want)
		}
	}
}

func TestContradicts(t *testing.T) {
	for text, want := range map[string]string{
		`(sub="a") & (sub="b")`:                              "sub in a list",
		`(iss="a") & (iss="b")`:                              "iss",
		`(sub="a") & !(sub="a")`:                             "sub",
		`(sub="a") & (sub="b") & (iss="a") & (iss="b")`:      "iss",
		`((iss="a") & (iss="b")) | ((sub="a") & (sub="b"))`:  "sub in a list",
		`((iss="a") & (iss="b")) | ((sub="a") & !(sub="a"))`: "sub",
		`(aud="a") & (aud="b")`:                              "",
		`(sub="a") & (sub~"b")`:                              "",
	} {
		rules := Rules[*Expression](readText("[authgroup:a]\nauthtokensgen=" + text + "\n"))
		claim, list, ok := rules[0].Test.Contradicts()
		got := ""
		if ok {
			got = claim.Text + map[bool]string{true: " in a list"}[list]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
