package access

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/policies"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

// TestKept repeats what the lab has kept: visitors on whom a real CE and arclint
// once disagreed.
func TestKept(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "..", "fixtures", "access", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			k, claims, err := policies.ParseKept(data)
			if err != nil {
				t.Fatal(err)
			}
			compareKept(t, k, claims)
		})
	}
}

func compareKept(t *testing.T, k policies.Kept, text string) {
	tree := rootfs.NewMem()
	k.Files["/etc/passwd"], k.Files["/etc/nsswitch.conf"] = policies.Passwd(), "passwd: files\n"
	for path, text := range k.Files {
		if err := tree.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := site.Load(tree, site.Options{Root: "kept", ARCVersion: k.Release, Now: k.Now})
	if err != nil {
		t.Fatal(err)
	}
	id, op := Identity{Subject: k.Visitor.Subject, FQANs: counting(k)}, JobInfo
	if k.Visitor.Submits {
		op = JobCreate
	}
	if text != "" {
		if id.Claims, err = ParseClaims([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	d, a := Model(s).Evaluate(id, op), k.Answer
	user, _, _ := strings.Cut(d.Account, ":")
	slices.Sort(d.Groups)
	slices.Sort(a.Groups)
	switch let := a.Status == 200 || a.Status == 201; {
	case d.Allowed != let, !let && d.Status != a.Status, let && user != a.Account, a.Job != (k.Visitor.Submits && d.Submits()):
		t.Errorf("%d %s, job %v, want %+v: %s", d.Status, d.Outcome(), d.Submits(), a, d.Reason)
	case a.Status != 0 && !slices.Equal(d.Groups, a.Groups):
		t.Errorf("groups %v, want %v", d.Groups, a.Groups)
	}
}

// counting are the attributes whose VO has an .lsc file.
func counting(k policies.Kept) []string {
	return slices.DeleteFunc(slices.Clone(k.Visitor.Attributes), func(a string) bool {
		return k.Files["/etc/grid-security/vomsdir/"+VOOf(a)+"/voms.example.org.lsc"] == ""
	})
}
