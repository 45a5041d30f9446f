package recipes_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/pki"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/recipes"
)

// clientCA finds a public root among the CAs for clients, and issuerCA misses
// it where the key fetch looks: the two halves of the problem as rules.
func questions(w world) func(*site.Site) lint.Result {
	root := w.public.Hash() + ".0"
	return func(s *site.Site) lint.Result {
		var res lint.Result
		add := func(rule string) { res.Findings = append(res.Findings, lint.Finding{Rule: rule}) }
		if s.GridDir.Lookup(root) == nil && len(s.Pinned) == 0 {
			add("issuer-ca-missing")
		}
		for _, d := range s.ClientDirs {
			if d.Err != nil || d.Lookup(w.grid.Hash()+".0") == nil {
				add("grid-ca-missing")
			} else if d.Lookup(root) != nil {
				add("public-ca-admits-clients")
			}
		}
		return res
	}
}

func ruleIDs(res recipes.Result) []string {
	ids := []string{}
	for _, f := range res.Findings {
		ids = append(ids, f.Rule)
	}
	return ids
}

func TestProve(t *testing.T) {
	w, all := newWorld(), cases(t)
	keys := `{"keys":[` + rsaKey("one", 2048) + `]}`
	withKeys := all["pin-issuer"]
	withKeys.plan = makeOn(t, "pin-issuer", withKeys.site, recipes.Params{Issuer: issuerURL, Keys: []byte(keys)})
	for name, c := range map[string]struct {
		of            testCase
		release       string
		before, after []string
		unproven      string
	}{
		"split-trust":        {all["split-trust-6"], "6.17.0", []string{"issuer-ca-missing"}, []string{}, "checked by the script only: /etc/grid-security/hostcert.pem verifies"},
		"split-trust-confd":  {all["split-trust-confd"], "7.0.0", []string{"issuer-ca-missing"}, []string{}, "checked by the script only: /etc/grid-security/hostcert.pem verifies"},
		"split-trust-there":  {all["split-trust-present"], "7.2.0", []string{"public-ca-admits-clients"}, []string{}, "checked by the script only: /etc/grid-security/hostcert.pem verifies"},
		"anchor-with-policy": {all["anchor-with-policy-7"], "7.2.0", []string{"issuer-ca-missing"}, []string{"public-ca-admits-clients"}, ""},
		"pin-issuer":         {all["pin-issuer"], "7.2.0", []string{"issuer-ca-missing"}, []string{"issuer-ca-missing"}, "the keys of the issuer"},
		"pin-issuer, keys":   {withKeys, "7.2.0", []string{"issuer-ca-missing"}, []string{}, ""},
		"remove-anchor":      {all["remove-anchor"], "7.2.0", []string{"public-ca-admits-clients"}, []string{"issuer-ca-missing"}, ""},
		"relink-hashes":      {all["relink-hashes"], "7.2.0", []string{"issuer-ca-missing", "grid-ca-missing"}, []string{"issuer-ca-missing"}, ""},
		"refresh-crls":       {all["refresh-crls"], "7.2.0", []string{"issuer-ca-missing"}, []string{"issuer-ca-missing"}, "the effect of fetch-crl"},
	} {
		t.Run(name, func(t *testing.T) {
			load := func(fsys rootfs.FS) (*site.Site, error) {
				return site.Load(fsys, site.Options{ARCVersion: c.release, Now: pki.Now})
			}
			before, after, err := recipes.Prove(c.of.site, c.of.files.mem(t), c.of.plan, load, questions(w))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.before, ruleIDs(before)); diff != "" {
				t.Errorf("before: -want +got\n%s", diff)
			}
			if diff := cmp.Diff(c.after, ruleIDs(after)); diff != "" {
				t.Errorf("after: -want +got\n%s", diff)
			}
			if said := strings.Join(after.Unproven, "\n"); (c.unproven == "") != (said == "") || !strings.Contains(said, c.unproven) {
				t.Errorf("unproven %q, want %q", said, c.unproven)
			}
		})
	}
}

// TestProveEveryCase: no plan is impossible to apply, and the prover leaves
// the base as it was.
func TestProveEveryCase(t *testing.T) {
	for name, c := range cases(t) {
		load := func(fsys rootfs.FS) (*site.Site, error) {
			return site.Load(fsys, site.Options{ARCVersion: c.site.Release.Version, Now: pki.Now})
		}
		base := c.files.mem(t)
		run := func(*site.Site) lint.Result { return lint.Result{} }
		if _, _, err := recipes.Prove(c.site, base, c.plan, load, run); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for file, want := range c.files {
			got, _, err := rootfs.Read(base, file, 1<<20)
			if strings.HasPrefix(want, "-> ") {
				continue
			}
			if err != nil || string(got) != want {
				t.Errorf("%s: the prover changed %s of the base: %v", name, file, err)
			}
		}
	}
}

// TestProverSyncsAsTheProgram: the links that the prover makes are those that
// the installed program makes, also where files are missing, foreign, shared or
// out of order.
func TestProverSyncsAsTheProgram(t *testing.T) {
	needTools(t, "sh", "openssl", "python3", "sha256sum")
	w := newWorld()
	grid, farm := "/etc/grid-security/certificates/", "/etc/grid-security/client-certificates"
	second := pki.New(pki.Spec{Subject: "/DC=org/DC=example/CN=Second CA", Key: "rsa1"})
	twin := pki.New(pki.Spec{Subject: w.public.DN(), Key: "rsa3"})
	renewed := pki.New(pki.Spec{Subject: w.public.DN(), Key: "rsa2", Printable: true})
	hash := w.public.Hash()
	files := w.tree().with(tree{
		grid + hash + ".0":                  string(renewed.PEM()), // the same key in another certificate
		grid + hash + ".1":                  string(twin.PEM()),    // a CA of the same name, with another key
		grid + hash + ".2":                  string(twin.PEM()),
		grid + hash + ".4":                  string(twin.PEM()), // behind a gap
		grid + hash + ".r0":                 "no CRL\n",
		grid + second.Hash() + ".0":         string(second.PEM()) + string(w.public.PEM()), // brings the root along
		grid + second.Hash() + ".1":         "-> gone",
		grid + "BUNDLE.pem":                 string(w.public.PEM()),
		grid + "ABCDEF01.0":                 string(second.PEM()),
		grid + "abcdef02.0":                 "text without a certificate\n",
		grid + "abcdef02.signing_policy":    "-> ExampleGridCA.info",
		grid + ".hidden":                    "x",
		grid + "abcdef03.1":                 string(second.PEM()), // no .0
		grid + "sub/abcdef04.0":             string(second.PEM()),
		grid + "abcdef05.00":                string(second.PEM()),
		"/etc/grid-security/unrelated/file": "x",
	})
	s := w.load(t, files.mem(t), "7.2.0")
	plan := makeOn(t, "split-trust", s, recipes.Params{Issuer: issuerURL})
	root := files.write(t)
	if out, err := run(t, writeScript(t, plan), root, nil); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	program := map[string]string{}
	entries, err := os.ReadDir(root + farm)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if program[e.Name()], err = os.Readlink(filepath.Join(root+farm, e.Name())); err != nil {
			t.Fatal(err)
		}
	}

	prover := map[string]string{}
	load := func(fsys rootfs.FS) (*site.Site, error) {
		entries, err := rootfs.List(fsys, farm)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if prover[filepath.Base(e.Path)], err = fsys.Readlink(e.Path); err != nil {
				return nil, err
			}
		}
		return s, nil
	}
	run := func(*site.Site) lint.Result { return lint.Result{} }
	if _, _, err := recipes.Prove(s, files.mem(t), plan, load, run); err != nil {
		t.Fatal(err)
	}
	// The program runs before the root is linked, and is told of it by systemd.
	if diff := cmp.Diff(program, prover); diff != "" {
		t.Errorf("-program +prover\n%s", diff)
	}
	if got := program[hash+".0"]; got != "../certificates/"+hash+".1" {
		t.Errorf("%s.0 leads to %q, want the CA of the same name that is not excluded", hash, got)
	}
	if _, there := program[second.Hash()+".0"]; there {
		t.Error("a file that brings the excluded root along was linked")
	}
}
