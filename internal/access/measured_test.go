package access

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"arclint/internal/release"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

// measuredTable holds what real CEs answered: group, scenario, release, status
// with a token, status with a certificate, authgroups from the log of the CE.
//
//go:embed testdata/measured.tsv
var measuredTable string

type measurement struct {
	group, scenario, release, token, cert string
	groups                                []string
}

func measurements(t *testing.T, group string) []measurement {
	t.Helper()
	var rows []measurement
	for line := range strings.Lines(measuredTable) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 6 {
			t.Fatalf("line %q has %d columns", line, len(f))
		}
		if f[0] == group {
			rows = append(rows, measurement{f[0], f[1], f[2], f[3], f[4], strings.FieldsFunc(f[5], func(r rune) bool { return r == ',' })})
		}
	}
	return rows
}

const (
	issuer  = "https://issuer.example.org/dune"
	ce      = "https://ce.example.org"
	subject = "/DC=org/DC=example/CN=Jane Doe"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// load makes a site of an arc.conf and other files, by path.
func load(t *testing.T, release, conf string, files map[string]string) *site.Site {
	t.Helper()
	tree := rootfs.NewMem()
	all := map[string]string{
		"/etc/arc.conf":      strings.ReplaceAll(strings.ReplaceAll(conf, " I ", " "+issuer+" "), `"I"`, strconv.Quote(issuer)),
		"/etc/passwd":        "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n",
		"/etc/group":         "root:x:0:\nnogroup:x:65534:\n",
		"/etc/nsswitch.conf": "passwd: files\n",
	}
	maps.Copy(all, files)
	for path, text := range all {
		if err := tree.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := site.Load(tree, site.Options{Root: "test", ARCVersion: release, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// claims are those of the token that the measurements call "base", with
// changes: a nil value takes a claim away.
func claims(t *testing.T, changes map[string]any) *Claims {
	t.Helper()
	all := map[string]any{
		"sub": "dunepro", "iss": issuer, "aud": ce, "scope": "compute.read compute.create", "wlcg.ver": "1.0",
		"exp": now.Unix() + 3600, "nbf": now.Unix() - 60, "iat": now.Unix() - 60,
	}
	for name, value := range changes {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseClaims(data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type tokenClaims = map[string]any

// variants are the tokens of group A.
var variants = map[string]tokenClaims{
	"base":                                 {},
	"no aud":                               {"aud": nil},
	"aud [ce,second]":                      {"aud": []string{ce, "second"}},
	"aud [second,ce]":                      {"aud": []string{"second", ce}},
	"aud []":                               {"aud": []string{}},
	"aud wlcg any":                         {"aud": "https://wlcg.cern.ch/jwt/v1/any"},
	"no scope":                             {"scope": nil},
	"scope array":                          {"scope": []string{"compute.read", "compute.create"}},
	"scope newline/tab separated":          {"scope": "compute.read\tcompute.create\nopenid"},
	"scope double space":                   {"scope": "compute.read  compute.create"},
	"scope scp claim only":                 {"scope": nil, "scp": "compute.read compute.create"},
	"scope storage.read:/":                 {"scope": "storage.read:/"},
	"wlcg.groups [/dune]":                  {"wlcg.groups": []string{"/dune"}},
	"wlcg.groups [dune]":                   {"wlcg.groups": []string{"dune"}},
	"wlcg.groups string /dune":             {"wlcg.groups": "/dune"},
	"wlcg.groups string '/dune /dune/pro'": {"wlcg.groups": "/dune /dune/pro"},
	"wlcg.groups [/dune/pro,/dune]":        {"wlcg.groups": []string{"/dune/pro", "/dune"}},
	"groups [/dune]":                       {"groups": []string{"/dune"}},
	"wlcg_groups [/dune]":                  {"wlcg_groups": []string{"/dune"}},
	"no sub":                               {"sub": nil},
	"sub 'dune pro'":                       {"sub": "dune pro"},
	"sub number":                           {"sub": 7},
	"sub bob":                              {"sub": "bob"},
	"claim SUB instead of sub":             {"sub": nil, "SUB": "dunepro"},
	"uid 1000 number":                      {"uid": 1000},
	"email x@a.evil.com":                   {"email": "x@a.evil.com"},
	"no exp":                               {"exp": nil},
	"exp string":                           {"exp": "1795435200"},
	"exp year 2100":                        {"exp": 4102444800},
	"exp float":                            {"exp": float64(now.Unix()+3600) + 0.5},
	"exp 30 s ago":                         {"exp": now.Unix() - 30},
	"nbf 30 s ahead":                       {"nbf": now.Unix() + 30},
	"no nbf no iat":                        {"nbf": nil, "iat": nil},
	"iat in the future":                    {"iat": now.Unix() + 3600},
	"iss with slash (same server)":         {"iss": issuer + "/"},
	"iss host upper case":                  {"iss": "https://ISSUER.example.org/dune"},
}

// identity is the client that a variant stands for.
func identity(t *testing.T, variant string) Identity {
	t.Helper()
	switch variant {
	case "NO TOKEN, NO CERT", "garbage token":
		return Identity{}
	case "cert only":
		return Identity{Subject: subject}
	}
	changes, ok := variants[variant]
	if !ok {
		t.Fatalf("unknown variant %q", variant)
	}
	return Identity{Claims: claims(t, changes)}
}

// authgroups of the measured configurations, in their order. Those that no
// identity is a member of are there to stay so.
var configurations = map[string]string{
	"rules": `
all-stars: authtokens=* * * * *
iss: authtokens=* I * * *
iss-slash: authtokens=* ` + issuer + `/ * * *
iss-upper-host: authtokens=* https://ISSUER.example.org/dune * * *
iss-prefix: authtokens=* https://issuer.example.org* * * *
sub: authtokens=dunepro I * * *
sub-prefix: authtokens=dune* I * * *
sub-case: authtokens=DunePro I * * *
sub-space-quoted: authtokens="dune pro" I * * *
sub-space: authtokens=dune pro I * * *
aud: authtokens=* I ` + ce + ` * *
aud-second: authtokens=* I second * *
aud-empty-quoted: authtokens=* I "" * *
aud-wlcg-any: authtokens=* I https://wlcg.cern.ch/jwt/v1/any * *
scope-1: authtokens=* I * compute.read *
scope-2: authtokens=* I * compute.create *
scope-both: authtokens=* I * "compute.read compute.create" *
scope-comma: authtokens=* I * compute.read,compute.create *
scope-prefix: authtokens=* I * compute.* *
scope-storage: authtokens=* I * storage.read:/ *
grp-/dune: authtokens=* I * * /dune
grp-dune: authtokens=* I * * dune
grp-/dune/pro: authtokens=* I * * /dune/pro
4-fields: authtokens=* I * *
5-fields-comment: authtokens=* I * * * # comment
4-fields-comment: authtokens=* I * * # comment
6-fields: authtokens=* I * * * extra
tabs: authtokens=*	` + issuer + `	*	*	*
double-spaces: authtokens=*   I   *  *  *
all-quoted: authtokens="*" "I" "*" "*" "*"
single-quoted: authtokens='*' '` + issuer + `' '*' '*' '*'
adjacent-quotes: authtokens="*""I""*" * *
whole-quoted: authtokens="* ` + issuer + ` * * *"
first-no-second-yes: authtokens=nobody I * * *; authtokens=* I * * *
good-then-malformed: authtokens=* I * * *; authtokens=* I
malformed-then-good: authtokens=* I ; authtokens=* I * * *
subject-iss/sub: subject=` + issuer + `/dunepro
subject-quoted: subject="` + issuer + `/dunepro"
all-yes: all=yes
all-no: all=no
parent: authgroup=iss
parent-list: authgroup=nosuch iss
parent-later: authgroup=zlast
parent-undefined: authgroup=nosuch
zlast: authtokens=* I * * *`,
	"signed": `
plus: +authtokens=* I * * *
minus-then-all: -authtokens=bob I * * *; authtokens=* I * * *
not-bob: !authtokens=bob I * * *
minus-only: -authtokens=dunepro I * * *
not-scope: !authtokens=* I * nosuch *
minus-not: -!authtokens=dunepro I * * *`,
	"signed1 plus":           "\nplus: +authtokens=* I * * *",
	"signed1 minus-then-all": "\nminus-then-all: -authtokens=bob I * * *; authtokens=* I * * *",
	"signed1 not-bob":        "\nnot-bob: !authtokens=bob I * * *",
	"signed1 minus-only":     "\nminus-only: -authtokens=dunepro I * * *",
	"signed1 not-scope":      "\nnot-scope: !authtokens=* I * nosuch *",
	"gen": `
g-iss: authtokensgen=iss="I"
g-iss-unquoted: authtokensgen=iss=` + issuer + `
g-paren: authtokensgen=(sub="dunepro") & (iss="I")
g-noparen: authtokensgen=sub="dunepro" & iss="I"
g-or: authtokensgen=(sub="dunepro") | (sub="bob")
g-not: authtokensgen=!(sub="bob")
g-not-regex-missing: authtokensgen=(iss="I") & !(email~".*\.evil\.com")
g-scope: authtokensgen=scope="compute.read"
g-scope-re: authtokensgen=scope~".*compute.read.*"
g-aud: authtokensgen=aud="second"
g-groups: authtokensgen=wlcg.groups="/dune"
g-groups-re: authtokensgen=wlcg.groups~"/dune.*"
g-sub-re-full: authtokensgen=sub~"dune.*"
g-sub-re-part: authtokensgen=sub~"dune"
g-sub-re-group: authtokensgen=sub~"(dune|bob)pro"
g-sub-re-group-end: authtokensgen=sub~"dune(pro|x)"
g-re-name: authtokensgen=sub~"sub"
g-numeric: authtokensgen=wlcg.ver="1.0"
g-uid: authtokensgen=uid="1000"
g-syntax: authtokensgen=(iss="I"
g-case: authtokensgen=SUB="dunepro"`,
}

// configure writes an arc.conf of groups given as "name: rule; rule", all of
// them mapped and admitted.
func configure(groups, release string) string {
	var blocks, mapping, access strings.Builder
	for line := range strings.Lines(strings.TrimSpace(groups)) {
		name, rules, _ := strings.Cut(strings.TrimSpace(line), ": ")
		fmt.Fprintf(&blocks, "[authgroup:%s]\n%s\n", name, strings.ReplaceAll(rules, "; ", "\n"))
		fmt.Fprintf(&mapping, "map_to_user=%s nobody:nogroup\n", name)
		fmt.Fprintf(&access, "allowaccess=%s\n", name)
	}
	return head(release) + blocks.String() + "[mapping]\n" + mapping.String() + "[arex]\n[arex/ws]\n[arex/ws/jobs]\n" + access.String()
}

// needBlock says whether tokens count on the release only with [authtokens].
func needBlock(version string) bool {
	row, _ := release.Default().For(version)
	return row.TokensNeedBlock
}

func head(version string) string {
	if needBlock(version) {
		return "[common]\n[authtokens]\n"
	}
	return "[common]\n"
}

// status is the column of a measurement as a number; "not started" is 0.
func status(t *testing.T, text string) int {
	t.Helper()
	if text == "not started" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("status %q: %v", text, err)
	}
	return n
}

// TestMeasuredTokens repeats the rows of group A of the measurements: which
// groups a token, a certificate or nobody is a member of, and the answer.
func TestMeasuredTokens(t *testing.T) {
	count := 0
	for _, m := range measurements(t, "A") {
		configuration, variant, ok := strings.Cut(m.scenario, " | ")
		groups, known := configurations[configuration]
		if !known {
			continue
		}
		if !ok {
			variant = "base"
		}
		count++
		t.Run(m.release+" "+m.scenario, func(t *testing.T) {
			p := Model(load(t, m.release, configure(groups, m.release), nil))
			d := p.Evaluate(identity(t, variant), JobInfo)
			want := status(t, m.token+m.cert)
			if d.Status != want || d.Allowed != (want == 200) {
				t.Errorf("status %d, allowed %v, want %d: %s", d.Status, d.Allowed, want, d.Reason)
			}
			if want == 0 && m.token == "not started" {
				return
			}
			if diff := cmp.Diff(m.groups, slices.Compact(d.Groups), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("groups (-measured +got):\n%s", diff)
			}
		})
	}
	if count < 181 {
		t.Errorf("%d rows, want all of group A that have such a configuration", count)
	}
}

// TestMeasuredLines repeats the rows of group A that have one authgroup with
// the given lines.
func TestMeasuredLines(t *testing.T) {
	count := 0
	for _, m := range measurements(t, "A") {
		lines, start := strings.CutPrefix(m.scenario, "start: ")
		single, gen := strings.CutPrefix(m.scenario, "gen single ")
		variant := "base"
		switch {
		case gen:
			lines, variant, _ = strings.Cut(single, " | ")
		case !start:
			continue
		}
		count++
		t.Run(m.release+" "+m.scenario, func(t *testing.T) {
			conf := configure("dune: "+strings.ReplaceAll(lines, `\n`, "; "), m.release)
			p := Model(load(t, m.release, conf, nil))
			if d := p.Evaluate(identity(t, variant), JobInfo); d.Status != status(t, m.token) {
				t.Errorf("status %d, want %s: %s", d.Status, m.token, d.Reason)
			}
		})
	}
	if count < 60 {
		t.Errorf("%d rows, want all of group A with single groups", count)
	}
}
