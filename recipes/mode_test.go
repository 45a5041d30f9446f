package recipes

import (
	"io/fs"
	"testing"
)

func TestTreeMode(t *testing.T) {
	for mode, want := range map[fs.FileMode]fs.FileMode{
		0o644:  0o644,
		0o1777: fs.ModeSticky | 0o777,
		0o2755: fs.ModeSetgid | 0o755,
		0o4711: fs.ModeSetuid | 0o711,
	} {
		if got := treeMode(mode); got != want {
			t.Errorf("treeMode(%o) = %v, want %v", mode, got, want)
		}
	}
}
