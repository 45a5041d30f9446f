package recipes

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhoseDirectory: root acts where nobody else can change what a path leads
// to, as the one user who can, or not at all. Who is not root acts as himself.
func TestWhoseDirectory(t *testing.T) {
	used := map[string]bool{"look": true, "state": true, "finish": true}
	_, frame, _ := sections(shellFrame)
	script := frame["start"] + library(used) + "look \"$1\"\nprintf '%s' \"${uid:-root}\"\n"
	for name, c := range map[string]struct {
		make string // runs in an empty directory of root, 0755
		path string
		want string // the user, or what the refusal says
	}{
		"root's":                   {"mkdir -p a/b", "a/b/x", "root"},
		"not there yet":            {"mkdir a", "a/b/c/x", "root"},
		"another's":                {"mkdir -p a/b; chown 61001 a", "a/b/x", "61001"},
		"the deepest":              {"mkdir -p a/b; chown 61001 a/b", "a/b/x", "61001"},
		"the first of two":         {"mkdir -p a/b; chown 61001 a; chown 61002 a/b", "a/b/x", "61001"},
		"group":                    {"mkdir -p a/b; chgrp 61001 a; chmod 775 a", "a/b/x", "chmod go-w"},
		"group root":               {"mkdir -p a/b; chmod 775 a", "a/b/x", "root"},
		"world":                    {"mkdir -p a/b; chmod 777 a", "a/b/x", "has mode 777"},
		"another's and his group":  {"mkdir a; chown 61001:61001 a; chmod 775 a", "a/x", "chmod go-w"},
		"sticky":                   {"mkdir a; chmod 1777 a", "a/x", "has mode 1777"},
		"below sticky, root's":     {"mkdir -p a/b; chmod 1777 a", "a/b/x", "root"},
		"below sticky, another's":  {"mkdir -p a/b; chmod 1777 a; chown 61001 a/b", "a/b/x", "61001"},
		"below sticky, not there":  {"mkdir a; chmod 1777 a", "a/b/x", "has mode 1777"},
		"sticky of another":        {"mkdir -p a/b; chown 61001 a; chmod 1777 a", "a/b/x", "has mode 1777"},
		"his link below sticky":    {"mkdir a b; chmod 1777 a; ln -s ../b a/l; chown -h 61001 a/l", "a/l/x", "has mode 1777"},
		"root's link below sticky": {"mkdir a b; chmod 1777 a; ln -s ../b a/l", "a/l/x", "root"},
		"link":                     {"mkdir -p a/b; ln -s a/b l", "l/x", "root"},
		"absolute link":            {"mkdir -p a/b; chown 61001 a/b; ln -s \"$PWD/a/b\" l", "l/x", "61001"},
		"link up":                  {"mkdir -p a/b/c d; ln -s ../../d a/b/l", "a/b/l/x", "root"},
		"links to links":           {"mkdir -p a; chown 61001 a; ln -s a l; ln -s ./l m; ln -s .//m n", "n/x", "61001"},
		"link through another's":   {"mkdir -p a/b; chown 61001 a; ln -s a/b l", "l/x", "61001"},
		"link up and down":         {"mkdir -p a b; ln -s a/../b l", "l/x", "leads up and down"},
		"links in a circle":        {"ln -s m l; ln -s l m", "l/x", "too many links"},
		"link to nowhere":          {"ln -s gone l", "l/x", "root"},
		"file":                     {": >a", "a/x", "is no directory"},
		"odd names":                {"mkdir -p -- \"-r f\"/\"b$(printf '\\n')c\"; chown 61001 -- \"-r f\"", "-r f/x", "61001"},
	} {
		if os.Getuid() != 0 {
			if strings.Contains(c.make, "ch") {
				continue
			}
			c.want = "root"
		}
		t.Run(name, func(t *testing.T) {
			base := t.TempDir()
			setup := exec.Command("sh", "-ec", c.make)
			setup.Dir = base
			if out, err := setup.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			for _, env := range []string{"ARCLINT_ROOT=" + base, "ARCLINT_ROOT="} {
				path := "/" + c.path
				if env == "ARCLINT_ROOT=" {
					path = filepath.Join(base, c.path)
				}
				cmd := exec.Command("sh", "-c", script, "sh", path)
				cmd.Env = []string{env}
				out, err := cmd.CombinedOutput()
				if got := string(out); got != c.want && (err == nil || !strings.Contains(got, c.want)) {
					t.Errorf("%s: error %v, and it says %q, not %q", env, err, got, c.want)
				}
			}
		})
	}
}
