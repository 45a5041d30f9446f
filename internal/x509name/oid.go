package x509name

import (
	_ "embed"
	"errors"
	"math/big"
	"strings"
	"sync"
)

// Limits of OBJ_obj2txt and its caller in OpenSSL.
const (
	maxOID     = 586 // bytes of contents; a longer one is printed as nothing
	maxOIDText = 79  // characters of a dotted form in the one-line form
)

// The table holds what OpenSSL 3.0 names below the arcs of attribute types
// (OID, tab, short name); a test compares it with `openssl list -objects`.
//
//go:embed shortnames.tsv
var shortNamesTSV string

// shortNames maps dotted OIDs to the short names of OpenSSL's object table.
var shortNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for line := range strings.Lines(shortNamesTSV) {
		oid, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		names[oid] = name
	}
	return names
})

// attributeName is the short name where OpenSSL knows one, else the dotted
// form, cut off where X509_NAME_oneline's buffer ends.
func attributeName(oid []byte) string {
	if len(oid) > maxOID {
		return ""
	}
	text := dotted(oid)
	if name, ok := shortNames()[text]; ok {
		return name
	}
	return text[:min(len(text), maxOIDText)]
}

// checkOID refuses what X.690 section 8.19.2 does: no contents, a last
// subidentifier that does not end, a subidentifier with a leading zero.
func checkOID(oid []byte) error {
	if len(oid) == 0 || oid[len(oid)-1]&0x80 != 0 {
		return errors.New("attribute type: OBJECT IDENTIFIER ends too early")
	}
	start := true
	for _, c := range oid {
		if start && c == 0x80 {
			return errors.New("attribute type: OBJECT IDENTIFIER has a padded subidentifier")
		}
		start = c&0x80 == 0
	}
	return nil
}

// dotted is the decimal form of an OID that checkOID has let pass.
func dotted(oid []byte) string {
	var parts []string
	arc := new(big.Int)
	for _, c := range oid {
		arc.Lsh(arc, 7)
		arc.Or(arc, big.NewInt(int64(c&0x7f)))
		if c&0x80 != 0 {
			continue
		}
		if len(parts) == 0 {
			// The first subidentifier holds two arcs, of which the first is at most 2.
			root := min(new(big.Int).Div(arc, big.NewInt(40)).Uint64(), 2)
			if arc.BitLen() > 64 {
				root = 2
			}
			arc.Sub(arc, new(big.Int).SetUint64(root*40))
			parts = append(parts, big.NewInt(int64(root)).String())
		}
		parts = append(parts, arc.String())
		arc.SetInt64(0)
	}
	return strings.Join(parts, ".")
}
