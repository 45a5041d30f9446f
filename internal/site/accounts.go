package site

import (
	"bytes"
	"strconv"
	"strings"

	"arclint/internal/rootfs"
)

// Accounts are the local accounts and groups of /etc/passwd and /etc/group.
// A site may have more in LDAP or SSSD, which files do not show.
type Accounts struct {
	Users    map[string]int      // name to uid
	Groups   map[string]int      // name to gid
	InGroups map[string][]string // of an account, the groups whose lines list it, and that of its gid
	Services []string            // the sources of nsswitch.conf's passwd line, in order
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
	users, err := readRecords(fsys, "/etc/passwd")
	if err != nil {
		return nil
	}
	a := &Accounts{Users: users.ids(), InGroups: map[string][]string{}, Services: passwdServices(fsys)}
	groups, err := readRecords(fsys, "/etc/group")
	if err != nil {
		return a
	}
	a.Groups = groups.ids()
	joined := map[[2]string]bool{}
	join := func(user, group string) {
		at := [2]string{user, group}
		if _, known := a.Users[user]; known && !joined[at] {
			joined[at] = true
			a.InGroups[user] = append(a.InGroups[user], group)
		}
	}
	named := map[string]string{}
	for _, g := range groups {
		named[g.fields[2]] = g.fields[0]
		if len(g.fields) > 3 {
			for member := range strings.SplitSeq(g.fields[3], ",") {
				join(strings.TrimSpace(member), g.fields[0])
			}
		}
	}
	for _, u := range users {
		if len(u.fields) > 3 && named[u.fields[3]] != "" {
			join(u.fields[0], named[u.fields[3]])
		}
	}
	return a
}

// record is a line of a colon-separated file with an id in its third field.
type record struct {
	fields []string
	id     int
}

type records []record

// fieldCost is what is kept of a field beside its bytes.
const fieldCost = 64

func (r records) ids() map[string]int {
	ids := map[string]int{}
	for _, line := range r {
		ids[line.fields[0]] = line.id
	}
	return ids
}

func readRecords(fsys rootfs.FS, path string) (records, error) {
	data, _, err := rootfs.Read(fsys, path, 64*maxSmallFile)
	if err == nil {
		err = rootfs.Spend(fsys, path, int64(bytes.Count(data, []byte(":")))*fieldCost)
	}
	if err != nil {
		return nil, err
	}
	var found records
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimRight(line, "\n"), ":")
		if len(fields) < 3 {
			continue
		}
		if id, err := strconv.Atoi(fields[2]); err == nil {
			found = append(found, record{fields: fields, id: id})
		}
	}
	return found, nil
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
