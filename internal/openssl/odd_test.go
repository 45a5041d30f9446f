package openssl_test

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math/big"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
)

// oddValues are values of extensions as no careful CA writes them: empty, of a
// wrong type, with bits that do not count, beyond a limit.
var oddValues = map[string][]string{
	"2.5.29.14":             {"0400", "3000", "040100"},
	"2.5.29.15":             {"030100", "03020700", "030205ff", "0303070080", "03020204", "03020186", "040100", "03020880", "0300"},
	"2.5.29.17":             {"3000", "0400", "30028f00", "30020200", "3002a200", "3002a400", "3003880100"},
	"2.5.29.18":             {"3000"},
	"2.5.29.19":             {"3000", "0400", "30030101ff", "3003010101", "30030101ff00", "30060101ff0201ff", "300e0101ff0209010000000000000000", "3003020101", "30060101ff020100"},
	"2.5.29.30":             {"3000", "3002a000", "0400", "3006a00430028f00", "3006a00430028200", "3004a0023000"},
	"2.5.29.31":             {"3000", "30023000", "0400", "30063004a002a000", "30043002a000", "30043002a200", "3006300481020780", "300830068204820078", "30063004a0028600", "30083006a004a1020500", "3006300481020880", "30063004a2028f00", "30020400"},
	"2.5.29.35":             {"3000", "0400", "3003800100", "3002a100", "3003820101"},
	"2.5.29.37":             {"3000", "0400", "300406022a03", "30020600"},
	"2.5.29.46":             {"3000"},
	"2.16.840.1.113730.1.1": {"03020007", "03020640", "03020780", "030100", "0400", "030203f8"},
	"1.3.6.1.5.5.7.1.14":    {"3000", "0400"},
	"1.3.6.1.5.5.7.1.7":     {"0400"},
	"1.3.6.1.5.5.7.1.8":     {"0400"},
	"1.3.6.1.4.1.99999.1":   {"3000"},
}

var oddOIDs = []string{
	"2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.18", "2.5.29.19", "2.5.29.30", "2.5.29.31", "2.5.29.35", "2.5.29.37", "2.5.29.46",
	"2.16.840.1.113730.1.1", "1.3.6.1.5.5.7.1.14", "1.3.6.1.5.5.7.1.7", "1.3.6.1.5.5.7.1.8", "1.3.6.1.4.1.99999.1",
}

func oddExtensions() []pkix.Extension {
	var list []pkix.Extension
	for _, oid := range oddOIDs {
		for _, value := range oddValues[oid] {
			list = append(list, extension(oid, false, value))
		}
	}
	return list
}

// extension is one whose value is given in hexadecimal digits.
func extension(oid string, critical bool, value string) pkix.Extension {
	der, err := hex.DecodeString(value)
	if err != nil {
		panic(err) // it stands in this package
	}
	return pkix.Extension{Id: oidOf(oid), Critical: critical, Value: der}
}

func oddListExtensions() []pkix.Extension {
	return []pkix.Extension{
		extension("1.3.6.1.4.1.99999.1", true, "3000"), extension("1.3.6.1.4.1.99999.1", false, "3000"),
		extension("2.5.29.27", true, "020101"), extension("2.5.29.27", false, "020101"), extension("2.5.29.27", true, "0400"),
		extension("2.5.29.28", true, "0400"), extension("2.5.29.28", false, "0400"), extension("2.5.29.28", true, "3000"),
		extension("2.5.29.28", true, "30058101ff8201ff"), extension("2.5.29.28", true, "30068101ff8201ff"), extension("2.5.29.28", true, "3003810100"), extension("2.5.29.28", true, "3003810101"),
		extension("2.5.29.28", true, "30048102ffff"), extension("2.5.29.28", true, "30048202ffff"), extension("2.5.29.28", true, "3003830108"),
		extension("2.5.29.28", true, "30048402ffff"), extension("2.5.29.28", true, "30048502ffff"), extension("2.5.29.28", true, "3004a0028600"),
		extension("2.5.29.35", false, "0400"), extension("2.5.29.35", true, "3000"), extension("2.5.29.35", false, "3003820101"), extension("2.5.29.35", false, "3003800100"),
		extension("2.5.29.20", false, "0400"), extension("2.5.29.20", true, "020105"),
		extension("2.5.29.46", true, "3000"), extension("2.5.29.46", false, "3000"),
	}
}

func oddEntryExtensions() []pkix.Extension {
	nobody := hex.EncodeToString(marshal([]asn1.RawValue{rawName(nameTags["DN"], nameDER("/CN=Nobody"))}))
	return []pkix.Extension{
		extension("2.5.29.21", false, "0a0108"), extension("2.5.29.21", false, "0a0101"), extension("2.5.29.21", true, "0a0101"), extension("2.5.29.21", false, "0400"),
		extension("2.5.29.29", true, nobody), extension("2.5.29.29", false, nobody), extension("2.5.29.29", true, "0400"), extension("2.5.29.29", true, "3000"),
		extension("1.3.6.1.4.1.99999.1", true, "3000"), extension("1.3.6.1.4.1.99999.1", false, "3000"), extension("2.5.29.24", false, "180f32303235303130313030303030305a"),
	}
}

// readable says whether arclint reads the certificate.
func readable(t testing.TB, e *pki.Entity) bool {
	t.Helper()
	tree := rootfs.NewMem()
	if err := tree.WriteFile("/chain.pem", e.PEM(), 0o644); err != nil {
		t.Fatal(err)
	}
	return len(gridsec.NewReader(tree).File("/chain.pem").Certificates) == 1
}

// oddRows puts each odd extension into each certificate of a chain of three, and
// each odd extension of a CRL into one.
func oddRows() []row {
	var rows []row
	for i, e := range oddExtensions() {
		r := row{label: fmt.Sprintf("certificate\t%s\t%x", e.Id, e.Value)}
		for place := range 3 {
			r.draws = append(r.draws, oddChain(fmt.Sprint(i, "-", place), e, place))
		}
		rows = append(rows, r)
	}
	for i, e := range oddListExtensions() {
		rows = append(rows, row{label: fmt.Sprintf("CRL\t%s %v\t%x", e.Id, e.Critical, e.Value), draws: oddCRLs(fmt.Sprint("c", i), pki.CRLSpec{Extensions: []pkix.Extension{e}})})
	}
	for i, e := range oddEntryExtensions() {
		rows = append(rows, row{label: fmt.Sprintf("entry\t%s %v\t%x", e.Id, e.Critical, e.Value), draws: oddCRLs(fmt.Sprint("e", i), pki.CRLSpec{EntryExtensions: []pkix.Extension{e}})})
	}
	rows = append(rows,
		row{label: "CRL\tversion 1\t", draws: oddCRLs("v1", pki.CRLSpec{V1: true})},
		row{label: "CRL\tno number, a delta\t", draws: oddCRLs("nn", pki.CRLSpec{NoNumber: true, Extensions: []pkix.Extension{extension("2.5.29.27", true, "020101")}})},
	)
	return rows
}

// oddChain is a chain whose leaf (0), intermediate (1) or root (2) has the
// extension, in place of the one that it would have otherwise.
func oddChain(tag string, e pkix.Extension, place int) draw {
	spec := func(at int, s pki.Spec) pki.Spec {
		if at != place {
			return s
		}
		s.Extensions = []pkix.Extension{e}
		switch e.Id.String() {
		case "2.5.29.14":
			s.NoSKI = true
		case "2.5.29.15":
			s.NoKeyUsage = true
		case "2.5.29.19":
			s.NoBasicConstraints = true
		case "2.5.29.35":
			s.NoAKI = true
		case "2.16.840.1.113730.1.1":
			s.NoBasicConstraints, s.NoKeyUsage = at > 0, at > 0
		}
		return s
	}
	root := pki.New(spec(2, pki.Spec{Subject: "/O=Odd " + tag + "/CN=Root", Key: "p256-1"}))
	inter := pki.New(spec(1, pki.Spec{Subject: "/O=Odd " + tag + "/CN=CA", Key: "p256-2", Issuer: root, IsCA: pki.True}))
	leaf := pki.New(spec(0, pki.Spec{Subject: "/O=Odd " + tag + "/CN=host.example.org", Key: "p256-3", Issuer: inter}))
	return draw{store: files{root.Hash() + ".0": root.PEM()}, chain: []*pki.Entity{leaf, inter}}
}

// oddCRLs are a chain with the CRL, which does not revoke the leaf, and one with a
// CRL that does.
func oddCRLs(tag string, s pki.CRLSpec) []draw {
	var draws []draw
	for i := range 2 {
		root := pki.New(pki.Spec{Subject: fmt.Sprintf("/O=Odd %s %d/CN=Root", tag, i), Key: "p256-1"})
		leaf := pki.New(pki.Spec{Subject: "/O=Odd/CN=host.example.org", Key: "p256-3", Issuer: root})
		s.Revoked = []*big.Int{big.NewInt(7)}
		if i == 1 {
			s.Revoked = []*big.Int{leaf.Parsed.SerialNumber}
		}
		for _, e := range s.Extensions {
			s.NoAKI = s.NoAKI || e.Id.String() == "2.5.29.35"
			s.NoNumber = s.NoNumber || e.Id.String() == "2.5.29.20"
		}
		draws = append(draws, draw{store: files{root.Hash() + ".0": root.PEM(), root.Hash() + ".r0": pki.NewCRL(root, s).PEM()}, chain: []*pki.Entity{leaf}})
	}
	return draws
}

// TestOdd compares chains and CRLs with one odd extension each. A cell is
// OpenSSL's error with the extension in the leaf, the intermediate and the root,
// or, of a CRL, where it does not revoke the leaf and where it does.
func TestOdd(t *testing.T) {
	compareTable(t, "testdata/odd.tsv", "in\textension\tvalue", oddRows())
}
