package arcconf

import (
	"testing"

	"arclint/internal/source"
)

func TestARC5(t *testing.T) {
	for text, want := range map[string]int{
		"[common]\n[grid-manager]\n[group/users]\n[cluster]\n[queue/grid]\n": 4,
		"[common]\nlrms=\"fork\"\n[grid-manager]\n":                          1,
		"[common]\n[queue/grid]\n":                                           1,
		"[common]\n[arex]\n[grid-manager]\n":                                 0, // half way: each block is told
		"[common]\n[mapping]\n[lrms]\n[arex]\n[queue:grid]\n":                0,
		"[common]\n[queue:a/b]\n":                                            0,
		"[common]\n":                                                         0,
		"[datadelivery-service]\n[data-staging]\n":                           0,
		"": 0,
	} {
		if got := Parse(source.New("/etc/arc.conf", []byte(text))).ARC5(); len(got) != want {
			t.Errorf("%q: %v, want %d headers", text, got, want)
		}
	}
}
