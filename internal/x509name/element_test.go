package x509name

import (
	"bytes"
	"encoding/asn1"
	"testing"
)

// FuzzElement: an element is what encoding/asn1 takes for one, but for tags of
// more than one byte and for lengths that no name has.
func FuzzElement(f *testing.F) {
	for _, seed := range []string{
		"", "\x30", "\x30\x00", "\x30\x01", "\x0c\x01xy", "\x1f\x1f\x00", "\x0c\x80x\x00\x00",
		"\x0c\x81\x01x", "\x0c\x81\x80", "\x0c\x82\x00\x80", "\x0c\x83\x01\x00\x00", "\x0c\x84\x01\x00\x00\x00", "\xa0\x02\x05\x00",
	} {
		f.Add([]byte(seed))
	}
	long := element(asn1.TagUTF8String, false, make([]byte, 200))
	f.Add(long)
	f.Add(element(asn1.TagUTF8String, false, make([]byte, 0x10000)))
	f.Add(append([]byte{0x0c, 0x82, 0x00, 200}, long[3:]...)) // a length with a leading zero
	f.Add(append([]byte{0x0c, 0x81, 100}, long[3:]...))       // the long form of a short length
	f.Fuzz(func(t *testing.T, der []byte) {
		got, rest, err := readElement(der)
		var want asn1.RawValue
		wantRest, wantErr := asn1.Unmarshal(der, &want)
		if (err == nil) != (wantErr == nil && want.Tag < 31 && len(want.Bytes) < 1<<24) {
			t.Fatalf("readElement(%x): %v, encoding/asn1: %v", der, err, wantErr)
		}
		if err != nil {
			return
		}
		if got.class != want.Class || got.tag != want.Tag || got.compound != want.IsCompound {
			t.Errorf("readElement(%x) = %+v, want %+v", der, got, want)
		}
		if !bytes.Equal(got.contents, want.Bytes) || !bytes.Equal(got.full, want.FullBytes) || !bytes.Equal(rest, wantRest) {
			t.Errorf("readElement(%x) = %+v and %x, want %+v and %x", der, got, rest, want, wantRest)
		}
		if again := element(got.tag, got.compound, got.contents); got.class == asn1.ClassUniversal && !bytes.Equal(again, got.full) {
			t.Errorf("element is %x, want %x", again, got.full)
		}
	})
}
