package trust

import (
	"encoding/binary"
	"encoding/hex"
	"slices"

	"arclint/internal/gridsec"
)

// slot is a name by which OpenSSL looks up a certificate (0a1b2c3d.0) or a CRL
// (0a1b2c3d.r0), taken apart.
type slot struct {
	hash   uint32
	suffix string // "r" for CRLs
	number int
}

func parseSlot(name string) (slot, bool) {
	hash, suffix, number, ok := gridsec.ParseChainName(name)
	return slot{hash, suffix, number}, ok
}

func (s slot) name() string { return gridsec.ChainName(s.hash, s.suffix, s.number) }

func (s slot) next() slot { return slot{s.hash, s.suffix, s.number + 1} }

func (s slot) isCRL() bool { return s.suffix == "r" }

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

// fits says whether something in the file has the hash of the name, in the
// current or in the old style.
func (s slot) fits(file *gridsec.File) bool { return s.current(file) || s.old(file) }

func (s slot) current(file *gridsec.File) bool {
	if s.isCRL() {
		return slices.ContainsFunc(file.CRLs, func(c *gridsec.CRL) bool { return c.IssuerHash == s.hash })
	}
	return slices.ContainsFunc(file.Certificates, func(c *gridsec.Certificate) bool { return c.Hash == s.hash })
}

// old says whether the name is of the old MD5 style, which no lookup uses.
func (s slot) old(file *gridsec.File) bool {
	if s.current(file) {
		return false
	}
	if s.isCRL() {
		return slices.ContainsFunc(file.CRLs, func(c *gridsec.CRL) bool { return c.IssuerOldHash == s.hash })
	}
	return slices.ContainsFunc(file.Certificates, func(c *gridsec.Certificate) bool { return c.OldHash == s.hash })
}

func hashText(hash uint32) string {
	return hex.EncodeToString(binary.BigEndian.AppendUint32(nil, hash))
}
