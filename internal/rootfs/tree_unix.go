//go:build unix && !linux

package rootfs

import (
	"io/fs"
	"syscall"
)

const nonBlocking = syscall.O_NONBLOCK | syscall.O_NOCTTY

func owner(found fs.FileInfo) (uid, gid int) {
	if stat, ok := found.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid), int(stat.Gid)
	}
	return -1, -1
}
