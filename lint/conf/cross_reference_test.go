package conf_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/conf"
)

// TestArchive: in a root that is not the running host nothing is known of a path
// whose directory is not there either.
func TestArchive(t *testing.T) {
	tree := rootfs.NewMem()
	const text = "[arex]\nstatecallout=ACCEPTED 10 /usr/libexec/callout\nstatecallout=FINISHED 10 /etc/arc/callout\nstatecallout=FAILED 10 /callout\n"
	for path, data := range map[string]string{"/etc/arc.conf": text, "/etc/arc/other": "", "/etc/passwd": ""} {
		if err := tree.WriteFile(path, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		root string
		want []string
	}{
		{"site.tar.gz", []string{"/etc/arc/callout"}},
		{"/", []string{"/usr/libexec/callout", "/etc/arc/callout", "/callout"}},
	} {
		s, err := site.Load(tree, site.Options{Root: tt.root, ARCVersion: "7.2.0", Now: time.Unix(0, 0)})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, rule := range conf.Rules {
			if rule.ID != "conf/cross-reference" {
				continue
			}
			for _, f := range lint.Run(s, []*lint.Rule{rule}).Findings {
				got = append(got, f.Subject[len("arex "):])
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("root %s (-want +got):\n%s", tt.root, diff)
		}
	}
}
