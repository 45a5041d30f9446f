package conf_test

import (
	"strings"
	"testing"
	"time"

	"arclint/internal/arcref"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/conf"
)

// TestOddValues: whatever stands in an option, no rule panics. Each odd value is
// given to every option of every release.
func TestOddValues(t *testing.T) {
	odd := []string{
		"", " ", "=", "#", "0", "-", "-0", "+", "1 2 3 4 5 6", "100 100", ",", ":", "/", "//", "://", "https://", "https://:", "https://h:/", "https://[::1", ".", "..", "*", "(", "[", `\`, `"`, `""`, `"a" b "c"`, "'",
		"$VAR{}", "$EXEC{x}", "%H", "a:b", "a b", "\t", "ü", "\x00", strings.Repeat("9", 40), strings.Repeat("a.", 200),
	}
	for _, version := range arcref.Known().Versions() {
		ref, ok := arcref.Known().For(version)
		if !ok {
			t.Fatalf("no reference for %s", version)
		}
		for _, value := range odd {
			tree := rootfs.NewMem()
			if err := tree.WriteFile("/etc/arc.conf", []byte(confOf(ref, value)), 0o644); err != nil {
				t.Fatal(err)
			}
			s, err := site.Load(tree, site.Options{Root: "/", ARCVersion: version, Now: time.Unix(0, 0)})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range lint.Run(s, conf.Rules).Findings {
				if f.Rule == lint.PanicRule {
					t.Errorf("%s, value %q: %s", version, value, f.Message())
				}
			}
		}
	}
}

// confOf has every option of the reference, each with the value.
func confOf(ref *arcref.Reference, value string) string {
	var text strings.Builder
	for _, b := range ref.Blocks {
		name := b.Name
		if b.Named {
			name += ":x"
		}
		text.WriteString("[" + name + "]\n")
		for _, o := range b.Options {
			text.WriteString(o.Name + "=" + value + "\n")
		}
	}
	return text.String()
}
