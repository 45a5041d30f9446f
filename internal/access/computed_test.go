package access

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/policies"
)

// TestComputedValues: of values that arc.conf itself tells, the answer is that of the
// plain policy. Of values that a command tells it may be another one only where the
// decision says on what it hangs, and what may come of it.
func TestComputedValues(t *testing.T) {
	known, hanging := 0, 0
	for _, release := range []string{"6.17.0", "7.0.0", "7.2.0"} {
		r := rand.New(rand.NewPCG(5, uint64(len(release)+int(release[2]))))
		for range 300 {
			plain := policies.Draw(r, release)
			computed := policies.Compute(r, plain)
			was, is := policyOf(t, plain), policyOf(t, computed)
			if is.Unknown() != "" {
				continue // the name of a group is computed
			}
			for _, id := range visitors(t, r, plain) {
				before, after := was.Evaluate(id, JobCreate), is.Evaluate(id, JobCreate)
				if len(before.Depends) > 0 {
					continue
				}
				if len(after.Depends) == 0 {
					known++
				} else {
					hanging++
				}
				if !allowsFor(after, before) {
					t.Fatalf("%+v: %s (%s), and computed %s (%s)\n%s\n%s", id, before.Outcome(), before.Reason, after.Outcome(), after.Reason, computed.Text(), computed.AddedText())
				}
			}
		}
	}
	if known < 1000 || hanging < 300 {
		t.Errorf("%d answers were known and %d hung on a command: too few to tell anything", known, hanging)
	}
}

// TestIssuerAndSubject: of a claim that is called iss+sub ARC computes the value.
func TestIssuerAndSubject(t *testing.T) {
	p := Model(load(t, "7.2.0", one(`authtokensgen=(iss+sub="https://issuer.example.org/dune/jane")`, "map_to_user=dune nobody"), nil))
	for claims, want := range map[string]bool{
		`{"iss":"https://issuer.example.org/dune","sub":"jane","iss+sub":"x"}`:                                   true,
		`{"iss":"https://issuer.example.org/dune","sub":"jane"}`:                                                 false,
		`{"iss":"https://issuer.example.org/dune","sub":"joe","iss+sub":"https://issuer.example.org/dune/jane"}`: false,
	} {
		c, err := ParseClaims([]byte(claims))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []Decision{p.Evaluate(Identity{Claims: c}, JobInfo), p.Decide(Identity{Claims: c}, JobInfo)} {
			if d.Allowed != want {
				t.Errorf("%s: allowed %v, want %v", claims, d.Allowed, want)
			}
		}
	}
}

func policyOf(t *testing.T, p policies.Policy) *Policy {
	t.Helper()
	files := policies.Files()
	if text := p.AddedText(); text != "" {
		files["/etc/arc.conf.d/added.conf"] = text
	}
	files["/etc/passwd"] = policies.Passwd()
	return Model(load(t, p.Release, p.Text(), files))
}

// allowsFor says whether the answer is the other one, or says that it may be.
func allowsFor(a, b Decision) bool {
	may := []string{a.Outcome()}
	for _, on := range a.Depends {
		may = append(may, on.Otherwise...)
		if on.Kind == OnSize {
			return true
		}
	}
	if !slices.ContainsFunc(may, func(o string) bool { return sameOutcome(o, b.Outcome()) }) {
		return false
	}
	return a.SubmitHangs != "" || !a.Allowed || !b.Allowed || a.Submits() == b.Submits() || len(a.Depends) > 0
}

// sameOutcome takes an account that a command names for any.
func sameOutcome(may, is string) bool {
	return may == is || strings.HasPrefix(is, AllowAs) && strings.HasPrefix(may, AllowAs+"an account that the line ")
}
