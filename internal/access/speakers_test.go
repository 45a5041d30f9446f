package access

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/policies"
	"arclint/internal/authgroup"
)

// TestFewRules: who asks only the rules that concern an identity, and looks lists
// and [mapping] up, gets the answers of who goes through every line. The policies
// and the visitors are those that the lab shows to real CEs.
func TestFewRules(t *testing.T) {
	allowed, asked := 0, 0
	for _, release := range []string{"6.17.0", "7.0.0", "7.2.0"} {
		r := rand.New(rand.NewPCG(3, uint64(len(release)+int(release[2]))))
		for range 400 {
			drawn := policies.Draw(r, release)
			if r.IntN(3) == 0 {
				drawn = policies.Compute(r, drawn)
			}
			files := policies.Files()
			if len(drawn.Added) > 0 {
				files["/etc/arc.conf.d/added.conf"] = drawn.AddedText()
			}
			conf := drawn.Text()
			if r.IntN(2) == 0 {
				conf = strings.Replace(conf, "[mapping]", drawGroups(r)+"[mapping]", 1)
			}
			files["/etc/passwd"] = policies.Passwd()
			p := Model(load(t, release, conf, files))
			for _, id := range visitors(t, r, drawn) {
				d, n := comparePlain(t, p, id, r)
				asked += n
				if d.Allowed {
					allowed++
				}
			}
			if t.Failed() {
				t.Fatalf("ARC %s:\n%s", release, conf)
			}
		}
	}
	if allowed < 1000 || asked < 1000 {
		t.Errorf("%d identities got in and %d questions came up: too few to tell anything", allowed, asked)
	}
}

// visitors are some that the policy may let in, some with attributes.
func visitors(t *testing.T, r *rand.Rand, drawn policies.Policy) []Identity {
	t.Helper()
	all := []Identity{{}}
	for range 6 {
		v := policies.DrawVisitor(r, drawn, now)
		id := Identity{Subject: v.Subject}
		if len(v.Claims) > 0 {
			c, err := ParseClaims([]byte(v.JSON()))
			if err != nil {
				t.Fatal(err)
			}
			id.Claims = c
		}
		if id.Subject != "" && r.IntN(2) == 0 {
			id.FQANs = [][]string{{"/dune"}, {"/dune/Role=pilot", "/atlas/Role=production/Capability=NULL"}, {"/dune/pro/Role=pilot"}, {"/"}}[r.IntN(4)]
		}
		all = append(all, id)
	}
	return append(all, Identity{Subject: policies.Subjects()[0], FQANs: []string{"/dune/Role=NULL"}})
}

// comparePlain asks in both ways, with the usual answers to what nobody can know
// and with others.
func comparePlain(t *testing.T, p *Policy, id Identity, r *rand.Rand) (Decision, int) {
	t.Helper()
	var first Decision
	questions := 0
	for round := range 4 {
		var told []bool
		for range round * 2 {
			told = append(told, r.IntN(2) == 0)
		}
		plain, all := p.evaluate(id, JobCreate, told, whole)
		few, askedToo := p.evaluate(id, JobCreate, told, reasons)
		if round == 0 {
			first, questions = plain, len(all.asked)
		}
		if diff := cmp.Diff(withoutTrace(plain), withoutTrace(few), sameSpan, sameQueues); diff != "" {
			t.Errorf("%+v, told %v: -all rules +few:\n%s", id, told, diff)
		}
		if diff := cmp.Diff(all.asked, askedToo.asked, sameSpan, cmp.AllowUnexported(question{})); diff != "" {
			t.Errorf("%+v, told %v: questions of -all rules +few:\n%s", id, told, diff)
		}
		compareTables(t, p, id, plain, told)
	}
	return first, questions
}

// admits is Admits line by line.
func admits(l *authgroup.List, groups ...string) (bool, *authgroup.Entry) {
	for i, e := range l.Entries {
		if slices.Contains(groups, e.Group.Text) {
			return e.Allow, &l.Entries[i]
		}
	}
	return false, nil
}

// compareTables goes through [mapping], the access list and the lists of queues
// line by line.
func compareTables(t *testing.T, p *Policy, id Identity, d Decision, told []bool) {
	t.Helper()
	if l := p.List(authgroup.JobsBlock); l != nil {
		want, entry := admits(l, d.Groups...)
		if listed := entry != nil && want; listed != d.Listed && d.Groups != nil {
			t.Errorf("the list admits a group of %v: %v, want %v", d.Groups, d.Listed, listed)
		}
		i := p.tables.firsts()[l].of(d.Groups)
		if (i < 0) != (entry == nil) || entry != nil && (l.Entries[i].Allow != want || &l.Entries[i] != entry) {
			t.Errorf("entry %d of the list for %v, want %+v", i, d.Groups, entry)
		}
	}
	for q := range p.Queues(d.Groups).All() {
		l := p.List("queue:" + q.Name)
		want, entry := true, (*authgroup.Entry)(nil)
		if l != nil {
			want, entry = admits(l, d.Groups...)
		}
		if q.Open != want || entry != nil && q.At != entry.Group.Span {
			t.Errorf("queue %+v for %v, want open %v", q, d.Groups, want)
		}
	}
	if p.Mapping != nil {
		compareMapping(t, p, id, d, told)
	}
}

func compareMapping(t *testing.T, p *Policy, id Identity, d Decision, told []bool) {
	t.Helper()
	start := func(of detail) *query {
		q := p.newQuery(id, told, of)
		q.identify()
		q.assignGroups()
		return q
	}
	plain, few := start(whole), start(reasons)
	s := &stack{mapPolicy: mapPolicy{onNoMap: true, onMap: true}}
	want, wantFailed := "", ""
	for _, m := range slices.Repeat(p.Mapping.Rules, p.Mapping.Passes) {
		if wantFailed = plain.applyMapRule(s, m, slices.Contains(plain.groups(), m.Group.Text)); wantFailed != "" {
			break
		}
		if s.done {
			want = s.account + s.from
			break
		}
	}
	failed := few.assignAccount()
	if got := few.decision.Account + few.decision.AccountFrom; got != want || failed != wantFailed {
		t.Errorf("account %q, failed %q; line by line %q, %q", got, failed, want, wantFailed)
	}
}

// TestManyRules: the same of large policies, in which few rules concern anybody.
func TestManyRules(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var b strings.Builder
	for g := range 60 {
		fmt.Fprintf(&b, "[authgroup:m%d]\n", g)
		for range r.IntN(8) {
			n := r.IntN(12)
			sign := []string{"", "", "", "", "", "-", "!", "-!"}[r.IntN(8)]
			fmt.Fprintf(&b, "%s%s\n", sign, []string{
				fmt.Sprintf("subject=/CN=%d", n), fmt.Sprintf("authtokens=%d I * * *", n), fmt.Sprintf("authtokens=* * * * /g%d", n),
				fmt.Sprintf("voms=vo%d * * *", n), fmt.Sprintf("voms=* * r%d *", n), fmt.Sprintf("voms=* /vo%d/x * *", n),
				fmt.Sprintf("authgroup=m%d m%d", r.IntN(60), r.IntN(60)), fmt.Sprintf("name=m%d", r.IntN(60)),
				fmt.Sprintf(`authtokensgen=((sub="%d") | (sub="%d")) & (iss="I")`, n, n+1), fmt.Sprintf(`authtokensgen=!(sub="%d")`, n),
				fmt.Sprintf(`authtokensgen=((sub="%d") ^ (aud~"x.*")) | (wlcg.groups="/g%d")`, n, n), "all=no",
			}[r.IntN(12)])
		}
	}
	conf := b.String() + "[mapping]\n"
	for range 80 {
		conf += []string{"map_to_user=m%d nobody\n", "map_to_user=m%d root\n", "policy_on_map=continue\n#%d\n", "policy_on_map=stop\n#%d\n"}[r.IntN(4)]
		conf = strings.Replace(conf, "%d", fmt.Sprint(r.IntN(60)), 1)
	}
	conf += "[arex/ws/jobs]\n"
	for range 80 {
		conf += fmt.Sprintf("%saccess=m%d n%d\n", []string{"allow", "allow", "deny"}[r.IntN(3)], r.IntN(60), r.IntN(60))
	}
	p := Model(load(t, "7.2.0", conf, nil))
	members := 0
	for n := range 12 {
		for _, id := range []Identity{
			{Subject: fmt.Sprintf("/CN=%d", n)}, {Subject: "/CN=x", FQANs: []string{fmt.Sprintf("/vo%d/Role=r%d", n, 11-n)}},
			{Subject: "/CN=x", FQANs: []string{"/vo1", fmt.Sprintf("/vo%d/x", n)}},
			{Claims: claims(t, map[string]any{"sub": fmt.Sprint(n)})}, {Claims: claims(t, map[string]any{"wlcg.groups": []string{fmt.Sprintf("/g%d", n)}})},
			{Claims: claims(t, map[string]any{"SUB": fmt.Sprint(n), "sub": nil, "aud": "xy"})},
		} {
			d, _ := comparePlain(t, p, id, r)
			members += len(d.Groups)
		}
	}
	if members < 100 {
		t.Errorf("members of %d groups in all: too few to tell anything\n%s", members, conf)
	}
}
