package site

import (
	"strconv"
	"strings"

	"arclint/internal/rootfs"
)

// Accounts are the local accounts and groups of /etc/passwd and /etc/group.
// A site may have more in LDAP or SSSD, which files do not show.
type Accounts struct {
	Users    map[string]int // name to uid
	Groups   map[string]int // name to gid
	Services []string       // the sources of nsswitch.conf's passwd line, in order
}

// Complete says whether /etc/passwd is all there is: nsswitch.conf names no
// other source of accounts.
func (a *Accounts) Complete() bool {
	for _, service := range a.Services {
		if service != "files" && service != "compat" && service != "systemd" {
			return false
		}
	}
	return true
}

func readAccounts(fsys rootfs.FS) *Accounts {
	users, err := readIDs(fsys, "/etc/passwd")
	if err != nil {
		return nil
	}
	groups, err := readIDs(fsys, "/etc/group")
	if err != nil {
		groups = nil
	}
	return &Accounts{Users: users, Groups: groups, Services: passwdServices(fsys)}
}

// readIDs reads name and id (fields 1 and 3) of a colon-separated file.
func readIDs(fsys rootfs.FS, path string) (map[string]int, error) {
	data, _, err := rootfs.Read(fsys, path, 16*maxSmallFile)
	if err != nil {
		return nil, err
	}
	ids := map[string]int{}
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimRight(line, "\n"), ":")
		if len(fields) < 3 {
			continue
		}
		if id, err := strconv.Atoi(fields[2]); err == nil {
			ids[fields[0]] = id
		}
	}
	return ids, nil
}

func passwdServices(fsys rootfs.FS) []string {
	data, _, err := rootfs.Read(fsys, "/etc/nsswitch.conf", maxSmallFile)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "passwd:"); ok {
			return strings.Fields(rest)
		}
	}
	return nil
}
