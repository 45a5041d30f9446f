package trust

import (
	"fmt"
	"regexp"
	"strconv"

	"arclint/internal/gridsec"
)

// hashName is a name by which OpenSSL looks up a certificate (0a1b2c3d.0) or a
// CRL (0a1b2c3d.r0) in a trust directory.
var hashName = regexp.MustCompile(`^([0-9a-f]{8})\.(r?)([0-9]+)$`)

// slot is a hash name taken apart.
type slot struct {
	hash   uint32
	crl    bool
	number int
}

func parseSlot(name string) (slot, bool) {
	m := hashName.FindStringSubmatch(name)
	if m == nil {
		return slot{}, false
	}
	hash, err := strconv.ParseUint(m[1], 16, 32)
	if err != nil {
		return slot{}, false
	}
	number, err := strconv.Atoi(m[3])
	if err != nil {
		return slot{}, false
	}
	return slot{hash: uint32(hash), crl: m[2] == "r", number: number}, true
}

func (s slot) name() string {
	r := ""
	if s.crl {
		r = "r"
	}
	return fmt.Sprintf("%08x.%s%d", s.hash, r, s.number)
}

// slots are the hash names of a file.
func slots(file *gridsec.File) []slot {
	var found []slot
	for _, name := range file.Names {
		if s, ok := parseSlot(name); ok {
			found = append(found, s)
		}
	}
	return found
}

// reachable says whether a lookup of the current hash of one of its
// certificates can find the file: such a name is there. A gap below it is the
// business of trust/hash-link-gap.
func reachable(file *gridsec.File) bool {
	for _, s := range slots(file) {
		for _, c := range file.Certificates {
			if !s.crl && s.hash == c.Hash {
				return true
			}
		}
	}
	return false
}

// stem is the hash alone, as file names have it.
func (s slot) stem() string { return fmt.Sprintf("%08x", s.hash) }
