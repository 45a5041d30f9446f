package x509name

import (
	"encoding/asn1"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata/golden.tsv anew, from the answers of openssl")

// shown is how much of a one-line form stands in the golden table.
const shown = 200

// TestGolden holds the made names against what OpenSSL 3.0 made of them.
func TestGolden(t *testing.T) {
	path := filepath.Join("testdata", "golden.tsv")
	all := cases(t)
	if *update {
		writeGolden(t, path, all)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	got.WriteString(goldenHeader)
	for _, tc := range all {
		got.WriteString(tc.label + "\t" + goldenRow(ours(tc.der)) + "\n")
	}
	if diff := cmp.Diff(strings.Split(string(data), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("names differ from what openssl prints (-want +got):\n%s", diff)
	}
}

const goldenHeader = "# name\thash\told hash\tone-line form, as openssl x509 prints them; \"unreadable\" where openssl refuses\n"

func writeGolden(t *testing.T, path string, all []aCase) {
	openssl := newOpenSSL(t)
	out := goldenHeader
	for _, tc := range all {
		out += tc.label + "\t" + goldenRow(openssl.ask(t, tc.der)) + "\n"
	}
	if err := os.WriteFile(path, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}

// answer is what is known of a name, from OpenSSL or from this package.
type answer struct {
	Unreadable bool
	Hash       string
	OldHash    string
	OneLine    string
}

func ours(der []byte) answer {
	hash, err := Hash(der)
	if err != nil {
		return answer{Unreadable: true}
	}
	line, err := OneLine(der)
	if err != nil {
		return answer{Unreadable: true}
	}
	return answer{Hash: Format(hash), OldHash: Format(OldHash(der)), OneLine: line}
}

func goldenRow(a answer) string {
	switch {
	case a.Unreadable:
		return "unreadable"
	case len(a.OneLine) > shown:
		return fmt.Sprintf("%s\t%s\t%s... (%d bytes)", a.Hash, a.OldHash, a.OneLine[:shown], len(a.OneLine))
	default:
		return a.Hash + "\t" + a.OldHash + "\t" + a.OneLine
	}
}

func TestHashFoldsWhatOpenSSLFolds(t *testing.T) {
	want := ours(name(t, one(o, printable, "Example Org"))).Hash
	for _, der := range [][]byte{
		name(t, one(o, utf8s, "Example Org")),
		name(t, one(o, ia5, "  EXAMPLE \t ORG  ")),
		name(t, one(o, t61, "example org")),
	} {
		if got := ours(der).Hash; got != want {
			t.Errorf("hash of %q is %s, want %s as of the PrintableString", der, got, want)
		}
	}
	if got := ours(name(t, one(o, numeric, "Example Org"))).Hash; got == want {
		t.Error("a NumericString has the same hash, want another: OpenSSL does not retype it")
	}
}

func TestMalformed(t *testing.T) {
	good := name(t, one(cn, utf8s, "x"))
	tests := map[string][]byte{
		"nothing":                  {},
		"trailing bytes":           append(append([]byte{}, good...), 0),
		"cut off":                  good[:len(good)-1],
		"a SET":                    element(asn1.TagSet, true, nil),
		"primitive SEQUENCE":       element(asn1.TagSequence, false, nil),
		"string in the SEQUENCE":   element(asn1.TagSequence, true, element(utf8s, false, []byte("x"))),
		"string in the SET":        element(asn1.TagSequence, true, element(asn1.TagSet, true, element(utf8s, false, nil))),
		"no attribute type":        wrap(nil),
		"attribute type of a text": wrap(element(utf8s, false, []byte("x"))),
		"no value":                 wrap(element(asn1.TagOID, false, []byte{0x55, 4, 3})),
		"two values":               wrap(append(element(asn1.TagOID, false, []byte{0x55, 4, 3}), "\x0c\x01x\x0c\x01y"...)),
		"context-specific value":   wrap(append(element(asn1.TagOID, false, []byte{0x55, 4, 3}), "\x8c\x01x"...)),
		"constructed string":       wrap(append(element(asn1.TagOID, false, []byte{0x55, 4, 3}), "\x2c\x03\x0c\x01x"...)),
		"longer than 1 MiB":        name(t, one(cn, utf8s, strings.Repeat("x", maxSize))),
	}
	for label, der := range tests {
		t.Run(label, func(t *testing.T) {
			if line, err := OneLine(der); err == nil {
				t.Errorf("OneLine is %q, want an error", line)
			}
			if hash, err := Hash(der); err == nil {
				t.Errorf("Hash is %08x, want an error", hash)
			}
		})
	}
}

// wrap makes a Name of one attribute of the contents.
func wrap(attr []byte) []byte {
	return element(asn1.TagSequence, true, element(asn1.TagSet, true, element(asn1.TagSequence, true, attr)))
}

// TestTooLongToPrint: OpenSSL reads and hashes such a name, but
// X509_NAME_oneline has no form for it, so there is nothing to compare with.
func TestTooLongToPrint(t *testing.T) {
	der := name(t, one(cn, t61, strings.Repeat("\xff", maxSize/4)))
	if _, err := OneLine(der); err == nil {
		t.Error("OneLine has no error, want one: the form is longer than 1 MiB")
	}
	if _, err := Hash(der); err != nil {
		t.Errorf("Hash: %v, want a hash", err)
	}
}

func TestFormat(t *testing.T) {
	if got := Format(0xab); got != "000000ab" {
		t.Errorf("Format(0xab) is %q, want %q", got, "000000ab")
	}
}

// FuzzName: nothing panics, both readers agree on what a Name is, the
// one-line form is printable ASCII, and neither case nor spaces at the ends
// change a hash.
func FuzzName(f *testing.F) {
	for _, tc := range cases(f) {
		if len(tc.der) < 4096 {
			f.Add(tc.der)
		}
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		line, lineErr := OneLine(der)
		hash, hashErr := Hash(der)
		all, err := Read(der)
		if (err == nil) != (lineErr == nil && hashErr == nil) {
			t.Fatalf("Read: %v, OneLine: %v, Hash: %v", err, lineErr, hashErr)
		}
		form, _ := Canonical(der)
		if want := (Name{line, hash, OldHash(der), string(form)}); err == nil && all != want {
			t.Fatalf("Read = %+v, want %+v", all, want)
		}
		if (lineErr == nil) != (hashErr == nil) && len(der) < maxSize/8 {
			t.Fatalf("OneLine: %v, Hash: %v, want both or none", lineErr, hashErr)
		}
		for _, r := range line {
			if r < ' ' || r > '~' {
				t.Fatalf("one-line form %q holds %q, want printable ASCII only", line, r)
			}
		}
	})
}

// FuzzFold: spaces around a value and the case of its letters do not matter.
func FuzzFold(f *testing.F) {
	f.Add("Example  CA")
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range text {
			if r >= 0x80 {
				return // strings.ToUpper would change it, OpenSSL would not
			}
		}
		a := ours(name(t, one(cn, utf8s, text)))
		b := ours(name(t, one(cn, t61, " \t"+strings.ToUpper(text)+"\n")))
		if a.Hash != b.Hash {
			t.Fatalf("hash of %q is %s, with spaces around it and in capitals %s", text, a.Hash, b.Hash)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	der := name(b, one(dc, ia5, "org"), one(dc, ia5, "example"), one(o, printable, "Example Org"), one(cn, utf8s, "Example  CA 1"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(der); err != nil {
			b.Fatal(err)
		}
	}
}
