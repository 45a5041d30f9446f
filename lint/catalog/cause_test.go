package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
)

// soundConf has, in each place where a value names something, one that is there.
const soundConf = `[common]
hostname=ce.example.org
x509_cert_dir=/etc/grid-security/certificates
x509_host_cert=/etc/grid-security/hostcert.pem
x509_host_key=/etc/grid-security/hostkey.pem
x509_voms_dir=/etc/grid-security/vomsdir
[authgroup:list]
file=/srv/list
[authgroup:dune]
authtokens=jane https://issuer.example.org/dune https://ce.example.org * *
[mapping]
map_with_file=list /srv/map
map_to_user=dune dune:dune
[lrms]
lrms=fork
[arex]
controldir=/var/spool/arc/jobstatus
sessiondir=/scratch
[arex/cache]
cachedir=/cache
[arex/ws]
wsurl=https://ce.example.org:443/arex
[arex/ws/jobs]
allowaccess=list
allowaccess=dune
[infosys]
[infosys/glue2]
admindomain_name=EXAMPLE
[infosys/cluster]
[queue:fork]
`

// TestCauseAlone spoils each value in each way: what is wrong with the value is
// said, and not what follows from it for the thing that the value names.
func TestCauseAlone(t *testing.T) {
	spoil := map[string]func(name, value string) string{
		"quotes":    func(n, v string) string { return n + `="` + v + `"` },
		"a comment": func(n, v string) string { return n + "=" + v + " # new" },
		"relative":  func(n, v string) string { return n + "=" + strings.TrimPrefix(v, "/") },
		"evaluated": func(n, v string) string { return n + "=$EXEC{echo " + v + "}" },
		"empty":     func(n, _ string) string { return n + "=" },
		"repeated":  func(n, v string) string { return n + "=" + v + "\n" + n + "=" + v + "2" },
	}
	for _, version := range []string{"6.17.0", "7.0.0", "7.2.0"} {
		sound := causesOf(t, version, soundConf)
		for line := range strings.Lines(soundConf) {
			name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			if !ok {
				continue
			}
			for way, spoiled := range spoil {
				switch {
				case way == "relative" && !strings.HasPrefix(value, "/"), way == "repeated" && repeatable(name):
					continue
				case way == "empty" && repeatable(name):
					continue // the line no longer names the group, which is missing besides
				}
				found := causesOf(t, version, strings.Replace(soundConf, line, spoiled(name, value)+"\n", 1))
				var added []string
				for said := range found {
					if !sound[said] {
						added = append(added, said)
					}
				}
				if len(added) > 1 {
					t.Errorf("ARC %s, %s with %s: %d findings, want the cause alone:\n%s", version, name, way, len(added), strings.Join(added, "\n"))
				}
			}
		}
	}
}

// repeatable are names that may stand several times, so that the second one is
// a value of its own.
func repeatable(name string) bool {
	return strings.HasPrefix(name, "map_") || name == "allowaccess" || name == "authtokens" || name == "file" || name == "sessiondir" || name == "cachedir"
}

// causesOf gives what is found, without the lines on which it stands.
func causesOf(t *testing.T, version, conf string) map[string]bool {
	t.Helper()
	base, err := fixtures.Base(version)
	if err != nil {
		t.Fatal(err)
	}
	over := rootfs.Overlay(base.Tree)
	for name, text := range map[string]string{
		"/etc/arc.conf": conf, "/srv/list": "/DC=org/DC=example/CN=Jane Doe\n", "/srv/map": "\"/DC=org/DC=example/CN=Jane Doe\" dune\n",
	} {
		if err := over.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := site.Load(over, site.Options{Root: "/", Now: base.Now, Evidence: base.Evidence})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, f := range lint.Run(s, catalog.All()).Findings {
		found[fmt.Sprintf("%s: %s: %s", f.Path, f.Rule, f.Message())] = true
	}
	return found
}
