package access

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// one writes an arc.conf of the group dune, mapped and admitted.
func one(rules, mapping string) string {
	return "[common]\n[authgroup:dune]\n" + rules + "\n[mapping]\n" + mapping + "\n[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=dune\n"
}

// TestDepends: what a decision hangs on is named, and what changes nothing is
// not.
func TestDepends(t *testing.T) {
	person := Identity{Subject: subject}
	const nobody = "map_to_user=dune nobody"
	for _, tt := range []struct {
		name, rules, mapping string
		files                map[string]string
		outcome              string
		want                 []string // kind: otherwise, ...
	}{
		{"no question", "subject=" + subject, nobody, nil, "allow as nobody", nil},
		{"plugin decides", "plugin=10 /bin/lcas %D", nobody, nil, "deny", []string{"plugin: allow as nobody"}},
		{"not the plugin decides", "!plugin=10 /bin/lcas", nobody, nil, "allow as nobody", []string{"plugin: deny"}},
		{"plugin below a match", "subject=" + subject + "\nplugin=10 /bin/x", nobody, nil, "allow as nobody", nil},
		{"plugin above a match", "plugin=10 /bin/x\nsubject=" + subject, nobody, nil, "allow as nobody", nil},
		{"two plugins for one", "-plugin=10 /bin/ban\nplugin=10 /bin/in", nobody, nil, "deny", []string{"plugin: deny", "plugin: allow as nobody"}},
		{"plugin without a time limit", "plugin=/bin/true", nobody, nil, "deny", nil},
		{"plugin without a command", "plugin=5", nobody, nil, "deny", nil},
		{"plugin with a negative limit", "!plugin=-1 /bin/x", nobody, nil, "allow as nobody", nil},
		{"mapping without a time limit", "all=yes", "map_with_plugin=dune /bin/x nobody", nil, "deny", nil},
		{"LCMAPS", "all=yes", "map_with_plugin=dune 30 /bin/arc-lcmaps %D", nil, `allow as an account that the plugin "/bin/arc-lcmaps %D" names`, []string{"plugin: deny"}},
		{"pool", "all=yes", "map_to_pool=dune /etc/pool", map[string]string{"/etc/pool/pool": "nobody\nroot\n"}, "allow as an account that the pool /etc/pool names", []string{"pool: deny"}},
		{"accounts elsewhere", "all=yes", "map_to_user=dune far", map[string]string{"/etc/nsswitch.conf": "passwd: files sss\n"}, "allow as far", []string{"accounts: deny"}},
		{"list not in the copy", "file=/srv/list", nobody, nil, "deny", []string{"file: allow as nobody"}},
		{"map file not in the copy", "all=yes", "map_with_file=dune /srv/map", nil, "allow as an account that the file /srv/map names", []string{"file: deny"}},
		{"list missing", "file=/etc/list", nobody, nil, "deny", nil},
	} {
		d := Model(load(t, "7.2.0", one(tt.rules, tt.mapping), tt.files)).Evaluate(person, JobInfo)
		var got []string
		for _, dep := range d.Depends {
			got = append(got, string(dep.Kind)+": "+strings.Join(dep.Otherwise, ", "))
		}
		if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" || d.Outcome() != tt.outcome {
			t.Errorf("%s: %s, want %s; depends (-want +got):\n%s", tt.name, d.Outcome(), tt.outcome, diff)
		}
	}
}

// TestManyQuestions: the number of ways that are tried is bounded, and said.
func TestManyQuestions(t *testing.T) {
	var groups strings.Builder
	names := ""
	for i := range 12 {
		fmt.Fprintf(&groups, "[authgroup:g%d]\nplugin=10 /bin/g%d\n", i, i)
		names += fmt.Sprintf(" g%d", i)
	}
	d := Model(load(t, "7.2.0", groups.String()+one("authgroup="+names, "map_to_user=dune nobody"), nil)).
		Evaluate(Identity{Subject: subject}, JobInfo)
	if len(d.Depends) == 0 || d.Depends[len(d.Depends)-1].Kind != OnSize {
		t.Errorf("depends on %+v, want the last to say that not all was tried", d.Depends)
	}
}

// TestTokenSettled: what others found of the token counts.
func TestTokenSettled(t *testing.T) {
	p := Model(load(t, "7.2.0", one("authtokens=* I * * *", "map_to_user=dune nobody"), nil))
	refused := p.Evaluate(Identity{Claims: claims(t, nil), Refused: "the signature is bad"}, JobInfo)
	if refused.Outcome() != "deny" || refused.Status != 500 || len(refused.Depends) > 0 {
		t.Errorf("a refused token: %+v", refused)
	}
	open := p.Evaluate(Identity{Claims: claims(t, nil), Unsettled: "whether the keys can be fetched"}, JobInfo)
	if open.Outcome() != "allow as nobody" || len(open.Depends) != 1 || open.Depends[0].Kind != OnKeys {
		t.Errorf("a token whose keys nobody knows: %+v", open)
	}
}

func TestAccountState(t *testing.T) {
	for _, tt := range []struct {
		account string
		want    AccountState
	}{
		{"root", AccountRoot}, {"toor:root", AccountRoot}, {"nobody:nogroup", AccountNobody},
		{"grid", AccountExists}, {"nosuch", AccountMissing},
	} {
		passwd := "root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\ngrid:x:1000:1000::/:/bin/sh\n"
		d := Model(load(t, "7.2.0", one("all=yes", "map_to_user=dune "+tt.account), map[string]string{"/etc/passwd": passwd})).
			Evaluate(Identity{Subject: subject}, JobInfo)
		if d.AccountState != tt.want || d.Allowed == (tt.want == AccountMissing) {
			t.Errorf("%s: %s, allowed %v, want %s", tt.account, d.AccountState, d.Allowed, tt.want)
		}
	}
}

// TestDiffers: where the reference says something else than was measured, the
// trace tells.
func TestDiffers(t *testing.T) {
	const nobody = "map_to_user=dune nobody"
	token := Identity{Claims: claims(t, nil)}
	for _, tt := range []struct {
		name, release, conf string
		id                  Identity
		want                fact
	}{
		{"access list of 6.17", "6.17.0", "[authtokens]\n" + one("all=yes", nobody), token, factList6},
		{"nobody without a list", "7.2.0", strings.ReplaceAll(one("all=yes", nobody), "allowaccess=dune\n", ""), token, factNoList7},
		{"mapped to root", "7.2.0", one("all=yes", "map_to_user=dune root"), token, factRoot},
		{"account that is missing", "7.2.0", one("all=yes", "map_to_user=dune nosuch"), token, factNoUser},
		{"no account", "7.2.0", one("all=yes", "map_to_user=other nobody"), token, factNoMap},
		{"anonymous", "6.17.0", "[authtokens]\n" + one("all=yes", nobody), Identity{}, factAnonymous},
		{"token as subject", "7.2.0", one("subject="+issuer+"/dunepro", nobody), token, factTokenDN},
		{"pattern of 7.0.0", "7.0.0", one(`authtokensgen=sub~"dune.*"`, nobody), token, factPattern700},
		{"negation of 7.0.0", "7.0.0", one(`authtokensgen=!(sub="x")`, nobody), token, factNegation700},
		{"tokenscopes of 7.0.0", "7.0.0", one("all=yes", nobody) + "[arex]\ntokenscopes=wlcg\n", token, factScopes700},
	} {
		d := Model(load(t, tt.release, tt.conf, nil)).Evaluate(tt.id, JobInfo)
		found := false
		for _, s := range d.Trace {
			found = found || s.Source == tt.want.source && s.Differs == tt.want.differs
		}
		if !found {
			t.Errorf("%s: no step tells %q: %+v", tt.name, tt.want.differs, d.Trace)
		}
	}
}

func TestQueues(t *testing.T) {
	conf := one("subject="+subject, "map_to_user=dune nobody") + "[queue:open]\n[queue:mine]\nallowaccess=other dune\n[queue:closed]\nallowaccess=other\n[queue:denied]\ndenyaccess=dune\n"
	d := Model(load(t, "7.2.0", conf, nil)).Evaluate(Identity{Subject: subject}, JobCreate)
	if got, want := d.OpenQueues(), "open mine"; got != want || !d.Submits() {
		t.Errorf("open queues %q, want %q; submits %v", got, want, d.Submits())
	}
	for override, want := range map[string]bool{"": false, "allownew_override=other": false, "allownew_override=other dune": true} {
		conf := one("subject="+subject, "map_to_user=dune nobody") + "allownew=no\n" + override + "\n[queue:fork]\n"
		if d := Model(load(t, "7.2.0", conf, nil)).Evaluate(Identity{Subject: subject}, JobCreate); d.Submits() != want || !d.Allowed {
			t.Errorf("allownew=no with %q: submits %v, want %v", override, d.Submits(), want)
		}
	}
}

// TestNoJobTaken: who gets in gets no job where there is no queue (arc-behaviour J1), or
// where each session directory is set to drain, whatever allownew_override says.
func TestNoJobTaken(t *testing.T) {
	for lines, want := range map[string]string{
		"": "no block [queue:NAME]",
		"[queue:fork]\n[arex]\nsessiondir=/a drain\nsessiondir=/b drain\n": "set to drain",
		"allownew=no\nallownew_override=dune\n":                            "no block [queue:NAME]",
		"[queue:fork]\n[arex]\nsessiondir=/a drain\nsessiondir=/b\n":       "",
		"[queue:fork]\nallowaccess=other\n":                                "no queue is open",
		"[queue:fork]\ndenyaccess=dune\nallowaccess=dune\n":                "no queue is open",
	} {
		p := Model(load(t, "7.2.0", one("subject="+subject, "map_to_user=dune nobody")+lines, nil))
		d := p.Evaluate(Identity{Subject: subject}, JobCreate)
		if why := d.NotSubmits(); !d.Allowed || !strings.Contains(why, want) || (why == "") != (want == "") {
			t.Errorf("%q: allowed %v, no job for %q, want %q", lines, d.Allowed, why, want)
		}
		if d := p.Evaluate(Identity{Subject: subject}, JobInfo); !d.Allowed || d.Closed != "" {
			t.Errorf("%q: reading hangs on it: %+v", lines, d)
		}
	}
}

// TestAllowNewTwice: the last line counts (arc-behaviour C7).
func TestAllowNewTwice(t *testing.T) {
	for _, release := range []string{"6.17.0", "7.0.0", "7.2.0"} {
		for lines, want := range map[string]bool{"allownew=no\nallownew=yes\n": true, "allownew=yes\nallownew=no\n": false} {
			conf := one("subject="+subject, "map_to_user=dune nobody") + lines + "[queue:fork]\n"
			if d := Model(load(t, release, conf, nil)).Evaluate(Identity{Subject: subject}, JobCreate); d.Submits() != want || !d.Allowed {
				t.Errorf("%s, %q: submits %v, want %v", release, lines, d.Submits(), want)
			}
		}
	}
}

// TestServiceAccount: with [arex] user ARC takes the account of A-REX for whom [mapping]
// gives none. ARC 6 then lets in everybody (arc-behaviour B11, S5).
func TestServiceAccount(t *testing.T) {
	for _, tt := range []struct {
		release, user, subject, account string
		status                          int
	}{
		{"6.17.0", "user=nobody", subject, "nobody", 200},
		{"6.17.0", "user=nobody", "/CN=Stranger", "nobody", 200},
		{"6.17.0", "user=root", subject, "", 403},
		{"7.0.0", "user=nobody", subject, "nobody", 200},
		{"7.2.0", "user=nobody:nogroup", subject, "nobody", 200},
		{"7.2.0", "user=nobody", "/CN=Stranger", "nobody", 403},
		{"7.2.0", "user=root", subject, "", 500},
		{"7.2.0", "", subject, "", 500},
	} {
		conf := strings.Replace(one("subject="+subject, "map_to_user=other nobody"), "[arex]\n", "[arex]\n"+tt.user+"\n", 1)
		p := Model(load(t, tt.release, conf, nil))
		for how, d := range map[string]Decision{"": p.Evaluate(Identity{Subject: tt.subject}, JobInfo), "quick": p.Decide(Identity{Subject: tt.subject}, JobInfo)} {
			if d.Status != tt.status || d.Account != tt.account {
				t.Errorf("%s, %q, %s %s: %d as %q, want %d as %q", tt.release, tt.user, tt.subject, how, d.Status, d.Account, tt.status, tt.account)
			}
		}
	}
}

// TestInformation: ARC 7 tells everybody of the CE, whatever tokenscopes says
// (arc-behaviour B12).
func TestInformation(t *testing.T) {
	conf := strings.Replace(one("subject="+subject, "map_to_user=dune nobody"), "[arex]\n", "[arex]\ntokenscopes=info=compute.read\n", 1)
	for release, want := range map[string]bool{"6.17.0": false, "7.0.0": true, "7.2.0": true} {
		p := Model(load(t, release, conf, nil))
		for _, id := range []Identity{{}, {Subject: "/CN=Stranger"}, {Claims: claims(t, nil)}} {
			if d := p.Evaluate(id, Info); d.Allowed != want {
				t.Errorf("%s, %+v: allowed %v: %s", release, id, d.Allowed, d.Reason)
			}
		}
	}
}

// TestDirectoryAsList: a directory is an empty list, and what fails is a file that is not
// there (arc-behaviour A7).
func TestDirectoryAsList(t *testing.T) {
	const lists = "map_with_file=dune /etc/lists\nmap_to_user=dune nobody"
	for _, release := range []string{"6.17.0", "7.0.0", "7.2.0"} {
		for rules, want := range map[string]bool{
			"file=/etc/lists\nsubject=" + subject: true,
			"file=/etc/none\nsubject=" + subject:  false,
			"!file=/etc/lists":                    true,
			"!file=/etc/none":                     false,
			"file=/etc/lists":                     false,
		} {
			conf := one(rules, "policy_on_nomap=continue\n"+lists)
			p := Model(load(t, release, conf, map[string]string{"/etc/lists/a": ""}))
			for how, d := range map[string]Decision{"": p.Evaluate(Identity{Subject: subject}, JobInfo), "quick": p.Decide(Identity{Subject: subject}, JobInfo)} {
				if d.Allowed != want {
					t.Errorf("%s, %q, %s: allowed %v, want %v: %s", release, rules, how, d.Allowed, want, d.Reason)
				}
			}
		}
	}
}

// TestQueueDoubts: whether a queue takes the job of somebody hangs on a plugin that
// makes a member of a group which the list of the queue names.
func TestQueueDoubts(t *testing.T) {
	const plugin = "[authgroup:ban]\nplugin=10 lcas %D\n"
	queues := "[queue:free]\n[queue:barred]\ndenyaccess=ban\nallowaccess=dune\n[queue:kept]\nallowaccess=ban\n"
	for _, tt := range []struct {
		name, conf  string
		open, hangs []string
		submit      string
	}{
		{"queues", plugin + one("subject="+subject, "map_to_user=dune nobody") + queues, []string{"free", "barred"}, []string{"barred", "kept"}, ""},
		{"known", one("subject="+subject, "map_to_user=dune nobody") + queues, []string{"free", "barred"}, nil, ""},
		{"one queue", plugin + one("subject="+subject, "map_to_user=dune nobody") + "[queue:kept]\nallowaccess=ban\n", nil, []string{"kept"}, `whether the plugin "lcas %D" says yes`},
		{"no new jobs", plugin + one("subject="+subject, "map_to_user=dune nobody") + "allownew=no\nallownew_override=ban\n[queue:free]\n", nil, nil, `whether the plugin "lcas %D" says yes`},
		{"gets in by it", one("plugin=10 lcas %D", "map_to_user=dune nobody") + "[queue:free]\n", nil, []string{"free"}, ""},
	} {
		d := Model(load(t, "7.2.0", tt.conf, nil)).Decide(Identity{Subject: subject}, JobCreate)
		if diff := cmp.Diff(tt.open, d.Queues.Open(9), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: open (-want +got):\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.hangs, d.Queues.Hanging(9), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: unknown (-want +got):\n%s", tt.name, diff)
		}
		if d.SubmitHangs != tt.submit {
			t.Errorf("%s: new jobs hang on %q, want %q", tt.name, d.SubmitHangs, tt.submit)
		}
	}
}
