package catalog_test

import (
	_ "embed"
	"strings"
	"testing"
	"unicode/utf16"

	"arclint/fixtures"
	"arclint/internal/rootfs"
	"arclint/lint"
	"arclint/lint/catalog"
)

// measuredTable holds what CEs of each release answered: group, scenario,
// release, status with a token, status with a client certificate.
//
//go:embed testdata/measured.tsv
var measuredTable string

type row struct{ group, scenario, release, token, certificate string }

func measured(t *testing.T) []row {
	var rows []row
	for line := range strings.Lines(measuredTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 5 {
			t.Fatalf("%q has %d columns, want 5", line, len(f))
		}
		rows = append(rows, row{f[0], f[1], f[2], f[3], f[4]})
	}
	return rows
}

// TestMeasuredReading rebuilds what was measured. Where a CE did not answer as
// its configuration says, an error must stand; where it did, none may.
// Warnings and notes may stand in both.
func TestMeasuredReading(t *testing.T) {
	used := map[string]bool{}
	for _, r := range measured(t) {
		used[r.scenario] = true
		if undecided[r.scenario] != "" {
			continue
		}
		t.Run(r.scenario+" on "+r.release, func(t *testing.T) {
			change, ok := scenarios[r.scenario]
			if !ok {
				t.Fatal("the scenario is neither rebuilt nor listed as undecided")
			}
			checkReading(t, r, change)
		})
	}
	for _, table := range []map[string]string{undecided, hiccups, joblessly, refused, meant} {
		for scenario := range table {
			if !used[strings.TrimSuffix(scenario, " on 6.17.0")] {
				t.Errorf("%q was never measured", scenario)
			}
		}
	}
	for scenario := range scenarios {
		if !used[scenario] {
			t.Errorf("%q was never measured", scenario)
		}
	}
}

func checkReading(t *testing.T, r row, change change) {
	var errors []string
	for _, f := range lint.Run(load(t, rebuilt(t, r.release, change)), catalog.All()).Findings {
		if f.Severity == lint.Error {
			errors = append(errors, f.Rule+": "+text(f))
		}
	}
	switch faulty := isFaulty(r); {
	case faulty && len(errors) == 0:
		t.Errorf("the CE answered %q and %q, and no error stands", r.token, r.certificate)
	case !faulty && len(errors) > 0:
		t.Errorf("the CE answered as it should, and these errors stand:\n%s", strings.Join(errors, "\n"))
	}
}

// isFaulty says whether the CE answered otherwise than its configuration says.
func isFaulty(r row) bool {
	seven := r.release != "6.17.0"
	switch {
	case hiccups[r.scenario] != "":
		return false
	case joblessly[r.scenario] != "", refused[r.scenario] != "" && seven:
		return true
	case r.group == "B":
		want, ok := meant[r.scenario+" on "+r.release]
		if !ok {
			want = meant[r.scenario]
		}
		return r.token != want
	}
	return !isFine(r.token) || !isFine(r.certificate)
}

func isFine(status string) bool { return status == "" || status == "200" }

// undecided are the scenarios that the files of a site do not decide, with the
// reason.
var undecided = map[string]string{
	"[arex/ws] without wsurl": "the default port 443 was taken by another program in the lab; otherwise it works (arc-behaviour C12)",
	"conf.d duplicate block within one file": "the lost rule was that of a user who was not asked for; " +
		"conf/duplicate-block calls the loss an error (arc-behaviour B4, C10)",
}

// hiccups failed once and were repeated: both times 200.
var hiccups = map[string]string{
	"trailing spaces and tab": "7.0.0",
	"UTF-8 in a comment":      "6.17.0",
}

// joblessly are scenarios whose CE was asked for the list of its jobs alone, and takes
// none: the fact.
var joblessly = map[string]string{
	"no queue": "arc-behaviour J1",
}

// refused are scenarios that were measured with a token alone, and refuse
// client certificates on ARC 7: the reason.
var refused = map[string]string{
	"two x509_cert_dir":            "cert: x509_cert_dir=/etc/grid-security/certificates + x509_cert_dir=/etc/grid-security/custom",
	"double quoted value":          `cert: x509_cert_dir="/etc/grid-security/custom"`,
	"single quoted value":          `cert: x509_cert_dir="/etc/grid-security/custom"`,
	"inline comment after value":   "cert: x509_cert_dir=/etc/grid-security/custom # ours",
	"relative x509_cert_dir":       "cert: x509_cert_dir=grid",
	"variable $VAR in value":       "the value is a file: cert: x509_cert_dir=/nosuch",
	"environment ${HOME} in value": "the value is relative: cert: x509_cert_dir=grid",
}

// meant is what the configurations of group B say: what each user should get.
// ARC 6.17 does not enforce allowaccess (arc-behaviour S5).
var meant = map[string]string{
	"[authgroup :a] space before colon":                                           "alice=200 bob=403",
	"[ authgroup:a ] spaces inside":                                               "alice=200 bob=403",
	"  [authgroup:a] leading spaces":                                              "alice=200 bob=403",
	"  [authgroup:a] leading spaces on 6.17.0":                                    "alice=200 bob=200",
	"[authgroup: a] space after colon":                                            "alice=200 bob=403",
	"[authgroup: a] space after colon on 6.17.0":                                  "alice=200 bob=200",
	"[authgroup:a] # comment after block (b first)":                               "alice=403 bob=200",
	"[AuthGroup:a] upper case (b first)":                                          "alice=200 bob=200",
	"[authgroup:a without bracket (b first)":                                      "alice=403 bob=200",
	"[authgroup:a b] space in name":                                               "alice=200 bob=403",
	"[authgroup] without a name":                                                  "alice=200 bob=403",
	"duplicate [authgroup:a]: alice first, bob second":                            "alice=200 bob=200",
	"duplicate [authgroup:a] with other blocks between":                           "alice=200 bob=200",
	"duplicate [mapping] blocks":                                                  "alice=200 bob=200",
	"duplicate [arex/ws/jobs] blocks":                                             "alice=200 bob=200",
	"duplicate [arex/ws/jobs] blocks on 6.17.0":                                   "alice=200 bob=403",
	"authgroups defined after [arex/ws/jobs]":                                     "alice=200 bob=403",
	"authgroups defined after [arex/ws/jobs] on 6.17.0":                           "alice=200 bob=200",
	"no mapping block":                                                            "alice=200 bob=403",
	"no [arex/ws/jobs] block":                                                     "alice=200 bob=403",
	"wsurl http://":                                                               "alice=200 bob=403",
	"6.17 without [authtokens] / 7.x with it":                                     "alice=200 bob=403",
	"userlist= (6.17 [userlist:u])":                                               "alice=200 bob=200",
	"both mapped, allowaccess=a, [infosys/accesscontrol] allowaccess=a":           "alice GET=200 bob GET=403",
	"both mapped, allowaccess=a, [infosys/accesscontrol] allowaccess=a on 6.17.0": "alice GET=200 bob GET=200",
	"map_to_user comment after value":                                             "alice=200 bob=500",
	"map_to_user comment after value on 6.17.0":                                   "alice=200 bob=403",
}

// rebuilt is the base site with the change.
func rebuilt(t *testing.T, release string, change change) *fixtures.Site {
	base, err := fixtures.Base(release)
	if err != nil {
		t.Fatal(err)
	}
	const path = "/etc/arc.conf"
	conf, _, err := rootfs.Read(base.Tree, path, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	c := &changing{T: t, release: release, tree: rootfs.Overlay(base.Tree), conf: string(conf)}
	change(c)
	c.write(path, c.conf)
	base.Tree = c.tree
	return base
}

// changing is a site while it is changed.
type changing struct {
	*testing.T
	release string
	tree    *rootfs.Mem
	conf    string
}

type change func(c *changing)

func (c *changing) write(path, text string) {
	c.Helper()
	if err := c.tree.WriteFile(path, []byte(text), 0o644); err != nil {
		c.Fatal(err)
	}
}

func (c *changing) move(from, to string) {
	c.Helper()
	data, info, err := rootfs.Read(c.tree, from, 1<<20)
	if err == nil {
		err = c.tree.WriteFile(to, data, info.Mode)
	}
	if err == nil {
		err = c.tree.Remove(from)
	}
	if err != nil {
		c.Fatal(err)
	}
}

// set puts a text in the place of another of arc.conf, which must stand there
// once. Further pairs may follow.
func set(pairs ...string) change {
	return func(c *changing) {
		for i := 0; i < len(pairs); i += 2 {
			if n := strings.Count(c.conf, pairs[i]); n != 1 {
				c.Fatalf("%q stands %d times in arc.conf, want once", pairs[i], n)
			}
			c.conf = strings.Replace(c.conf, pairs[i], pairs[i+1], 1)
		}
	}
}

// below puts lines below a header.
func below(header string, lines ...string) change {
	return set("["+header+"]\n", "["+header+"]\n"+strings.Join(lines, "\n")+"\n")
}

// common puts lines below [common]. A second trust directory is there: on ARC
// 6.17 it did not hold the host certificate's CA.
func common(lines ...string) change {
	return both(func(c *changing) {
		make := func() error { return c.tree.Symlink(gridDir, customDir) }
		if c.release == "6.17.0" {
			make = func() error { return c.tree.Mkdir(customDir, 0o755) }
		}
		if err := make(); err != nil {
			c.Fatal(err)
		}
	}, below("common", lines...))
}

// without takes a whole block away.
func without(header string) change {
	return func(c *changing) {
		before, rest, ok := strings.Cut(c.conf, "["+header+"]\n")
		if !ok {
			c.Fatalf("arc.conf has no block %s", header)
		}
		if n := strings.Index(rest, "\n["); n >= 0 {
			before += rest[n+1:]
		}
		c.conf = before
	}
}

func rewritten(change func(conf string) string) change {
	return func(c *changing) { c.conf = change(c.conf) }
}

// confd adds files of arc.conf.d: name, text, name, text.
func confd(files ...string) change {
	return func(c *changing) {
		for i := 0; i < len(files); i += 2 {
			c.write("/etc/arc.conf.d/"+files[i], files[i+1])
		}
	}
}

func both(changes ...change) change {
	return func(c *changing) {
		for _, change := range changes {
			change(c)
		}
	}
}

const (
	gridDir   = "/etc/grid-security/certificates"
	customDir = "/etc/grid-security/custom"
	access    = "allowaccess=dune\nallowaccess=vo\n"
	mapping   = "map_to_user=dune dune:dune\nmap_to_user=vo griduser:griduser\n"
	wsurl     = "wsurl=https://ce.example.org:443/arex\n"
	dune      = "[authgroup:dune]\n"
)

// scenarios change the base site as the lab's arc.conf was changed.
var scenarios = map[string]change{
	"baseline": set(),

	// Lists of suites (arc-behaviour D11).
	"tlsciphers=HIGH:@SECLEVEL=9":       below("arex/ws", "tlsciphers=HIGH:@SECLEVEL=9"),
	"tlsciphers=HIGH:@NOSUCH":           below("arex/ws", "tlsciphers=HIGH:@NOSUCH"),
	"tlsciphers=HIGH:@SECLEVEL":         below("arex/ws", "tlsciphers=HIGH:@SECLEVEL"),
	"tlsciphers=NOSUCH":                 below("arex/ws", "tlsciphers=NOSUCH"),
	"tlsciphers=TLS_AES_256_GCM_SHA384": below("arex/ws", "tlsciphers=TLS_AES_256_GCM_SHA384"),
	"tlsciphers=!ALL":                   below("arex/ws", "tlsciphers=!ALL"),

	// Repeated options.
	"two x509_cert_dir": common("x509_cert_dir="+gridDir, "x509_cert_dir="+customDir),
	"two lrms":          below("lrms", "lrms=slurm"),
	"two wsurl":         below("arex/ws", "wsurl=https://other.example.org/x"),
	"two controldir":    below("arex", "controldir=/var/spool/arc/other"),
	"two hostname":      common("hostname=a.b"),

	// Quotes, comments, references.
	"double quoted value":              common(`x509_cert_dir="` + gridDir + `"`),
	"single quoted value":              common(`x509_cert_dir='` + gridDir + `'`),
	"quoted controldir":                set("controldir=/var/spool/arc/jobstatus", `controldir="/var/spool/arc/jobstatus"`),
	"inline comment after value":       common("x509_cert_dir=" + gridDir + " # our CAs"),
	"inline comment after wsurl":       set(wsurl, strings.TrimSpace(wsurl)+" # url\n"),
	"inline comment after allowaccess": set("allowaccess=dune\n", "allowaccess=dune # us\n"),
	"inline comment after authtokens":  set(" *\n\n[authgroup:vo]", " * # rule\n\n[authgroup:vo]"),
	"variable $VAR in value":           common("x509_cert_dir=$VAR{x509_host_cert}"),
	"environment ${HOME} in value":     common("x509_cert_dir=${HOME}/certs"),
	"$EXEC{echo hello} in arc.conf":    below("arex", "mail=$EXEC{echo hello}"),
	"$EVAL{1+1} in arc.conf":           below("arex", "mail=$EVAL{1+1}"),

	// Blanks, line ends, encodings.
	"spaces around =":                        set("controldir=", "controldir = "),
	"leading spaces on options":              set("controldir=", "  controldir="),
	"leading tabs on options":                set("controldir=", "\t\tcontroldir="),
	"tab around =":                           set("allowaccess=dune", "allowaccess\t=\tdune"),
	"trailing spaces and tab":                set("allowaccess=dune\n", "allowaccess=dune  \t\n"),
	"CRLF line endings":                      rewritten(func(conf string) string { return strings.ReplaceAll(conf, "\n", "\r\n") }),
	"CR only (old Mac)":                      rewritten(func(conf string) string { return strings.ReplaceAll(conf, "\n", "\r") }),
	"UTF-8 BOM":                              rewritten(func(conf string) string { return "\ufeff" + conf }),
	"UTF-8 BOM, comment line first":          rewritten(func(conf string) string { return "\ufeff# a comment\n" + conf }),
	"latin-1 byte in a comment":              rewritten(func(conf string) string { return "# caf\xe9\n" + conf }),
	"UTF-8 in a comment":                     rewritten(func(conf string) string { return "# caf\u00e9\n" + conf }),
	"UTF-16":                                 rewritten(inUTF16),
	"no newline at end":                      rewritten(func(conf string) string { return strings.TrimRight(conf, "\n") }),
	"no newline at end, last line an option": rewritten(func(conf string) string { return conf + "comment=x" }),

	// Names.
	"option before any block":                    rewritten(func(conf string) string { return "hostname=x\n" + conf }),
	"unknown block":                              rewritten(func(conf string) string { return conf + "[nosuchblock]\nfoo=bar\n" }),
	"unknown block with allowaccess inside jobs": set(access, access+"[arex/ws/typo]\nallowaccess=zzz\n"),
	"unknown option":                             below("arex", "nosuchoption=1"),
	"bare subject in an authgroup":               below("authgroup:dune", "/DC=org/DC=example/CN=Jane"),
	"bare subject with ! in an authgroup":        below("authgroup:dune", `!"/DC=org/DC=example/CN=Jane"`),
	"no-break space before an option":            below("arex", "\u00a0loglevel=5"),
	"no-break space behind a header":             rewritten(func(conf string) string { return conf + "[queue:long]\u00a0\ncomment=x\n" }),
	"no-break space behind the =":                below("arex", "loglevel=\u00a05"),
	"no-break space alone on a line":             below("arex", "\u00a0"),
	"unknown option in a replaced block":         set("[arex/ws]", "[arex/ws]\nnosuchoption=1\n[arex/ws]"),
	"unknown option in a list of users":          rewritten(func(conf string) string { return conf + "[userlist:old]\nsource=file:///tmp/x\nnosuchoption=1\n" }),
	"allownew=false":                             below("arex/ws/jobs", "allownew=false"),
	"maxjobdesc=5M":                              below("arex/ws/jobs", "maxjobdesc=5M"),
	"upper case option":                          common("X509_CERT_DIR=" + customDir),
	"upper case option allowaccess":              set(access, "AllowAccess=dune\n"),
	"upper case block [AREX/WS/JOBS]":            set("[arex/ws/jobs]", "[AREX/WS/JOBS]"),

	// Missing blocks and options.
	"[arex/ws/jobs] without [arex/ws]": without("arex/ws"),
	"no [arex]":                        without("arex"),
	"no [lrms]":                        without("lrms"),
	"no [infosys]":                     both(without("infosys"), without("infosys/glue2"), without("infosys/cluster")),
	"no [common]":                      without("common"),
	"no queue":                         without("queue:fork"),
	"no hostname":                      set("hostname=ce.example.org\n", ""),

	// Values and lines.
	"empty value x509_cert_dir=":  common("x509_cert_dir="),
	"empty value allowaccess=":    set(access, "allowaccess=\n"),
	"option without =":            set(access, "allowaccess\n"),
	"option with : instead of =":  set(access, "allowaccess: dune\n"),
	"option space value, no =":    set(access, "allowaccess dune\n"),
	"line continuation backslash": set(access, "allowaccess=\\\ndune\n"),
	"semicolon comment":           both(set(mapping, "; map_to_user=dune root\n"+mapping), rewritten(func(conf string) string { return "; comment\n" + conf })),
	"indented comment":            set(mapping, "  # a comment here\n  #map_to_user = dune root\n"+mapping),
	"blocks in odd order":         both(without("common"), rewritten(func(conf string) string { return conf + "[common]\nhostname=ce.example.org\n" })),
	"duplicate [common]: second has only hostname": both(common("x509_host_key=/etc/grid-security/ce.key", "x509_host_cert=/etc/grid-security/ce.pem"),
		rewritten(func(conf string) string { return conf + "[common]\nhostname=ce.example.org\n" })),
	"relative x509_cert_dir":            common("x509_cert_dir=grid"),
	"x509_cert_dir with trailing slash": common("x509_cert_dir=" + gridDir + "/"),
	"yes/no as true":                    below("arex", "watchdog=true"),
	"loglevel=DEBUG":                    below("arex", "loglevel=DEBUG"),
	"loglevel=debug":                    below("arex", "loglevel=debug"),

	// arc.conf.d.
	"conf.d overrides hostname": confd("10-site.conf", "[common]\nhostname=other.example.org\n"),
	"conf.d adds an authgroup, mapping, access": confd("10-site.conf",
		"[authgroup:extra]\nauthtokens=* https://issuer.example.org/dune https://ce.example.org * *\n[mapping]\nmap_to_user=extra nobody\n[arex/ws/jobs]\nallowaccess=extra\n"),
	"conf.d same authgroup name": confd("10-site.conf", dune+"authtokens=bob https://issuer.example.org/dune https://ce.example.org * *\n"),
	"conf.d order 20 before 10":  both(below("arex", "loglevel=5"), confd("20-b.conf", "[arex]\nloglevel=2\n", "10-a.conf", "[arex]\nloglevel=1\n")),
	"conf.d not .conf":           both(below("arex", "loglevel=5"), confd("10-a.txt", "[arex]\nloglevel=1\n")),
	"conf.d subdirectory":        both(below("arex", "loglevel=5"), confd("sub/10-a.conf", "[arex]\nloglevel=2\n")),
	"conf.d hidden .x.conf":      both(below("arex", "loglevel=5"), confd(".x.conf", "[arex]\nloglevel=2\n")),
	"conf.d x509_host_key twice": both(common("x509_host_key=/etc/grid-security/hostkey.pem"), confd("10-a.conf", "[common]\nx509_host_key=/etc/grid-security/hostkey.pem\n")),
	"x509_host_key different path via conf.d": both(func(c *changing) {
		c.move("/etc/grid-security/hostkey.pem", "/etc/grid-security/ce.key")
	}, confd("10-a.conf", "[common]\nx509_host_key=/etc/grid-security/ce.key\n")),

	// The same with a client certificate.
	"cert: baseline":                    set(),
	"cert: UTF-8 in a comment (repeat)": common("# caf\u00e9"),
	"cert: trailing spaces (repeat)":    set("allowaccess=dune\n", "allowaccess=dune  \t\n"),
	"cert: x509_cert_dir=" + gridDir + " + x509_cert_dir=" + customDir: common("x509_cert_dir="+gridDir, "x509_cert_dir="+customDir),
	`cert: x509_cert_dir="` + customDir + `"`:                          common(`x509_cert_dir="` + customDir + `"`),
	"cert: x509_cert_dir=" + customDir + " # ours":                     common("x509_cert_dir=" + customDir + " # ours"),
	"cert: x509_cert_dir=":                                             common("x509_cert_dir="),
	"cert: x509_cert_dir=grid":                                         common("x509_cert_dir=grid"),
	"cert: x509_cert_dir=" + customDir + "/":                           common("x509_cert_dir=" + customDir + "/"),
	"cert: x509_cert_dir=/nosuch":                                      common("x509_cert_dir=/nosuch"),
	"cert: X509_CERT_DIR=" + customDir:                                 common("X509_CERT_DIR=" + customDir),
	"cert: x509_cert_dir=" + customDir + ":" + gridDir:                 common("x509_cert_dir=" + customDir + ":" + gridDir),
	"cert: x509_cert_policy=grid # x":                                  common("x509_cert_policy=grid # x"),
	"cert: x509_cert_policy=Grid":                                      common("x509_cert_policy=Grid"),
	"cert: x509_cert_policy=":                                          common("x509_cert_policy="),
	"cert: x509_cert_policy=bogus":                                     common("x509_cert_policy=bogus"),
	"cert: x509_cert_policy=grid + x509_cert_policy=grid":              common("x509_cert_policy=grid", "x509_cert_policy=grid"),

	// Blocks of group B.
	"[authgroup :a] space before colon":                 set(dune, "[authgroup :dune]\n"),
	"[ authgroup:a ] spaces inside":                     set(dune, "[ authgroup:dune ]\n"),
	"  [authgroup:a] leading spaces":                    set(dune, "  "+dune),
	"[authgroup: a] space after colon":                  set(dune, "[authgroup: dune]\n"),
	"[authgroup:a] # comment after block (b first)":     set(dune, "[authgroup:first]\n[authgroup:dune] # comment\n"),
	"[AuthGroup:a] upper case (b first)":                set(dune, "[AuthGroup:dune]\n"),
	"[authgroup:a without bracket (b first)":            set(dune, "[authgroup:first]\n[authgroup:dune\n"),
	"[authgroup:a b] space in name":                     set(dune, "[authgroup:dune b]\n"),
	"[authgroup] without a name":                        set(dune, "[authgroup]\n"),
	"duplicate [authgroup:a]: alice first, bob second":  set(dune, dune+"authtokens=alice https://issuer.example.org/dune https://ce.example.org * *\n"+dune),
	"duplicate [authgroup:a] with other blocks between": set(dune, dune+"authtokens=alice https://issuer.example.org/dune https://ce.example.org * *\n[custom:x]\n"+dune),
	"duplicate [mapping] blocks":                        set(mapping, "map_to_user=dune dune\n[mapping]\nmap_to_user=vo griduser\n"),
	"duplicate [arex/ws/jobs] blocks":                   set(access, "allowaccess=dune\n[arex/ws/jobs]\nallowaccess=vo\n"),
	"authgroups defined after [arex/ws/jobs]":           both(without("authgroup:vo"), rewritten(func(conf string) string { return conf + "[authgroup:vo]\nvoms=vo.example.org * * *\n" })),
	"no mapping block":                                  without("mapping"),
	"no [arex/ws/jobs] block":                           without("arex/ws/jobs"),
	"wsurl http://":                                     set("wsurl=https://ce.example.org:443/", "wsurl=http://ce.example.org:80/"),
	"6.17 without [authtokens] / 7.x with it": func(c *changing) {
		if strings.Contains(c.conf, "[authtokens]\n") {
			without("authtokens")(c)
			return
		}
		c.conf += "[authtokens]\n"
	},
	"userlist= (6.17 [userlist:u])":                                     both(below("authgroup:dune", "userlist=u"), func(c *changing) { c.conf += "[userlist:u]\noutfile=/etc/grid-security/u.list\n" }),
	"both mapped, allowaccess=a, [infosys/accesscontrol] allowaccess=a": func(c *changing) { c.conf += "[infosys/accesscontrol]\nallowaccess=dune\n" },
	"map_to_user comment after value":                                   set("map_to_user=dune dune:dune\n", "map_to_user=dune dune:dune # c\n"),
}

// inUTF16 writes a text as Windows editors do: little endian, with a mark.
func inUTF16(conf string) string {
	out := []byte("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(conf)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}
