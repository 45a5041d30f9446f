package trust

import (
	"io/fs"

	"arclint/lint"
)

// checkMode reports what the group or others may write.
func checkMode(r *lint.Reporter, path string, mode fs.FileMode, want string) {
	if mode&0o022 != 0 {
		r.Path(path, "mode is %04o, want %s: whoever may write here decides whom the CE trusts", mode, want).
			About("mode").With("path", path).With("mode", want)
	}
}

// checkOwner reports an owner other than root. -1: the tree does not say.
func checkOwner(r *lint.Reporter, path string, uid int) {
	if uid > 0 {
		r.Path(path, "owner is uid %d, want root (0): the owner decides whom the CE trusts", uid).
			About("owner").With("path", path).With("owner", "0:0")
	}
}
