package sandbox

import "golang.org/x/sys/unix"

// alsoRefused are the calls of this architecture that others have under newer
// names only.
var alsoRefused = []uint32{unix.SYS_CHMOD, unix.SYS_CHOWN, unix.SYS_LCHOWN, unix.SYS_UTIME, unix.SYS_UTIMES, unix.SYS_FUTIMESAT}
