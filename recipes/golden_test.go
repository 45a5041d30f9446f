package recipes_test

import (
	"bytes"
	"io"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/golden"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/recipes"
)

// cases are the plans of which the golden files show each form.
func cases(t *testing.T) map[string]testCase {
	w := newWorld()
	plan := func(id, release string, files tree, p recipes.Params) testCase {
		t.Helper()
		s := w.load(t, files.mem(t), release)
		return testCase{files, s, makeOn(t, id, s, p)}
	}
	grid := "/etc/grid-security/certificates/"
	withRoot := w.tree().with(tree{grid + "PublicRoot.pem": string(w.public.PEM()), grid + w.public.Hash() + ".0": "-> PublicRoot.pem"})
	issuer := recipes.Params{Issuer: issuerURL}
	return map[string]testCase{
		"pin-issuer":              plan("trust-issuer", "7.2.0", w.tree(), issuer),
		"split-trust-6":           plan("trust-issuer", "6.17.0", w.tree(), issuer),
		"split-trust-7":           plan("split-trust", "7.2.0", w.tree().with(tree{"/etc/arc.conf": withLine("x509_cert_dir = /etc/grid-security/certificates/\nx509_cert_dir=/etc/grid-security/certificates")}), issuer),
		"split-trust-confd":       plan("split-trust", "7.0.0", w.tree(), recipes.Params{Issuer: issuerURL, ConfD: true}),
		"anchor-with-policy-6":    plan("anchor-with-policy", "6.17.0", w.tree(), issuer),
		"anchor-with-policy-7":    plan("anchor-with-policy", "7.2.0", w.tree(), issuer),
		"split-trust-present":     plan("trust-issuer", "7.2.0", withRoot, recipes.Params{Findings: []lint.Finding{{Rule: "trust/public-ca-admits-clients", Path: grid + "PublicRoot.pem", Args: map[string]string{"path": grid + "PublicRoot.pem"}}}}),
		"remove-anchor":           plan("remove-anchor", "7.2.0", withRoot, recipes.Params{Args: map[string]string{"path": grid + "PublicRoot.pem"}}),
		"refresh-crls":            plan("refresh-crls", "7.2.0", w.tree(), recipes.Params{}),
		"refresh-crls-cron":       plan("refresh-crls", "7.2.0", w.tree().with(tree{"/etc/cron.d/fetch-crl": "42 */6 * * * root /usr/sbin/fetch-crl -q\n"}), recipes.Params{}),
		"restore-igtf":            plan("restore-igtf", "7.2.0", w.tree(), recipes.Params{}),
		"restore-policy-grid":     plan("restore-policy-grid", "7.2.0", w.tree().with(tree{"/etc/arc.conf": withLine("x509_cert_policy=any\nx509_cert_policy = grid")}), recipes.Params{}),
		"narrow-token-rules":      plan("narrow-token-rules", "7.2.0", w.tree(), recipes.Params{Args: map[string]string{"subject": "prod-robot", "audience": "https://ce.example.org"}}),
		"relink-hashes":           plan("relink-hashes", "7.2.0", w.tree().with(tree{grid + w.grid.Hash() + ".0": "", grid + w.grid.Hash() + ".1": "-> ExampleGridCA.pem", grid + "0a1b2c3d.0": "-> gone.pem"}), recipes.Params{}),
		"undo-arcctl-deploy":      plan("undo-arcctl-deploy", "7.2.0", pinned(w.tree()), recipes.Params{Args: map[string]string{"path": pinnedDir}}),
		"fix-modes":               plan("fix-modes", "7.2.0", w.tree(), recipes.Params{Findings: modeFindings()}),
		"edit-arc-conf":           editPlan(t, w),
		"upgrade":                 upgradePlan(t, w),
		"negtest-issuer-6":        plan("negtest-issuer", "6.17.0", w.tree(), negtestParams(t)),
		"negtest-issuer-7":        plan("negtest-issuer", "7.2.0", w.tree(), negtestParams(t)),
		"split-trust-has-the-dir": plan("split-trust", "7.2.0", w.tree().with(tree{"/etc/arc.conf": withLine("x509_cert_dir=/etc/grid-security/igtf"), "/etc/grid-security/igtf/" + w.grid.Hash() + ".0": string(w.grid.PEM())}), issuer),
	}
}

const pinnedDir = "/var/spool/arc/jobstatus/tokenissuers/0a1b2c3d"

func pinned(t tree) tree {
	return t.with(tree{pinnedDir + "/issuer": "https://other.example.org", pinnedDir + "/metadata": "{}", pinnedDir + "/keys": `{"keys":[]}`})
}

func modeFindings() []lint.Finding {
	key := "/etc/grid-security/hostkey.pem"
	return []lint.Finding{
		{Rule: "host/key-owner", Path: key, Args: map[string]string{"path": key, "owner": "0:0"}},
		{Rule: "host/key-mode", Path: key, Args: map[string]string{"path": key, "mode": "0400"}},
	}
}

func withLine(line string) string {
	return string(bytes.Replace([]byte(arcConf), []byte("[common]\n"), []byte("[common]\n"+line+"\n"), 1))
}

// testCase is a site and the plan for it.
type testCase struct {
	files tree
	site  *site.Site
	plan  recipes.Plan
}

func render(t testing.TB, write func(io.Writer, recipes.Plan) error, p recipes.Plan) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	wanted := map[string]bool{}
	for name, c := range cases(t) {
		for ext, write := range map[string]func(io.Writer, recipes.Plan) error{".sh": recipes.Shell, ".diff": recipes.Diff, ".txt": recipes.Text} {
			file := filepath.Join("testdata", name+ext)
			wanted[file] = true
			if got := render(t, write, c.plan); ext == ".sh" {
				checkScript(t, file, got)
			} else {
				golden.Check(t, file, got)
			}
		}
	}
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !wanted[f] {
			t.Errorf("%s belongs to no case", f)
		}
	}
}

// TestGoldenIsStable: no map's order reaches the output.
func TestGoldenIsStable(t *testing.T) {
	first, second := cases(t), cases(t)
	for name := range first {
		if !bytes.Equal(render(t, recipes.Shell, first[name].plan), render(t, recipes.Shell, second[name].plan)) {
			t.Errorf("%s: two runs give two scripts", name)
		}
	}
}

func TestShellcheck(t *testing.T) {
	needTools(t, "shellcheck")
	for name, c := range cases(t) {
		script := render(t, recipes.Shell, c.plan)
		shellcheck(t, name, script)
		if name == "split-trust-6" || name == "undo-arcctl-deploy" { // the two that have every function
			shellcheck(t, name+" rollback", rollbackOf(t, script))
		}
	}
}

func shellcheck(t *testing.T, name string, script []byte) {
	t.Helper()
	cmd := exec.Command("shellcheck", "--shell=sh", "-")
	cmd.Stdin = bytes.NewReader(script)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
}

// rollbackOf lets the shell itself take the rollback script out of the script.
func rollbackOf(t *testing.T, script []byte) []byte {
	t.Helper()
	_, rest, ok := bytes.Cut(script, []byte("\nrollback_script() {\n"))
	if !ok {
		t.Fatal("the script has no rollback script")
	}
	body, _, ok := bytes.Cut(rest, []byte("\n}\n\n# --- before"))
	if !ok {
		t.Fatal("the rollback script has no end")
	}
	out, err := exec.Command("sh", "-c", string(body)).Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestDiffApplies: patch(1) makes of the site's files what the script makes of
// them.
func TestDiffApplies(t *testing.T) {
	needTools(t, "patch", "sh", "sha256sum")
	for _, name := range []string{"edit-arc-conf", "narrow-token-rules", "restore-policy-grid", "upgrade"} {
		c := cases(t)[name]
		scripted, patched := c.files.write(t), c.files.write(t)
		mustRun(t, writeScript(t, c.plan), scripted, nil)
		cmd := exec.Command("patch", "-p1", "--batch", "--no-backup-if-mismatch")
		cmd.Dir, cmd.Stdin = patched, bytes.NewReader(render(t, recipes.Diff, c.plan))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		if diff := cmp.Diff(snapshot(t, scripted), snapshot(t, patched)); diff != "" {
			t.Errorf("%s: -script +patch\n%s", name, diff)
		}
	}
}
