package recipes_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
	"arclint/recipes"
)

// editPlan is of two findings with edits, and of a third that clashes.
func editPlan(t testing.TB, w world) testCase {
	t.Helper()
	files := w.tree().with(tree{"/etc/arc.conf": withLine("x509_voms_dir=\"/etc/grid-security/vomsdir\"\n  # indented")})
	s := w.load(t, files.mem(t), "7.2.0")
	f := s.Conf.Main
	quoted := f.Line(3)
	plan := makeOn(t, "edit-arc-conf", s, recipes.Params{Findings: []lint.Finding{
		{Rule: "conf/quoted-value", Path: f.Path, Edits: []source.Edit{{Span: quoted, New: "x509_voms_dir=/etc/grid-security/vomsdir"}}},
		{Rule: "conf/indented-comment", Path: f.Path, Edits: []source.Edit{{Span: f.Line(4), New: "# indented"}}},
		{Rule: "conf/other", Path: f.Path, Headline: "wants something else", Edits: []source.Edit{{Span: quoted, New: "# gone"}}},
	}})
	return testCase{files, s, plan}
}

func makeOn(t testing.TB, id string, s *site.Site, p recipes.Params) recipes.Plan {
	t.Helper()
	r, ok := recipes.Find(id)
	if !ok {
		t.Fatalf("recipe %s does not exist", id)
	}
	plan, err := r.Make(s, p)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// TestRefusals: a plan that would break the site or cannot keep its promise is
// not made, and the error says what to do.
func TestRefusals(t *testing.T) {
	w := newWorld()
	grid := "/etc/grid-security/certificates/"
	issuer := recipes.Params{Issuer: issuerURL}
	distributed := tree{grid + "Public.pem": string(w.public.PEM()), grid + w.public.Hash() + ".0": "-> Public.pem", grid + "Public.info": "alias = Public\n"}
	publicHost := tree{"/etc/grid-security/hostcert.pem": string(w.token.PEM()) + string(w.inter.PEM())}
	for name, c := range map[string]struct {
		recipe, release string
		files           tree
		params          recipes.Params
		says            string
	}{
		"pin on 6.17":            {"pin-issuer", "6.17.0", nil, issuer, "works on ARC 7.0.0, 7.2.0"},
		"pin by strategy, 6.17":  {"trust-issuer", "6.17.0", nil, recipes.Params{Issuer: issuerURL, Strategy: "pin-issuer"}, "works on ARC 7.0.0, 7.2.0"},
		"unknown strategy":       {"trust-issuer", "7.2.0", nil, recipes.Params{Issuer: issuerURL, Strategy: "hope"}, "want pin-issuer, split-trust or anchor-with-policy"},
		"no issuer":              {"trust-issuer", "7.2.0", nil, recipes.Params{}, "no issuer is given"},
		"two issuers":            {"trust-issuer", "7.2.0", nil, recipes.Params{Findings: []lint.Finding{{Args: map[string]string{"issuer": "https://a.example.org"}}, {Args: map[string]string{"issuer": "https://b.example.org"}}}}, "choose one"},
		"http issuer":            {"pin-issuer", "7.2.0", nil, recipes.Params{Issuer: "http://token.example.org"}, "no https URL"},
		"issuer with a query":    {"pin-issuer", "7.2.0", nil, recipes.Params{Issuer: "https://token.example.org/?a"}, "more than host and path"},
		"no URL":                 {"pin-issuer", "7.2.0", nil, recipes.Params{Issuer: "https://a\nb"}, "no URL"},
		"controldir twice":       {"pin-issuer", "7.2.0", tree{"/etc/arc.conf": arcConf + "[arex]\ncontroldir=/a\ncontroldir=/b\n"}, issuer, "keep one"},
		"controldir relative":    {"pin-issuer", "7.2.0", tree{"/etc/arc.conf": arcConf + "[arex]\ncontroldir=-rf\n"}, issuer, "not absolute"},
		"controldir computed":    {"pin-issuer", "7.2.0", tree{"/etc/arc.conf": arcConf + "[arex]\ncontroldir=$EXEC{pwd}\n"}, issuer, "computed"},
		"unknown CA":             {"split-trust", "7.2.0", nil, recipes.Params{Issuer: "https://other.example.org"}, "give --evidence"},
		"CA of the distribution": {"split-trust", "7.2.0", distributed, issuer, "grid distribution"},
		"policy for such a CA":   {"anchor-with-policy", "6.17.0", distributed, issuer, "grid distribution"},
		"host under the root":    {"split-trust", "6.17.0", publicHost, issuer, "does not start"},
		"two trust directories":  {"split-trust", "7.2.0", tree{"/etc/arc.conf": withLine("x509_cert_dir=/a:/b")}, issuer, "/a and /b"},
		"a comment in the value": {"split-trust", "7.2.0", tree{"/etc/arc.conf": withLine("x509_cert_dir=/etc/grid-security/certificates # all")}, issuer, "cannot be read"},
		"not split":              {"split-trust", "7.2.0", tree{"/etc/arc.conf": withLine("x509_cert_dir=/etc/igtf"), "/etc/igtf/" + w.public.Hash() + ".0": string(w.public.PEM())}, issuer, "remove-anchor"},
		"token rules, no answer": {"narrow-token-rules", "7.2.0", nil, recipes.Params{}, "any audience: say what it must be with --set audience=VALUE"},
		"token rules, a blank":   {"narrow-token-rules", "7.2.0", nil, recipes.Params{Args: map[string]string{"subject": "a b"}}, "cannot stand"},
		"token rules, wildcard":  {"narrow-token-rules", "7.2.0", nil, recipes.Params{Args: map[string]string{"subject": "*"}}, "not `*`"},
		"policy is grid":         {"restore-policy-grid", "7.2.0", nil, recipes.Params{}, "nothing to do"},
		"nothing to link":        {"relink-hashes", "7.2.0", nil, recipes.Params{}, "nothing to do"},
		"nothing to edit":        {"edit-arc-conf", "7.2.0", nil, recipes.Params{}, "nothing to do"},
		"package name":           {"restore-igtf", "7.2.0", nil, recipes.Params{Args: map[string]string{"packages": "a --config=b"}}, "no package name"},
		"distributed CA":         {"remove-anchor", "7.2.0", nil, recipes.Params{Args: map[string]string{"path": grid + "ExampleGridCA.pem"}}, "distribution"},
		"path elsewhere":         {"remove-anchor", "7.2.0", nil, recipes.Params{Args: map[string]string{"path": "/etc/passwd"}}, "none of the trust directories"},
		"deploy elsewhere":       {"undo-arcctl-deploy", "7.2.0", nil, recipes.Params{Args: map[string]string{"path": "/var/spool/arc/jobstatus/tokenissuers/../../x"}}, "none of the trust directories"},
		"nothing named":          {"remove-anchor", "7.2.0", nil, recipes.Params{}, "--set path=PATH"},
		"nothing named, deploy":  {"undo-arcctl-deploy", "7.2.0", nil, recipes.Params{}, "--set path=PATH"},
		"mode":                   {"fix-modes", "7.2.0", nil, recipes.Params{Findings: []lint.Finding{{Path: "/a", Args: map[string]string{"mode": "u+x"}}}}, "not octal"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := recipes.Find(c.recipe)
			plan, err := r.Make(w.load(t, w.tree().with(c.files).mem(t), c.release), c.params)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one that says %q; plan %v", err, c.says, plan.Actions)
			}
		})
	}
}

// TestTable: each release's table answers every question for every strategy,
// and each answer cites what was measured or says that nothing was.
func TestTable(t *testing.T) {
	w := newWorld()
	for release, chosen := range map[string]string{"6.17.0": "split-trust", "7.0.0": "pin-issuer", "7.2.0": "pin-issuer"} {
		table := makeOn(t, "trust-issuer", w.load(t, w.tree().mem(t), release), recipes.Params{Issuer: issuerURL}).Table
		answers := map[string]string{}
		for _, row := range table.Rows {
			if row.Chosen != (row.Strategy == chosen) {
				t.Errorf("%s: strategy %s chosen: %v", release, row.Strategy, row.Chosen)
			}
			if len(row.Cells) != len(table.Columns) {
				t.Fatalf("%s %s: %d answers to %d questions", release, row.Strategy, len(row.Cells), len(table.Columns))
			}
			for _, c := range row.Cells {
				if len(c.Facts) == 0 {
					t.Errorf("%s %s: %q cites nothing", release, row.Strategy, c.Text)
				}
			}
			accepted, _, _ := strings.Cut(row.Cells[0].Text, " ")
			refused, _, _ := strings.Cut(row.Cells[1].Text, " ")
			answers[row.Strategy] = strings.Trim(accepted, ".,") + "/" + strings.Trim(refused, ".,")
		}
		want := map[string]map[string]string{ // arc-behaviour H1 to H4, C9; docs/fidelity.md
			"6.17.0": {"pin-issuer": "not/not", "split-trust": "yes/yes", "anchor-with-policy": "yes/yes", "x509_cert_policy=any": "not/not"},
			"7.0.0":  {"pin-issuer": "yes/yes", "split-trust": "yes/yes", "anchor-with-policy": "yes/NO", "x509_cert_policy=any": "yes/NO"},
			"7.2.0":  {"pin-issuer": "yes/yes", "split-trust": "yes/yes", "anchor-with-policy": "yes/NO", "x509_cert_policy=any": "yes/NO"},
		}[release]
		if diff := cmp.Diff(want, answers); diff != "" {
			t.Errorf("%s: -want +got\n%s", release, diff)
		}
	}
}

// TestEditsKeepTheRest: CRLF and a missing newline at the end survive.
func TestEditsKeepTheRest(t *testing.T) {
	w := newWorld()
	for name, c := range map[string]struct{ conf, want string }{
		"CRLF":        {"[common]\r\nhostname=a\r\n", "[common]\r\nx509_cert_dir=/etc/grid-security/client-certificates\r\nhostname=a\r\n"},
		"header last": {"[arex]\n[common]", "[arex]\n[common]\nx509_cert_dir=/etc/grid-security/client-certificates"},
		"two lines":   {"[common]\nx509_cert_dir=/etc/grid-security/certificates\na=b\n  x509_cert_dir = /etc/grid-security/certificates/", "[common]\nx509_cert_dir=/etc/grid-security/client-certificates\na=b\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := w.load(t, w.tree().with(tree{"/etc/arc.conf": c.conf}).mem(t), "7.2.0")
			plan := makeOn(t, "split-trust", s, recipes.Params{Issuer: issuerURL})
			for _, a := range plan.Actions {
				if e, ok := a.(recipes.EditConf); ok {
					got, err := source.Apply(s.Conf.Main, e.Edits)
					if err != nil || string(got) != c.want {
						t.Errorf("got %q, %v, want %q", got, err, c.want)
					}
					return
				}
			}
			t.Error("the plan edits nothing")
		})
	}
}

func TestRecipes(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range recipes.All() {
		if r.ID == "" || seen[r.ID] || r.Title == "" || strings.HasSuffix(r.Title, ".") || r.Plan == nil {
			t.Errorf("%q is half-made or twice in the list", r.ID)
		}
		seen[r.ID] = true
		file := strings.ReplaceAll(r.ID, "-", "_") + ".go"
		if _, err := os.Stat(file); err != nil {
			t.Errorf("%s has no file of its own: %v", r.ID, err)
		}
	}
}
