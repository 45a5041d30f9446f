package recipes_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"arclint/recipes"
)

// unitsOf gives the units that the plans write, by their names. Programs that
// are not installed here stand as one that is.
func unitsOf(t *testing.T) map[string]string {
	t.Helper()
	units := map[string]string{}
	write := regexp.MustCompile(`(?s)content '(\[Unit\][^']*)'\nwrite_file \d+ /etc/systemd/system/(\S+)`)
	program := regexp.MustCompile(`(?m)^ExecStart=/usr/local/\S+`)
	for _, name := range []string{"pin-issuer", "split-trust-7"} {
		for _, m := range write.FindAllStringSubmatch(string(render(t, recipes.Shell, cases(t)[name].plan)), -1) {
			units[m[2]] = program.ReplaceAllString(m[1], "ExecStart=/bin/true")
		}
	}
	if len(units) != 5 {
		t.Fatalf("%d units, want two services, two timers and a path", len(units))
	}
	return units
}

// TestUnits: systemd takes the units as they are, and calls their exposure low.
// The issuer's has to change users and to reach the network.
func TestUnits(t *testing.T) {
	needTools(t, "systemd-analyze")
	dir := t.TempDir()
	most := map[string]float64{"arclint-client-certificates.service": 1.5, "arclint-issuer-792d6b50.service": 3}
	var files []string
	for name, text := range unitsOf(t) {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if out, err := exec.Command("systemd-analyze", append([]string{"verify", "--man=no"}, files...)...).CombinedOutput(); err != nil || strings.Contains(string(out), dir) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	level := regexp.MustCompile(`Overall exposure level for \S+: ([0-9.]+)`)
	for name, limit := range most {
		out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--no-pager", filepath.Join(dir, name)).CombinedOutput()
		m := level.FindSubmatch(out)
		if err != nil || m == nil {
			t.Errorf("%s: %v\n%s", name, err, out)
			continue
		}
		if got, err := strconv.ParseFloat(string(m[1]), 64); err != nil || got > limit {
			t.Errorf("%s: exposure %s, want at most %v", name, m[1], limit)
		}
	}
}

// TestUnitNamesDirectories: a directory of the site comes into a unit as systemd
// reads it, and one that cannot be written there closes less in.
func TestUnitNamesDirectories(t *testing.T) {
	for dir, want := range map[string]string{
		"/srv/control":     "ProtectSystem=strict\nProtectHome=yes\nReadWritePaths=-/srv/control\n",
		"/srv/a b":         "ReadWritePaths=\"-/srv/a b\"\n",
		"/srv/100%n":       "ReadWritePaths=-/srv/100%%n\n",
		"/home/arc/ctl":    "ProtectHome=read-only\nReadWritePaths=-/home/arc/ctl\n",
		`/srv/"` + "\n[x]": "ProtectSystem=full\nProtectHome=yes\nRestrict",
	} {
		plan := recipes.Plan{Recipe: "test", Title: "test", Actions: []recipes.Action{recipes.InstallTimer{
			Unit: "test", Exec: "/bin/true", Every: "1h", Jitter: "1s", Limit: "1min", Network: true, Writes: []string{dir},
		}}}
		if got := string(render(t, recipes.Diff, plan)); !strings.Contains(strings.ReplaceAll(got, "\n+", "\n"), want) {
			t.Errorf("%q: want %q in\n%s", dir, want, got)
		}
	}
}
