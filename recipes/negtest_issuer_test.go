package recipes_test

import (
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/access"
	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/recipes"
)

const negtestURL = "https://ce.example.org:8447/negtest"

// negtestParams are what arclint negtest hands to the recipe.
func negtestParams(t testing.TB) recipes.Params {
	t.Helper()
	ca := pki.New(pki.Spec{Subject: "/DC=net/DC=example/CN=arclint negtest 0a1b2c CA", Key: "rsa2"})
	mem := rootfs.NewMem()
	if err := mem.WriteFile("/ca.pem", ca.PEM(), 0o644); err != nil {
		t.Fatal(err)
	}
	return recipes.Params{
		Issuer: negtestURL, Roots: gridsec.NewReader(mem).File("/ca.pem").Certificates, Keys: []byte(`{"keys":[]}`),
		Args: map[string]string{
			"audience": "https://ce.example.org", "subject": "/DC=net/DC=example/CN=arclint negtest 0a1b2c",
			"crl": string(pki.NewCRL(ca, pki.CRLSpec{}).PEM()), "others": negtestURL + "/fetched " + negtestURL + "/keys-none",
		},
	}
}

// TestNegtestIssuer: after the recipe the token and the certificate get in, and
// what differs from them does not.
func TestNegtestIssuer(t *testing.T) {
	w := newWorld()
	for _, release := range []string{"6.17.0", "7.0.0", "7.2.0"} {
		files := w.tree().with(tree{"/etc/arc.conf": strings.Replace(arcConf, "[lrms]", "[authtokens]\n[lrms]", 1)})
		s := w.load(t, files.mem(t), release)
		plan := makeOn(t, "negtest-issuer", s, negtestParams(t))
		var after *site.Site
		reload := func(fsys rootfs.FS) (loaded *site.Site, err error) {
			after, err = site.Load(fsys, site.Options{Root: "/", ARCVersion: release, Now: s.Now})
			return after, err
		}
		if _, _, err := recipes.Prove(s, files.mem(t), plan, reload, func(*site.Site) lint.Result { return lint.Result{} }); err != nil {
			t.Fatal(err)
		}
		policy := access.Model(after)
		claims := func(changes ...string) access.Identity {
			text := `{"iss":"` + negtestURL + `","sub":"arclint-negtest","aud":"https://ce.example.org","scope":"compute.read","wlcg.groups":["/arclint"]}`
			c, err := access.ParseClaims([]byte(strings.NewReplacer(changes...).Replace(text)))
			if err != nil {
				t.Fatal(err)
			}
			return access.Identity{Claims: c}
		}
		for name, tt := range map[string]struct {
			id   access.Identity
			want bool
		}{
			"token":             {claims(), true},
			"of another issuer": {claims("/negtest", "/elsewhere"), false},
			"of another person": {claims("arclint-negtest", "jane"), false},
			"without the group": {claims("/arclint", "/arclint-x"), false},
			"certificate":       {access.Identity{Subject: "/DC=net/DC=example/CN=arclint negtest 0a1b2c"}, true},
			"of somebody":       {access.Identity{Subject: "/DC=net/DC=example/CN=Somebody"}, false},
		} {
			if d := policy.Evaluate(tt.id, access.JobInfo); d.Allowed != tt.want || tt.want && d.Account != "nobody" {
				t.Errorf("%s %s: allowed %v as %q (%s), want %v", release, name, d.Allowed, d.Account, d.Reason, tt.want)
			}
		}
		if pins := after.Pinned.For(negtestURL); (len(pins) == 1) != (release != "6.17.0") {
			t.Errorf("%s: %d pins", release, len(pins))
		}
	}
}

// TestNegtestRefusals: where the site is one that the recipe cannot handle, it
// says so.
func TestNegtestRefusals(t *testing.T) {
	w := newWorld()
	r, _ := recipes.Find("negtest-issuer")
	for name, tt := range map[string]struct {
		files  tree
		change func(*recipes.Params)
		says   string
	}{
		"nothing given":    {nil, func(p *recipes.Params) { *p = recipes.Params{} }, "arclint negtest --test-issuer"},
		"root":             {nil, func(p *recipes.Params) { p.Args["account"] = "root" }, "without privileges"},
		"no such account":  {nil, func(p *recipes.Params) { p.Args["account"] = "gone" }, "no account gone"},
		"hostile account":  {nil, func(p *recipes.Params) { p.Args["account"] = "a\n[x]" }, "without privileges"},
		"hostile audience": {nil, func(p *recipes.Params) { p.Args["audience"] = "a b" }, "cannot stand"},
		"hostile subject":  {nil, func(p *recipes.Params) { p.Args["subject"] = "/CN=a\nall=yes" }, "cannot stand"},
		"hostile issuer":   {nil, func(p *recipes.Params) { p.Args["others"] = "http://a" }, "no https URL"},
		"no mapping":       {tree{"/etc/arc.conf": "[common]\n[arex]\n[arex/ws]\n[arex/ws/jobs]\n"}, nil, "no block [mapping]"},
		"jobs elsewhere": {tree{"/etc/arc.conf": "[common]\n[mapping]\n[arex]\n[arex/ws]\n", "/etc/arc.conf.d/a.conf": "[arex/ws/jobs]\nallowaccess=vo\n"}, nil,
			"does not stand once"},
		"a test before": {tree{"/etc/arc.conf": arcConf + "[authgroup:arclint_negtest]\n"}, nil, "roll back"},
	} {
		p := negtestParams(t)
		if tt.change != nil {
			tt.change(&p)
		}
		_, err := r.Make(w.load(t, w.tree().with(tt.files).mem(t), "7.2.0"), p)
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", name, err, tt.says)
		}
	}
}
