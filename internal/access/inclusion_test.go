package access

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"arclint/internal/authgroup"
)

// lines are rules of which groups are drawn.
var lines = []string{
	"authtokens=* I * * *", "authtokens=alice I * * *", "authtokens=* * * * *", "authtokens=alice I * *",
	"authtokens=* I https://ce.example.org * *", `authtokensgen=(iss="I") & (sub="alice")`,
	"subject=" + subject, "subject=/CN=Other", "voms=dune * * *", "voms=dune * pilot *", "voms=dune * *",
	"all=yes", "all=no", "all=maybe", "authgroup=g0", "authgroup=g1 g2", "authgroup=g3", "authgroup=nobody", "plugin=1 /bin/x",
	"file=/etc/none", "name=g1",
}

func drawGroups(r *rand.Rand) string {
	var b strings.Builder
	for n := range 5 {
		fmt.Fprintf(&b, "[authgroup:g%d]\n", n)
		for range 1 + r.IntN(3) {
			sign := []string{"", "", "", "", "", "-", "!", "+"}[r.IntN(8)]
			line := lines[r.IntN(len(lines))]
			if strings.HasPrefix(line, "name=") && r.IntN(4) > 0 {
				continue
			}
			b.WriteString(sign + strings.ReplaceAll(line, " I ", " "+issuer+" ") + "\n")
		}
	}
	return strings.ReplaceAll(b.String(), `"I"`, `"`+issuer+`"`)
}

// people are identities of every kind.
func people(t *testing.T) []Identity {
	t.Helper()
	return []Identity{
		{}, {Subject: subject}, {Subject: "/CN=Other"}, {Subject: subject, FQANs: []string{"/dune/Role=pilot"}},
		{Claims: claims(t, map[string]any{"sub": "alice"})}, {Claims: claims(t, map[string]any{"sub": "bob"})},
		{Claims: claims(t, map[string]any{"iss": "https://other.example.org"})}, {Subject: subject, Claims: claims(t, nil)},
	}
}

const usedGroups = "[mapping]\nmap_to_user=g0 nobody\n[arex/ws/jobs]\nallowaccess=g0\n"

// TestInside: whoever is in a group that stands inside others is in one of them.
func TestInside(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	inside := 0
	for range 3000 {
		conf := drawGroups(r)
		p := Model(load(t, "7.2.0", conf+usedGroups, nil))
		g := p.Groups[r.IntN(len(p.Groups))]
		others := []*authgroup.Group{p.Groups[r.IntN(len(p.Groups))], p.Groups[r.IntN(len(p.Groups))]}
		if slices.Contains(others, g) || !p.Inside(g, others...) {
			continue
		}
		inside++
		for _, id := range people(t) {
			in := p.Evaluate(id, JobInfo).Groups
			if slices.Contains(in, g.Name) && !slices.Contains(in, others[0].Name) && !slices.Contains(in, others[1].Name) {
				t.Fatalf("%+v is in %s and not in %s or %s:\n%s", id, g.Name, others[0].Name, others[1].Name, conf)
			}
		}
	}
	if inside < 100 {
		t.Errorf("%d groups inside others were drawn, want more", inside)
	}
}

// TestShadows: whoever matches a rule matches one that shadows it.
func TestShadows(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	draw := func() string { return strings.ReplaceAll(lines[r.IntN(len(lines)-1)], "I", issuer) }
	shadows := 0
	for range 6000 {
		above, below := draw(), draw()
		conf := drawGroups(r) + "[authgroup:above]\n" + above + "\n[authgroup:below]\n" + below + "\n"
		p := Model(load(t, "7.2.0", conf+usedGroups, nil))
		if above == below || !p.Shadows(p.Group("above").Rules[0], p.Group("below").Rules[0]) {
			continue
		}
		shadows++
		for _, id := range people(t) {
			in := p.Evaluate(id, JobInfo).Groups
			if slices.Contains(in, "below") && !slices.Contains(in, "above") {
				t.Fatalf("%+v matches %q and not %q:\n%s", id, below, above, conf)
			}
		}
	}
	if shadows < 100 {
		t.Errorf("%d rules that others shadow were drawn, want more", shadows)
	}
}
