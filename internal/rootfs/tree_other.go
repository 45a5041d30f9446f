//go:build !unix

package rootfs

import "io/fs"

const nonBlocking = 0

func owner(fs.FileInfo) (uid, gid int) { return -1, -1 }
