package main

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arclint/fixtures"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/x509name"
	"arclint/lint"
	"arclint/lint/catalog"
)

// BenchmarkCheck reads and checks a CE with all CAs of the IGTF distribution and
// of the system's store.
func BenchmarkCheck(b *testing.B) {
	tuneMemory()
	root, base := wholeCE(b)

	// What check reads of this CE leaves the system's CAs out; with another
	// x509_cert_policy it reads them too.
	for _, reads := range []struct {
		name     string
		onlyUsed bool
	}{{"grid CAs", true}, {"grid and system CAs", false}} {
		load := func(b *testing.B) *site.Site {
			tree, err := rootfs.Dir(root)
			must(b, err)
			s, err := site.Load(tree, site.Options{Root: root, Now: base.Now, Evidence: base.Evidence, OnlyUsed: reads.onlyUsed})
			must(b, err)
			must(b, tree.Close())
			if len(s.GridDir.Entries) < 300 || (len(s.System.Dir.Entries) < 200) != reads.onlyUsed {
				b.Fatalf("%d entries in the grid directory and %d in the system's", len(s.GridDir.Entries), len(s.System.Dir.Entries))
			}
			return s
		}
		// Rules share what they work out of a site, so each run needs a new one: the
		// rules alone take what whole takes more than load.
		b.Run(reads.name+"/load", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				load(b)
			}
		})
		b.Run(reads.name+"/whole", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if res := lint.Run(load(b), catalog.All()); res.Count(lint.Error) > 0 {
					b.Fatalf("%d errors in a sound site, the first %+v", res.Count(lint.Error), res.Findings[0])
				}
			}
		})
	}
}

// BenchmarkProcess is BenchmarkCheck as a user meets it: a process of the program
// as the Makefile builds it, from its start to its end. The wall time of a
// machine that does other work says little; min-cpu-ms is the CPU time, of all
// processors, of the cheapest run. check/any is the check where the CE looks at the
// system's CAs too and a recipe that edits arc.conf is tried.
func BenchmarkProcess(b *testing.B) {
	root, base := wholeCE(b)
	program := builtProgram(b)
	conf, err := os.ReadFile(root + "/etc/arc.conf")
	must(b, err)
	check := []string{"check", "--root", root, "--now", base.Now.Format(time.RFC3339)}
	for _, run := range []struct {
		name    string
		options string // more of [common]
		command []string
	}{{"--version", "", []string{"--version"}}, {"check", "", check}, {"check/any", "x509_cert_policy=any\n", check}} {
		b.Run(run.name, func(b *testing.B) {
			must(b, os.WriteFile(root+"/etc/arc.conf", bytes.Replace(conf, []byte("[common]\n"), []byte("[common]\n"+run.options), 1), 0o644))
			least, wall := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
			for b.Loop() {
				c := exec.Command(program, run.command...)
				begin := time.Now()
				if err := c.Run(); c.ProcessState == nil || c.ProcessState.ExitCode() > exitFindings {
					b.Fatal(err)
				}
				wall = min(wall, time.Since(begin))
				least = min(least, c.ProcessState.UserTime()+c.ProcessState.SystemTime())
			}
			b.ReportMetric(least.Seconds()*1e3, "min-cpu-ms")
			b.ReportMetric(wall.Seconds()*1e3, "min-wall-ms")
		})
	}
}

// builtProgram is the program as the Makefile builds it.
func builtProgram(b *testing.B) string {
	program := filepath.Join(b.TempDir(), "arclint")
	build := exec.Command("make", "-C", "../..", "build", "PROGRAM="+program)
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return program
}

// wholeCE writes a CE with all CAs of the IGTF distribution and of the system's
// store, as Debian's packages install them, to a real disk. The packages may
// stand elsewhere: ARCLINT_IGTF_DIRS lists the directories of the IGTF profiles,
// separated by colons, ARCLINT_MOZILLA_DIR is that of the system's CAs.
func wholeCE(b *testing.B) (root string, base *fixtures.Site) {
	profiles := strings.Split(os.Getenv("ARCLINT_IGTF_DIRS"), ":")
	if profiles[0] == "" {
		profiles, _ = filepath.Glob("/usr/share/igtf-policy/*")
	}
	mozilla := os.Getenv("ARCLINT_MOZILLA_DIR")
	if mozilla == "" {
		mozilla = "/usr/share/ca-certificates/mozilla"
	}
	if _, err := os.Stat(mozilla); err != nil || len(profiles) == 0 {
		b.Skip("there are no CAs to read: install igtf-policy-* and ca-certificates, or set ARCLINT_IGTF_DIRS and ARCLINT_MOZILLA_DIR")
	}
	root = filepath.Join(b.TempDir(), "ce")
	base, err := fixtures.Base("7.2.0")
	must(b, err)
	must(b, writeTree(root, base.Tree))
	installIGTF(b, root, profiles)
	installSystem(b, root, mozilla)
	return root, base
}

func must(b testing.TB, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// installIGTF does what the packages do: the files of a profile stand in
// /usr/share/igtf-policy, and the directory of trust anchors has a link to each
// of them, but for what is a link already (HASH.0 to NAME.pem), which it repeats.
func installIGTF(b *testing.B, root string, profiles []string) {
	for _, profile := range profiles {
		within := filepath.Join("/usr/share/igtf-policy", filepath.Base(profile))
		must(b, os.MkdirAll(root+within, 0o755))
		must(b, os.CopyFS(root+within, os.DirFS(profile)))
		entries, err := os.ReadDir(profile)
		must(b, err)
		for _, e := range entries {
			target := filepath.Join(within, e.Name())
			if e.Type()&os.ModeSymlink != 0 {
				target, err = os.Readlink(filepath.Join(profile, e.Name()))
				must(b, err)
			}
			must(b, os.Symlink(target, filepath.Join(root, "etc/grid-security/certificates", e.Name())))
		}
	}
}

// installSystem copies the system's CAs and does what update-ca-certificates
// does: links, hash links and the bundle.
func installSystem(b *testing.B, root, mozilla string) {
	const within = "/usr/share/ca-certificates/mozilla"
	certs := filepath.Join(root, "etc/ssl/certs")
	files, err := filepath.Glob(mozilla + "/*.crt")
	must(b, err)
	var bundle bytes.Buffer
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(b, err)
		name := strings.TrimSuffix(filepath.Base(file), ".crt")
		must(b, os.WriteFile(filepath.Join(root, within, name+".crt"), text, 0o644))
		must(b, os.Symlink(within+"/"+name+".crt", filepath.Join(certs, name+".pem")))
		block, _ := pem.Decode(text)
		cert, err := x509.ParseCertificate(block.Bytes)
		must(b, err)
		hash, err := x509name.Hash(cert.RawSubject)
		must(b, err)
		number := 0
		for os.Symlink(name+".pem", filepath.Join(certs, fmt.Sprintf("%s.%d", x509name.Format(hash), number))) != nil {
			number++
		}
		bundle.Write(text)
	}
	must(b, os.WriteFile(filepath.Join(certs, "ca-certificates.crt"), bundle.Bytes(), 0o644))
}
