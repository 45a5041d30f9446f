package admission

import (
	"slices"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/internal/access"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

// TestCompare: who is shut out, let in or given another account by a change of
// the rules, and nobody by one that means the same.
func TestCompare(t *testing.T) {
	const rule = "authtokens=* " + issuer + " * * *"
	for _, tt := range []struct {
		name, before, after string
		want                []string // before, after
	}{
		{"nothing", rule, rule, nil},
		{"the same in quotes", rule, `authtokens=* "` + issuer + `" * * *`, nil},
		{"narrower", rule, "authtokens=* " + issuer + " ce * *", []string{"allow as dune; deny"}},
		{"wider", "authtokens=jane " + issuer + " * * *", rule, []string{"deny; allow as dune"}},
		{"another subject", "subject=/CN=a", "subject=/CN=b", []string{"allow as dune; deny", "deny; allow as dune"}},
		{"an exclusion", rule, "-authtokens=jane " + issuer + " * * *\n" + rule, []string{"allow as dune; deny"}},
		{"two rules at once", "voms=vo.example.org * * *\nsubject=/CN=a", "-subject=/CN=a\nvoms=vo.example.org * * *", []string{"allow as dune; deny"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Compare(conf(t, "7.2.0", tt.before), conf(t, "7.2.0", tt.after))
			var got []string
			for _, change := range c.Changes {
				if text := change.Before + "; " + change.After; !slices.Contains(got, text) {
					got = append(got, text)
				}
				if change.ShutOut() == change.LetIn() {
					t.Errorf("%+v: neither shut out nor let in", change)
				}
			}
			if !slices.Equal(got, tt.want) || c.Asked == 0 || c.Same() != (tt.want == nil) {
				t.Errorf("%v of %d clients, want %v", got, c.Asked, tt.want)
			}
		})
	}
}

// TestCompareStopped: where the service does not start there is nobody to ask.
func TestCompareStopped(t *testing.T) {
	sound := conf(t, "6.17.0", "all=yes")
	stopped := conf(t, "6.17.0", "nosuchrule=1")
	if c := Compare(stopped, sound); !strings.Contains(c.Unknown, "before") || c.Same() {
		t.Errorf("%+v, want it unknown", c)
	}
	if c := Compare(sound, stopped); !strings.Contains(c.Unknown, "afterwards") {
		t.Errorf("%+v, want it unknown", c)
	}
}

// TestCompareMore: clients whom no rule names are asked as well.
func TestCompareMore(t *testing.T) {
	before, after := conf(t, "7.2.0", "!subject=/CN=a"), conf(t, "7.2.0", "!file=/nosuch")
	c := Compare(before, after, Person{Subject: "/CN=b"})
	last := c.Changes[len(c.Changes)-1]
	if last.Who != "client 1" || last.Operation != access.JobCreate {
		t.Errorf("%+v, want the client that was given", last)
	}
}

// TestCompareMeeting: a line that is changed is asked about together with the
// other rules, whatever their signs: the client of no single way in tells of it.
func TestCompareMeeting(t *testing.T) {
	at := func(groups, mapping, list string) string {
		return "[common]\nhostname=ce.example.org\n" + groups + "[mapping]\n" + mapping + "[arex]\n[arex/ws]\n[arex/ws/jobs]\n" + list
	}
	const (
		negated = "[authgroup:ops]\n!authtokens=bob * * * *\n"
		local   = "[authgroup:local]\nauthtokens=* " + issuer + " * * *\n"
		jane    = "[authgroup:jane]\nsubject=/CN=Jane\n"
		toOps   = "map_to_user=ops nosuchuser\nmap_to_user=local dune\n"
	)
	for _, tt := range []struct{ name, before, after, want string }{
		{"an access list", at(negated+local, toOps, "allowaccess=local,x\n"), at(negated+local, toOps, "allowaccess=local x\n"), "deny; allow as dune"},
		{"a header", at("[authgroup:ban\nall=yes\n"+negated+local, "map_to_user=local dune\n", "denyaccess=ban\nallowaccess=local\n"),
			at("[authgroup:ban]\nall=yes\n"+negated+local, "map_to_user=local dune\n", "denyaccess=ban\nallowaccess=local\n"), "allow as dune; deny"},
		{"a group in a group", at(jane+"[authgroup:g\nauthgroup=jane\n[authgroup:all]\nall=yes\n", "map_to_user=all dune\n", "denyaccess=g\nallowaccess=all\n"),
			at(jane+"[authgroup:g]\nauthgroup=jane\n[authgroup:all]\nall=yes\n", "map_to_user=all dune\n", "denyaccess=g\nallowaccess=all\n"), "allow as dune; deny"},
		{"a certificate and a token", at("[authgroup:jane\nsubject=/CN=Jane\n"+local, "map_to_user=jane dune\n", "allowaccess=local\n"),
			at(jane+local, "map_to_user=jane dune\n", "allowaccess=local\n"), "deny; allow as dune"},
		{"one way of two", at("[authgroup:g]\nauthtokensgen=(aud~\".+\") | (Sub=\"jane\")\n", "map_to_user=g dune\n", "allowaccess=g\n"),
			at("[authgroup:g]\nauthtokensgen=(aud~\".+\") | (sub=\"jane\")\n", "map_to_user=g dune\n", "allowaccess=g\n"), "deny; allow as dune"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Compare(withConf(t, "7.2.0", tt.before), withConf(t, "7.2.0", tt.after))
			if !slices.ContainsFunc(c.Changes, func(c Change) bool { return c.Before+"; "+c.After == tt.want }) {
				t.Errorf("%+v of %d clients, want %s", c.Changes, c.Asked, tt.want)
			}
		})
	}
}

// TestCompareListed: the subjects of lists are asked about, each for itself and
// together with the rule that changes.
func TestCompareListed(t *testing.T) {
	const conf = "[common]\nhostname=ce.example.org\n[authgroup:ban%s\nauthtokens=* " + issuer + " * * *\n[authgroup:others]\n!subject=/CN=nobody\n" +
		"[mapping]\nmap_with_file=others /etc/accounts\n[arex]\n[arex/ws]\n[arex/ws/jobs]\ndenyaccess=ban\nallowaccess=others\n"
	at := func(end string) *site.Site {
		f, err := fixtures.Base("7.2.0")
		if err != nil {
			t.Fatal(err)
		}
		over := rootfs.Overlay(f.Tree)
		for path, text := range map[string]string{
			"/etc/arc.conf": queued(strings.Replace(conf, "%s", end, 1)), "/etc/accounts": "\"/CN=Other\" dune\n\"" + issuer + "/jane\" dune\n",
		} {
			if err := over.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		f.Tree = over
		return siteOf(t, f)
	}
	c := Compare(at(""), at("]"))
	if !slices.ContainsFunc(c.Changes, func(c Change) bool { return c.Issuer == issuer && c.ShutOut() }) {
		t.Errorf("%+v of %d clients, want the token of the list shut out", c.Changes, c.Asked)
	}
}

// TestCompareStore: x509_cert_policy makes the CAs of the host's own store count.
// A copy that does not hold the store cannot tell which these are.
func TestCompareStore(t *testing.T) {
	at := func(policy string) *site.Site {
		f, err := fixtures.Base("7.2.0")
		if err != nil {
			t.Fatal(err)
		}
		over := rootfs.Overlay(f.Tree)
		for _, store := range []string{"/etc/ssl", "/usr/lib/ssl"} { // the copy leaves them out
			if err := over.Remove(store); err != nil {
				t.Fatal(err)
			}
		}
		text := "[common]\nhostname=ce.example.org\nx509_cert_policy=" + policy + "\n[authgroup:a]\nall=yes\n[mapping]\nmap_to_user=a dune\n[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n"
		if err := over.WriteFile("/etc/arc.conf", []byte(queued(text)), 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := site.Load(over, site.Options{Root: "/copy", ARCVersion: "7.2.0", OSFamily: site.Debian, Now: f.Now})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	grid, system := at("grid"), at("any")
	if !system.System.Missing() {
		t.Fatal("the copy has a store")
	}
	if c := Compare(grid, system); !strings.HasPrefix(c.Store, "afterwards") || c.Same() {
		t.Errorf("%q, want it unknown who is let in", c.Store)
	}
	if c := Compare(system, grid); !strings.HasPrefix(c.Store, "before") {
		t.Errorf("%q, want it unknown who is shut out", c.Store)
	}
	if c := Compare(grid, grid); c.Store != "" || !c.Same() {
		t.Errorf("%+v, want nothing said of the store", c)
	}
}

// TestCompareUnknownVO: where only one of the sites knows whether the attributes of a VO
// count, the answer of the other is not known. Where neither does, they are taken to
// count at both.
func TestCompareUnknownVO(t *testing.T) {
	const server, known, absent = "/DC=org/DC=example/CN=voms.example.org\n", "/DC=org/DC=example/CN=Example Grid CA\n", "/DC=org/DC=example/CN=Gone CA\n"
	at := func(lsc, rules string) *site.Site {
		f, err := fixtures.Base("7.2.0")
		if err != nil {
			t.Fatal(err)
		}
		over := rootfs.Overlay(f.Tree)
		const end = "\n[mapping]\nmap_to_user=a dune\n[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n"
		for path, text := range map[string]string{
			"/etc/arc.conf": "[common]\nhostname=ce.example.org\n[authgroup:a]\n" + queued(rules+end),
			"/etc/grid-security/vomsdir/vo.example.org/voms.example.org.lsc": lsc,
		} {
			if err := over.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		f.Tree = over
		return siteOf(t, f)
	}
	const members, jane = "voms=vo.example.org * * *", "subject=/CN=Jane"
	for _, tt := range []struct {
		name          string
		before, after *site.Site
		want          string // of the members of the VO
		shut, in      bool
	}{
		{"no server, then one of an absent CA", at("a server\na CA\n", members), at(server+absent, members), "deny; unknown", false, false},
		{"the CA goes", at(server+known, members), at(server+absent, members), "allow as dune; unknown", true, false},
		{"the CA comes", at(server+absent, members), at(server+known, members), "unknown; allow as dune", false, true},
		{"absent at both", at(server+absent, members), at(server+absent, members), "", false, false},
		{"absent at both, and the rule goes", at(server+absent, members), at(server+absent, jane), "allow as dune; deny", true, false},
		{"who is named gets in without", at("a server\na CA\n", "all=yes\n"+members), at(server+absent, "all=yes\n"+members), "", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got Change
			for _, c := range Compare(tt.before, tt.after).Changes {
				if len(c.Proof.FQANs) > 0 {
					got = c
				}
			}
			said := strings.TrimPrefix(got.Before+"; "+got.After, "; ")
			if said != tt.want || got.ShutOut() != tt.shut || got.LetIn() != tt.in || (got.NotKnown != "") != strings.Contains(tt.want, notKnown) {
				t.Errorf("%+v, want %s", got, tt.want)
			}
		})
	}
}
