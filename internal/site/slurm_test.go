package site

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"arclint/internal/rootfs"
)

// TestSlurm reads what slurm.conf(5) allows.
func TestSlurm(t *testing.T) {
	for text, want := range map[string]string{
		"PartitionName=a Nodes=x\nPARTITIONNAME=b,c Default=YES\n": "a b c",
		"PartitionName=DEFAULT State=UP\n# PartitionName=no\n":     "",
		"PartitionName=a\nInclude /etc/slurm/more\n":               "a unknown",
		"PartitionName=a\ninclude  parts/p.conf\n":                 "a p",
		"PartitionName=a\nInclude slurm.conf\n":                    "a unknown", // of itself
		"PartitionName=a\nJobSubmitPlugins=lua\n":                  "a unknown",
		"PartitionName=a[1-3]\n":                                   " unknown",
		"PartitionName=a \\\n  Nodes=x\n":                          "unknown",
		"NodeName=PartitionName=a\n":                               "",
		"PartitionName\n":                                          "",
	} {
		m := rootfs.NewMem()
		conf := "[lrms]\nlrms=slurm\n"
		for name, text := range map[string]string{"/etc/arc.conf": conf, "/etc/slurm/slurm.conf": text, "/etc/slurm/parts/p.conf": "PartitionName=p\n"} {
			if err := m.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		s, err := Load(m, Options{Root: "/", ARCVersion: "7.2.0"})
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(slices.Sorted(maps.Keys(s.Slurm.Partitions)), " ")
		if s.Slurm.Unknown != "" {
			got += " unknown"
		}
		if strings.TrimLeft(got, " ") != strings.TrimLeft(want, " ") {
			t.Errorf("%q has %q, want %q", text, got, want)
		}
	}
}
