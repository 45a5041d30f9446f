package arcconf

import (
	"bytes"
	"slices"
	"strings"

	"arclint/internal/rootfs"
)

// maxUnread bounds what is read of all files together to see which are meant for ARC,
// in bytes.
const maxUnread = 1 << 20

// setAside are the ends of names of files that are there not to be read: of editors,
// of the package managers, of people who switch a file off.
var setAside = []string{
	"~", ".bak", ".old", ".orig", ".save", ".sample", ".example", ".disabled", ".off", ".unused", ".tmp", ".swp",
	".rpmsave", ".rpmnew", ".rpmorig", ".dpkg-old", ".dpkg-dist", ".dpkg-new", ".dpkg-tmp", ".dpkg-bak", ".ucf-old", ".ucf-new", ".ucf-dist",
}

// isSetAside says whether the name is that of a file that nobody wants read.
func isSetAside(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(name, ".") || strings.HasPrefix(lower, "readme") ||
		slices.ContainsFunc(setAside, func(end string) bool { return strings.HasSuffix(lower, end) })
}

// passOver notes a regular file that ARC does not read, by the name that ARC would give
// it, if it has a header of a block.
func (w *walker) passOver(name string, info rootfs.Info) {
	if !info.Mode.IsRegular() {
		return
	}
	data, _, err := rootfs.Read(w.fsys, info.Path, maxUnread-w.looked)
	if err != nil {
		return
	}
	w.looked += int64(len(data))
	for line := range bytes.Lines(data) {
		if header := bytes.TrimSpace(line); len(header) > 2 && header[0] == '[' && header[len(header)-1] == ']' {
			w.unread = append(w.unread, name)
			return
		}
	}
}
