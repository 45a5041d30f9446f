package x509name

import (
	"encoding/asn1"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pair is one attribute of a made name.
type pair struct {
	oid   string // dotted
	tag   int
	value string
}

// name makes the DER of a Name; each argument is one relative name.
func name(t testing.TB, rdns ...[]pair) []byte {
	t.Helper()
	var body []byte
	for _, rdn := range rdns {
		var set [][]byte
		for _, p := range rdn {
			set = append(set, pairDER(t, p))
		}
		slices.SortFunc(set, func(a, b []byte) int { return strings.Compare(string(a), string(b)) })
		body = append(body, element(asn1.TagSet, true, slices.Concat(set...))...)
	}
	return element(asn1.TagSequence, true, body)
}

func pairDER(t testing.TB, p pair) []byte {
	t.Helper()
	value := element(p.tag, p.tag == asn1.TagSequence, []byte(p.value))
	if oid, ok := strings.CutPrefix(p.oid, "raw:"); ok {
		contents, err := hex.DecodeString(oid)
		if err != nil {
			t.Fatal(err)
		}
		return element(asn1.TagSequence, true, slices.Concat(element(asn1.TagOID, false, contents), value))
	}
	var oid asn1.ObjectIdentifier
	for arc := range strings.SplitSeq(p.oid, ".") {
		n, err := strconv.Atoi(arc)
		if err != nil {
			t.Fatal(err)
		}
		oid = append(oid, n)
	}
	der, err := asn1.Marshal(oid)
	if err != nil {
		t.Fatal(err)
	}
	return element(asn1.TagSequence, true, slices.Concat(der, value))
}

// one is a relative name of one attribute.
func one(oid string, tag int, value string) []pair { return []pair{{oid, tag, value}} }
