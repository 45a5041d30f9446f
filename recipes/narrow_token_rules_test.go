package recipes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

// TestNarrowTokenRules: what each finding says is repaired, in the rules of the
// issuer only, and nothing else.
func TestNarrowTokenRules(t *testing.T) {
	const a, b = "https://a.example.org", "https://b.example.org"
	for name, tt := range map[string]struct {
		rules  string
		params recipes.Params
		want   string
		says   string // of the error
	}{
		"a quoted subject stays": {
			`authtokens="Jane Doe" * https://ce.example.org * *`,
			recipes.Params{Args: map[string]string{"audience": "https://other.example.org", "issuer": a}},
			`authtokens="Jane Doe" https://a.example.org https://ce.example.org * *`, "",
		},
		"quotes around a wildcard": {
			`authtokens=me "` + a + `" "*" * *`,
			recipes.Params{Args: map[string]string{"audience": "https://ce.example.org"}},
			`authtokens=me "` + a + `" https://ce.example.org * *`, "",
		},
		"audience only": {
			"authtokens=* " + a + " * compute.create /vo/pilots",
			recipes.Params{Issuer: a, Args: map[string]string{"audience": "https://ce.example.org"}},
			"authtokens=* " + a + " https://ce.example.org compute.create /vo/pilots", "",
		},
		"of that issuer only": {
			"authtokens=* " + a + " * * *\nauthtokens=* " + b + " * * *\nauthtokens=x " + b + " * * *",
			recipes.Params{Issuer: b, Args: map[string]string{"audience": "https://ce.example.org", "subject": "1234"}},
			"authtokens=* " + a + " * * *\nauthtokens=1234 " + b + " https://ce.example.org * *\nauthtokens=x " + b + " https://ce.example.org * *", "",
		},
		"a scope does as well as a subject": {
			"authtokens=* " + a + " * * *",
			recipes.Params{Args: map[string]string{"audience": "https://ce.example.org", "scope": "compute.create"}},
			"authtokens=* " + a + " https://ce.example.org compute.create *", "",
		},
		"tokens for any service": {
			"authtokens=* " + a + " https://wlcg.cern.ch/jwt/v1/any compute.create *",
			recipes.Params{Args: map[string]string{"audience": "https://ce.example.org"}},
			"authtokens=* " + a + " https://ce.example.org compute.create *", "",
		},
		"an expression": {
			`authtokensgen=(iss="` + a + `") | (iss="` + b + `")`,
			recipes.Params{Args: map[string]string{"audience": "https://ce.example.org", "group": "/vo/pilots"}},
			`authtokensgen=((iss="` + a + `") | (iss="` + b + `")) & (aud="https://ce.example.org") & (wlcg.groups="/vo/pilots")`, "",
		},
		"the issuer of --issuer where none is named": {
			"authtokens=me * https://ce.example.org * *",
			recipes.Params{Issuer: a},
			"authtokens=me " + a + " https://ce.example.org * *", "",
		},
		"a rule of two issuers is left where one is given": {
			"authtokens=me " + a + " * * *\nauthtokensgen=(sub=\"x\") & ((iss=\"" + a + "\") | (iss=\"" + b + "\"))",
			recipes.Params{Issuer: a, Args: map[string]string{"audience": "https://ce.example.org"}},
			"authtokens=me " + a + " https://ce.example.org * *\nauthtokensgen=(sub=\"x\") & ((iss=\"" + a + "\") | (iss=\"" + b + "\"))", "",
		},
		"nothing but a rule of two issuers": {
			"authtokensgen=(sub=\"x\") & ((iss=\"" + a + "\") | (iss=\"" + b + "\"))",
			recipes.Params{Issuer: a, Args: map[string]string{"audience": "https://ce.example.org"}}, "", "/etc/arc.conf:3: the rule takes in tokens of " + a + ", " + b,
		},
		"a subject for two issuers": {
			"authtokens=* " + a + " * * *\nauthtokens=* " + b + " * * *",
			recipes.Params{Args: map[string]string{"audience": "https://ce.example.org", "subject": "me"}}, "", "are of " + a + "; of " + b,
		},
		"a line without a rule": {
			"authtokens=* " + a + " * * *", recipes.Params{Issuer: a, Args: map[string]string{"line": "/etc/arc.conf:2", "audience": "x"}}, "", "no rule that leaves something open stands there",
		},
		"what turns tokens away stays": {
			"-authtokens=* * * * *\nauthtokens=* " + a + " * * /vo",
			recipes.Params{Args: map[string]string{"audience": "https://ce.example.org"}},
			"-authtokens=* * * * *\nauthtokens=* " + a + " https://ce.example.org * /vo", "",
		},
		"an issuer that the expression does not name": {
			"authtokensgen=(iss=\"" + a + "\") | (sub=\"x\")",
			recipes.Params{Args: map[string]string{"issuer": b, "audience": "https://ce.example.org", "subject": "jane"}}, "", "contradicts",
		},
		"an issuer without TLS": {
			"authtokens=me * https://ce.example.org * *", recipes.Params{Args: map[string]string{"issuer": "http://a.example.org"}}, "", "not https",
		},
		"nothing given": {
			"authtokens=* " + a + " * * *", recipes.Params{}, "", "--set subject=VALUE --set audience=VALUE",
		},
		"a bracket": {
			"authtokens=* " + a + " * * *", recipes.Params{Args: map[string]string{"audience": "a)b"}}, "", "cannot stand",
		},
		"nothing is open": {
			"authtokens=* " + a + " https://ce.example.org compute.create *", recipes.Params{}, "", "nothing to do",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := narrowed(t, tt.rules, tt.params)
			switch {
			case tt.says != "":
				if err == nil || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("error %v, want one that says %q", err, tt.says)
				}
			case err != nil:
				t.Error(err)
			default:
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
		})
	}
}

// TestNarrowCommands: the command of a finding is for what it says, of its issuer,
// and changes no rule of another one.
func TestNarrowCommands(t *testing.T) {
	const a, b, c = "https://a.example.org", "https://b.example.org", "https://c.example.org"
	rules := []struct{ rule, command string }{
		{`authtokens="Jane Doe" * https://ce.example.org * *`, "--set line=/etc/arc.conf:3 --set issuer=VALUE"},
		{"authtokens=* " + a + " * * *", "--issuer " + a + " --set subject=VALUE --set audience=VALUE"},
		{"authtokens=* " + b + " * compute.create *", "--issuer " + b + " --set audience=VALUE"},
		{"authtokens=me " + b + " https://wlcg.cern.ch/jwt/v1/any * *", "--issuer " + b + " --set audience=VALUE"},
		{"authtokens=me " + c + " * * *", "--issuer " + c + " --set line=/etc/arc.conf:7 --set audience=VALUE"},
		{"authtokens=* " + c + " * * *", "--issuer " + c + " --set line=/etc/arc.conf:8 --set subject=VALUE --set audience=VALUE"},
		{"!authtokens=* https://d.example.org * * *", ""},
		{`authtokensgen=(sub="x") & ((iss="` + a + `") | (iss="` + b + `"))`, "--set line=/etc/arc.conf:10 --set audience=VALUE"},
	}
	text := "[common]\n[authgroup:vo]\n"
	for _, r := range rules {
		text += r.rule + "\n"
	}
	tree := rootfs.NewMem()
	if err := tree.WriteFile("/etc/arc.conf", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s := loadNarrow(t, tree)
	offers := recipes.Offer(s, lint.Run(s, catalog.All()), nil, nil)
	got := map[string]string{}
	for _, f := range offers.Findings {
		for _, command := range offers.Commands(f) {
			if words, ok := strings.CutSuffix(command, " narrow-token-rules"); ok {
				got[strings.TrimSpace(f.Span.Lines().Text())] = strings.TrimPrefix(words, "arclint recipe ")
			}
		}
	}
	for _, r := range rules {
		if got[r.rule] != r.command {
			t.Errorf("%s\ngot  %s\nwant %s", r.rule, got[r.rule], r.command)
		}
	}
}

// narrowed applies the recipe to a site with these rules and gives them as they
// are then. No finding that offers the recipe may be left among them.
func narrowed(t *testing.T, rules string, p recipes.Params) (string, error) {
	t.Helper()
	const head = "[common]\n[authgroup:vo]\n"
	tree := rootfs.NewMem()
	if err := tree.WriteFile("/etc/arc.conf", []byte(head+rules+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := loadNarrow(t, tree)
	if p.Issuer == "" {
		for _, f := range lint.Run(s, catalog.All()).Findings {
			if len(f.Recipes) > 0 && f.Recipes[0] == "narrow-token-rules" {
				p.Findings = append(p.Findings, f)
			}
		}
	}
	r, _ := recipes.Find("narrow-token-rules")
	plan, err := r.Make(s, p)
	if err != nil {
		return "", err
	}
	var repaired *site.Site
	load := func(fsys rootfs.FS) (*site.Site, error) {
		repaired = loadNarrow(t, fsys)
		return repaired, nil
	}
	_, after, err := recipes.Prove(s, tree, plan, load, func(s *site.Site) lint.Result { return lint.Run(s, catalog.All()) })
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range after.Findings {
		if p.Issuer == "" && len(f.Recipes) > 0 && f.Recipes[0] == "narrow-token-rules" {
			t.Errorf("left: %s", f.Headline)
		}
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(repaired.Conf.Main.Data), head), "\n"), nil
}

func loadNarrow(t *testing.T, fsys rootfs.FS) *site.Site {
	t.Helper()
	s, err := site.Load(fsys, site.Options{Root: "test", ARCVersion: "7.2.0", Now: time.Unix(1_800_000_000, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
