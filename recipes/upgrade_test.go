package recipes_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/pki"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/recipes"
)

// conf6 is an arc.conf of ARC 6 with what the recipe upgrade changes.
const conf6 = `# A CE of ARC 6.
[common]
hostname=ce.example.org
x509_host_key=/etc/grid-security/hostkey.pem

# by nordugridmap
[userlist:local]
outfile=/etc/grid-security/local
# everybody
mapped_unixid=nobody

[authgroup:local]
-userlist=local
userlist=local

[authgroup:vo]
authtokens=* https://token.example.org/vo * compute.create *

[mapping]
map_to_user=local nobody
map_to_user=vo nobody

[lrms]
lrms=slurmpy
benchmark=HEPSPEC:12.26

[arex]
[arex/ws]
[arex/ws/jobs]
denyaccess=local

# nobody's
[gridftpd]
port=2811
[gridftpd/jobs]
allowaccess=vo
[queue:grid]
`

func upgradePlan(t testing.TB, w world) testCase {
	t.Helper()
	files := w.tree().with(tree{"/etc/arc.conf": conf6})
	s := w.loadFor(t, files.mem(t), "6.17.0", "7.2.0")
	return testCase{files, s, makeOn(t, "upgrade", s, recipes.Params{Args: map[string]string{"tokens": "no"}})}
}

// upgraded is arc.conf after the recipe.
func upgraded(t *testing.T, conf string, answers map[string]string) (string, recipes.Plan, error) {
	t.Helper()
	w := newWorld()
	s := w.loadFor(t, w.tree().with(tree{"/etc/arc.conf": conf}).mem(t), "6.17.0", "7.2.0")
	r, _ := recipes.Find("upgrade")
	plan, err := r.Make(s, recipes.Params{Args: answers})
	if err != nil {
		return "", plan, err
	}
	return edited(t, s, plan), plan, nil
}

func edited(t *testing.T, s *site.Site, plan recipes.Plan) string {
	t.Helper()
	for _, a := range plan.Actions {
		if e, ok := a.(recipes.EditConf); ok {
			data, err := source.Apply(s.Conf.Main, e.Edits)
			if err != nil {
				t.Fatal(err)
			}
			return string(data)
		}
	}
	return ""
}

const frame = "[common]\n[authgroup:a]\nvoms=vo.example.org * * *\n[authgroup:b]\nvoms=b.example.org * * *\n[mapping]\nmap_to_user=a nobody\nmap_to_user=b nobody\n[authtokens]\n[lrms]\nlrms=fork\n[arex]\n[infosys/ldap]\n[queue:fork]\n"

// TestUpgradeAccess: the list of [arex/ws/jobs] lets in who gets in today, as
// far as the administrator did not write otherwise.
func TestUpgradeAccess(t *testing.T) {
	for name, c := range map[string]struct {
		conf    string
		answers map[string]string
		want    string // the end of arc.conf
	}{
		"a list":             {"[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n", nil, "[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n"},
		"no list":            {"[arex/ws]\n[arex/ws/jobs]\n", nil, "[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\nallowaccess=b\n"},
		"no newline":         {"[arex/ws]\n[arex/ws/jobs]", nil, "[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\nallowaccess=b"},
		"who is denied":      {"[arex/ws]\n[arex/ws/jobs]\ndenyaccess=b\n# end\n", nil, "[arex/ws]\n[arex/ws/jobs]\ndenyaccess=b\nallowaccess=a\n# end\n"},
		"that of gridftp":    {"[arex/ws]\n[arex/ws/jobs]\n# all\n[gridftpd]\n[gridftpd/jobs]\nallowaccess=b\n# more\n", nil, "[arex/ws]\n[arex/ws/jobs]\nallowaccess=b\n# all\n# more\n"},
		"denied by gridftp":  {"[arex/ws]\n[arex/ws/jobs]\n[gridftpd]\n[gridftpd/jobs]\ndenyaccess=b\n", nil, "[arex/ws]\n[arex/ws/jobs]\ndenyaccess=b\nallowaccess=a\n"},
		"gridftp alone":      {"[gridftpd]\n# here\n[gridftpd/jobs]\n# b\nallowaccess=b\nmaxjobdesc=0\n", map[string]string{"rest": "yes"}, "# here\n[arex/ws]\n\n[arex/ws/jobs]\n# b\nallowaccess=b\nmaxjobdesc=0\n"},
		"gridftp, no list":   {"[gridftpd]\n[gridftpd/jobs]\nmaxjobdesc=0\n", map[string]string{"rest": "yes"}, "[arex/ws]\n\n[arex/ws/jobs]\nallowaccess=a\nallowaccess=b\nmaxjobdesc=0\n"},
		"no interface":       {"[gridftpd]\n", nil, ""},
		"information":        {"[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n[arex/ws/publicinfo]\n# whom\nallowaccess=b\n", nil, "[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n[infosys/accesscontrol]\n# whom\nallowaccess=b\n"},
		"public information": {"[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n[arex/ws/publicinfo]\n# all\n", nil, "[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n# all\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := upgraded(t, frame+c.conf, c.answers)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Replace(frame, "[authtokens]\n", "", 1) + c.want
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestUpgradeInformation: without [infosys/ldap] information on the CE is for
// users only, and stays so.
func TestUpgradeInformation(t *testing.T) {
	conf := strings.Replace(frame, "[infosys/ldap]\n", "", 1) + "[arex/ws]\n[arex/ws/jobs]\nallowaccess=a"
	got, _, err := upgraded(t, conf, nil)
	if err != nil || !strings.HasSuffix(got, "[arex/ws/jobs]\nallowaccess=a\n\n[infosys/accesscontrol]\nallowaccess=a\n") {
		t.Errorf("got %v, %q", err, got)
	}
	got, _, err = upgraded(t, conf, map[string]string{"public": "everybody"})
	if err != nil || strings.Contains(got, "accesscontrol") {
		t.Errorf("everybody may read it: got %v, %q", err, got)
	}
}

// TestUpgradeAsks: what lets in more people than today is not done without an
// answer, and what cannot be written otherwise is not done at all.
func TestUpgradeAsks(t *testing.T) {
	jobs := "[arex/ws]\n[arex/ws/jobs]\nallowaccess=a\n"
	untold := strings.Replace(frame, "[authtokens]\n", "", 1) + jobs
	tokenRule := strings.Replace(untold, "[authgroup:b]\n", "[authgroup:b]\nauthtokens=* https://token.example.org/vo * * *\n", 1)
	for name, c := range map[string]struct {
		conf    string
		answers map[string]string
		says    string // of the error, "" for none
		holds   string // of arc.conf afterwards
		lacks   string
	}{
		"argus":                {frame + jobs + "[arex/ws/argus]\n", nil, "--set argus=drop", "", ""},
		"argus, wrong answer":  {frame + jobs + "[arex/ws/argus]\n", map[string]string{"argus": "yes"}, "--set argus=drop", "", ""},
		"argus, dropped":       {frame + jobs + "[arex/ws/argus]\n", map[string]string{"argus": "drop"}, "", jobs, "argus"},
		"gridftp alone":        {frame + "[gridftpd]\n[gridftpd/jobs]\n", nil, "--set rest=yes", "", ""},
		"tokens":               {tokenRule, nil, "--set tokens=yes or --set tokens=no", "", ""},
		"no tokens":            {tokenRule + "[gridftpd]\n", map[string]string{"tokens": "no"}, "", "[authgroup:b]\nvoms", "authtokens"},
		"tokens counted":       {strings.Replace(tokenRule, "[lrms]\n", "[authtokens]\n[lrms]\n", 1), nil, "", "authtokens=* https", "[authtokens]"},
		"everybody":            {strings.Replace(untold, "[authgroup:b]\n", "[authgroup:b]\nall=yes\n", 1), nil, "authgroup b", "", ""},
		"everybody, no tokens": {strings.Replace(untold, "[authgroup:b]\n", "[authgroup:b]\nall=yes\n", 1), map[string]string{"tokens": "no"}, "", "[authgroup:b]\n-authtokens=* * * * *\nall=yes\n", "x"},
		"unknown list":         {strings.Replace(frame, "[authgroup:b]\n", "[authgroup:b]\nuserlist=u\n", 1) + jobs, nil, "whose file is not known", "", ""},
		"computed list":        {strings.Replace(frame, "[authgroup:b]\n", "[userlist:u]\noutfile=$EXEC{pwd}\n[authgroup:b]\nuserlist=u\n", 1) + jobs, nil, "whose file is not known", "", ""},
		"in none of two":       {strings.Replace(frame, "[authgroup:b]\n", "[userlist:u]\n[userlist:v]\n[authgroup:b]\n!userlist=u v\n", 1) + jobs, nil, "in none of several user lists", "", ""},
		"in one of two":        {strings.Replace(frame, "[authgroup:b]\n", "[userlist:u]\noutfile=/etc/u\n[userlist:v]\n[authgroup:b]\n-userlist=u v\n", 1) + jobs, nil, "", "[authgroup:b]\n-file=/etc/u\n-file=/etc/grid-security/grid-mapfile\n", "userlist"},
		"two batch systems":    {strings.Replace(frame, "lrms=fork\n", "lrms=fork\nlrms=slurm\n", 1) + jobs, nil, "keep one", "", ""},
		"one, twice":           {strings.Replace(frame, "lrms=fork\n", "lrms=fork\nlrms=fork\n", 1) + jobs, nil, "", "[lrms]\nlrms=fork\n[arex]", "x"},
		"a metric":             {frame + jobs + "[arex/ganglia]\nmetrics=staging, processingjobs,jobstates # x\n", nil, "", "metrics=staging,jobstates # x\n", "processing"},
		"the only metric":      {frame + jobs + "[arex/ganglia]\nmetrics=processingjobs\n# end\n", nil, "", "[arex/ganglia]\n# end\n", "metrics"},
		"broken header":        {frame + jobs + "[gridftpd] # here\n", nil, "repair it first", "", ""},
		"nothing to do":        {strings.Replace(frame, "[authtokens]\n", "", 1) + jobs, nil, "nothing to do", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := upgraded(t, c.conf, c.answers)
			if c.says != "" {
				if err == nil || !strings.Contains(err.Error(), c.says) {
					t.Errorf("error %v, want one that says %q", err, c.says)
				}
				return
			}
			if err != nil || !strings.Contains(got, c.holds) || c.lacks != "x" && strings.Contains(got, c.lacks) {
				t.Errorf("error %v, got %q, want it with %q and without %q", err, got, c.holds, c.lacks)
			}
		})
	}
}

// TestUpgradeEmptyGroup: a group whose rules on tokens all go is named to the
// person who keeps [mapping] and the lists.
func TestUpgradeEmptyGroup(t *testing.T) {
	w := newWorld()
	r, _ := recipes.Find("upgrade")
	files := w.tree()
	conf := "[common]\n[authgroup:b]\nauthtokens=* https://iss.example.org ce * *\n[authgroup:c]\nvoms=dune\nauthtokens=* https://iss.example.org ce * *\n" +
		"[mapping]\nmap_to_user=b dune\nmap_to_user=c dune\n[lrms]\nlrms=fork\n[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=b c\n[infosys]\n[infosys/glue2]\n"
	m := files.mem(t)
	if err := m.WriteFile("/etc/arc.conf", []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := site.Load(m, site.Options{ARCVersion: "6.17.0", Target: "7.2.0", Now: pki.Now})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := r.Make(s, recipes.Params{Args: map[string]string{"tokens": "no"}})
	if err != nil {
		t.Fatal(err)
	}
	after := strings.Join(plan.After, "\n")
	if !strings.Contains(after, "authgroup b out of [mapping]") || strings.Contains(after, "authgroup c out") {
		t.Errorf("want b named, and not c, whose other rule stays:\n%s", after)
	}
}

// TestUpgradeNeedsATarget says how to give one.
func TestUpgradeNeedsATarget(t *testing.T) {
	w := newWorld()
	r, _ := recipes.Find("upgrade")
	if _, err := r.Make(w.load(t, w.tree().mem(t), "6.17.0"), recipes.Params{}); err == nil || !strings.Contains(err.Error(), "--target 7.2.0") {
		t.Errorf("error %v, want one that names --target", err)
	}
}

// FuzzUpgrade: whatever stands in arc.conf, the recipe does not panic, its plan
// can be applied, and every comment is there afterwards, in its order.
func FuzzUpgrade(f *testing.F) {
	for _, seed := range []string{conf6, frame, strings.ReplaceAll(conf6, "\n", "\r\n"), frame + "[arex/ws/jobs]", "[gridftpd]\n[gridftpd]\n[arex/ws/publicinfo]\nallowaccess=a\n[arex/ws/publicinfo]\n[arex/ws]\n", "[authgroup:a]\n!userlist=\nall=yes\n[lrms]\nlrms=\nlrms\n"} {
		f.Add(seed)
	}
	r, _ := recipes.Find("upgrade")
	answers := map[string]string{"tokens": "no", "argus": "drop", "rest": "yes"}
	f.Fuzz(func(t *testing.T, conf string) {
		m := rootfs.NewMem()
		if err := m.WriteFile("/etc/arc.conf", []byte(conf), 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := site.Load(m, site.Options{ARCVersion: "6.17.0", Target: "7.2.0", Now: pki.Now})
		if err != nil {
			return
		}
		plan, err := r.Make(s, recipes.Params{Args: answers})
		if err != nil {
			return
		}
		after := edited(t, s, plan)
		if before := comments(conf); comments(after) != before {
			t.Errorf("the comments were %q and are %q", before, comments(after))
		}
	})
}

// comments are the lines that begin with #, joined.
func comments(conf string) string {
	var found []string
	for line := range strings.Lines(conf) {
		if strings.HasPrefix(line, "#") {
			found = append(found, strings.TrimRight(line, "\r\n"))
		}
	}
	return strings.Join(found, "\n")
}
