package catalog_test

import (
	"path/filepath"
	"strings"
	"testing"

	"arclint/fixtures"
	arcaccess "arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
)

// TestRequestsGetIn: a request that a finding shows gets in as it stands, with
// the account of which the finding speaks.
func TestRequestsGetIn(t *testing.T) {
	shown := map[string]int{}
	for _, rule := range catalog.All() {
		c, err := fixtures.LoadRule(filepath.Join(fixtureDir, rule.ID+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range c.Variants {
			s := load(t, v.Site)
			for _, f := range run(t, rule, s) {
				for _, name := range []string{"request", "other_request"} {
					if text := f.Args[name]; text != "" {
						shown[rule.ID]++
						askAs(t, s, f, text)
					}
				}
			}
		}
	}
	for _, id := range []string{"authz/mapping-order", "authz/shared-account", "authz/unrestricted-issuer"} {
		if shown[id] == 0 {
			t.Errorf("%s shows no request", id)
		}
	}
}

func askAs(t *testing.T, s *site.Site, f lint.Finding, request string) {
	t.Helper()
	var p admission.Person
	if claims, ok := strings.CutPrefix(request, "token "); ok {
		c, err := arcaccess.ParseClaims([]byte(claims))
		if err != nil {
			t.Fatal(err)
		}
		p.Claims = c
	} else {
		subject, fqan, _ := strings.Cut(strings.TrimPrefix(request, "certificate "), ", attribute ")
		p.Subject, p.FQANs = subject, strings.Fields(fqan)
	}
	answer := admission.Ask(s, p, arcaccess.JobCreate)
	account, _, _ := strings.Cut(answer.Account, ":")
	want, _, _ := strings.Cut(f.Args["account"], ":")
	if !answer.Allowed || want != "" && account != want {
		t.Errorf("%s: %s: %s gets %q (%s)", f.Rule, f.Message(), request, answer.Account, answer.Reason)
	}
}
