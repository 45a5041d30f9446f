package x509name

import (
	_ "embed"
	"errors"
	"math/big"
	"strconv"
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

// appendAttributeName appends the short name where OpenSSL knows one, else the
// dotted form, cut off where X509_NAME_oneline's buffer ends.
func appendAttributeName(out, oid []byte) []byte {
	if len(oid) > maxOID {
		return out
	}
	var room [64]byte
	text := appendDotted(room[:0], oid)
	if name, ok := shortNames()[string(text)]; ok {
		return append(out, name...)
	}
	return append(out, text[:min(len(text), maxOIDText)]...)
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

// appendDotted appends the decimal form of an OID that checkOID has let pass.
func appendDotted(out, oid []byte) []byte {
	for start := 0; start < len(oid); {
		end := start + 1
		for oid[end-1]&0x80 != 0 {
			end++
		}
		if start > 0 {
			out = append(out, '.')
		}
		out = appendArc(out, oid[start:end], start == 0)
		start = end
	}
	return out
}

// smallArc is how many bytes of a subidentifier a uint64 holds in any case.
const smallArc = 9

// appendArc appends one subidentifier; the first of an OID holds two arcs, of
// which the first is at most 2.
func appendArc(out, sub []byte, first bool) []byte {
	if len(sub) > smallArc {
		return appendLargeArc(out, sub, first)
	}
	var arc uint64
	for _, c := range sub {
		arc = arc<<7 | uint64(c&0x7f)
	}
	if first {
		root := min(arc/40, 2)
		out = append(strconv.AppendUint(out, root, 10), '.')
		arc -= root * 40
	}
	return strconv.AppendUint(out, arc, 10)
}

func appendLargeArc(out, sub []byte, first bool) []byte {
	arc := new(big.Int)
	for _, c := range sub {
		arc.Lsh(arc, 7)
		arc.Or(arc, big.NewInt(int64(c&0x7f)))
	}
	if first {
		out = append(out, "2."...)
		arc.Sub(arc, big.NewInt(80))
	}
	return arc.Append(out, 10)
}
