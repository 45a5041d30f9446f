//go:build lab

package lab

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"arclint/internal/release"
)

// Suite is a Debian suite whose ARC is asked.
type Suite struct {
	Name     string
	Measured string // the ARC release that it had when the facts were measured
	Does     release.Row
	Release  string // the one that it has in the chroot, "" before there is one
	args     []string
}

// Unmeasured says whether the suite has moved on: its ARC is judged as the one
// that was measured, and may do otherwise.
func (s Suite) Unmeasured() bool { return !s.Does.Is(s.Release) }

// WithRelease gives the suite with the release of ARC that the chroot has.
func (s Suite) WithRelease(chroot string) (Suite, error) {
	data, err := os.ReadFile(filepath.Join(chroot, "usr/lib/python3/dist-packages/arc/paths_dist.py"))
	if err != nil {
		return s, err
	}
	_, after, _ := strings.Cut(string(data), "ARC_VERSION = '")
	s.Release, _, _ = strings.Cut(after, "'")
	return s, nil
}

// Suites are those of Debian with which the releases were measured, oldest
// first.
func Suites() []Suite {
	var suites []Suite
	for _, r := range release.Default().All() {
		s := Suite{Name: r.Suite, Measured: r.Measured, Does: r}
		if s.Name == "sid" {
			// It has no point releases: a mirror that lags has a Release file that calls
			// itself outdated.
			s.args = []string{`--aptopt=Acquire::Check-Valid-Until "false"`}
		}
		suites = append(suites, s)
	}
	return suites
}

var packages = []string{
	"nordugrid-arc-arex", "nordugrid-arc-arcctl", "nordugrid-arc-arcctl-service", "nordugrid-arc-plugins-arcrest", "nordugrid-arc-client",
	"igtf-policy-classic", "igtf-policy-mics", "igtf-policy-slcs", "igtf-policy-iota",
	"ca-certificates", "openssl", "curl",
}

// prepare runs before the packages are configured: no service is started, and
// the names are known for which ARC's post-install makes certificates.
const prepare = `printf '#!/bin/sh\nexit 101\n' > "$1/usr/sbin/policy-rc.d" && chmod 755 "$1/usr/sbin/policy-rc.d" && ` +
	`printf '127.0.0.1 localhost %s ce.example.org issuer.example.org other.example.org\n' "$(hostname)" > "$1/etc/hosts"`

// Missing says in one line what the lab needs and this machine lacks; "" where
// it has everything.
func Missing() string {
	var lacks []string
	if os.Geteuid() != 0 {
		lacks = append(lacks, "root")
	}
	for _, tool := range []string{"mmdebstrap", "unshare", "nsenter", "apt-get"} {
		if _, err := exec.LookPath(tool); err != nil {
			lacks = append(lacks, tool)
		}
	}
	if len(lacks) == 0 {
		return ""
	}
	return "the lab needs root and Debian's packages mmdebstrap and util-linux; this machine lacks " + strings.Join(lacks, ", ")
}

// Chroot gives the suite's chroot below the cache, which it makes where there is
// none or where the list of packages has changed. Nothing writes to it
// afterwards: a CE runs on an overlay.
func (s Suite) Chroot(cache string) (string, error) {
	dir := filepath.Join(cache, s.Name)
	stamp := fmt.Sprintf("%x\n", sha256.Sum256([]byte(strings.Join(append(packages, prepare), "\n"))))
	if have, err := os.ReadFile(dir + ".stamp"); err == nil && string(have) == stamp {
		return dir, nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	mirror, err := debianMirror()
	if err != nil {
		return "", err
	}
	args := append([]string{
		"--mode=root", "--variant=minbase", `--aptopt=APT::Install-Recommends "false"`,
		"--essential-hook=" + prepare, "--include=" + strings.Join(packages, ","),
	}, s.args...)
	out, err := exec.Command("mmdebstrap", append(args, s.Name, dir, mirror)...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("mmdebstrap %s: %w\n%s", s.Name, err, out)
	}
	return dir, os.WriteFile(dir+".stamp", []byte(stamp), 0o644)
}

// debianMirror is where this machine itself has its packages from.
func debianMirror() (string, error) {
	out, err := exec.Command("apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)").Output()
	if err != nil {
		return "", fmt.Errorf("apt-get indextargets: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		if uri, ok := strings.CutPrefix(strings.TrimSpace(line), "Debian Debian "); ok {
			return uri, nil
		}
	}
	return "", fmt.Errorf("apt knows no mirror of Debian; run apt-get update")
}
