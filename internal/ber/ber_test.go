package ber

import (
	"bytes"
	"encoding/hex"
	"testing"
)

func octetsOf(t testing.TB, digits string) []byte {
	t.Helper()
	b, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestRead: what OpenSSL's template decoder takes and what it refuses, and how the
// value is written in DER; "" stands for one that is refused.
func TestRead(t *testing.T) {
	list := Seq(Opt(Prim(Boolean)), Opt(Prim(Integer)))
	tagged := Seq(F(Prim(OctetString)).Implicit(0), Opt(Prim(Integer)).Within(1))
	for _, c := range []struct {
		name     string
		of       *Type
		in, want string
	}{
		{"empty", list, "3000", "3000"},
		{"a long length", list, "308200020500", ""},
		{"a length with a leading zero", list, "308200030101ff", "30030101ff"},
		{"indefinite length", list, "30800101ff0000", "30030101ff"},
		{"indefinite length without an end", list, "30800101ff", ""},
		{"an end in a definite length", list, "300201010000", ""},
		{"true", list, "3003010101", "30030101ff"},
		{"a BOOLEAN of two octets", list, "300401020101", ""},
		{"a padded INTEGER", list, "300402020001", ""},
		{"a negative INTEGER", list, "30030201fb", "30030201fb"},
		{"an INTEGER without content", list, "30020200", ""},
		{"in the wrong order", list, "30060201010101ff", ""},
		{"more than there may be", list, "30080101ff0201010500", ""},
		{"primitive", list, "1000", ""},
		{"a string in pieces", tagged, "3008a006040161040162", "300480026162"},
		{"pieces of other types", tagged, "3007a00502016104" + "00", "3003800161"},
		{"an explicit tag", tagged, "30078000a103020105", "30078000a103020105"},
		{"an explicit tag that is primitive", tagged, "300780008103020105", ""},
		{"an explicit tag of two", tagged, "300a8000a106020105020105", ""},
		{"a required field is missing", tagged, "3000", ""},
		{"BIT STRING", Prim(BitString), "030207ff", "03020780"},
		{"BIT STRING of 9 unused", Prim(BitString), "030209ff", ""},
		{"a list that is primitive", SeqOf(Prim(Null)), "10020500", "30020500"},
		{"an OID with a padded arc", Prim(OID), "06042a038001", ""},
		{"an OID that does not end", Prim(OID), "06022a83", ""},
		{"BMPString of odd length", Strings(BMPString), "1e0141", ""},
		{"another string", Strings(BMPString), "0c0141", ""},
		{"anything", Any(), "a303010101", "a303010101"},
		{"anything of indefinite length", Any(), "30800000", "3000"},
		{"a long tag", Any(), "1f8105020500", "1f8105020500"},
		{"a tag in a long form", Prim(Null), "1f0500", "0500"},
	} {
		v, rest, ok := c.of.Read(octetsOf(t, c.in))
		got := ""
		if ok && len(rest) == 0 {
			got = hex.EncodeToString(v.DER())
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// FuzzRead: reading with and without Values agree, what is written is DER and reads
// as the same, and nothing panics.
func FuzzRead(f *testing.F) {
	name := SeqOf(SetOf(Seq(F(Prim(OID)), F(Strings(BitString, UTF8String, PrintableString)))))
	whole := Seq(Opt(Prim(Integer)).Within(0), F(name), Opt(Prim(Boolean)), F(Any()), Opt(Prim(BitString)).Implicit(1))
	f.Add([]byte{0x30, 0x07, 0x30, 0x00, 0x05, 0x00, 0x81, 0x01, 0x00})
	f.Add([]byte{0x30, 0x80, 0x30, 0x80, 0, 0, 0x04, 0x01, 0x61, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		v, rest, ok := whole.Read(data)
		checked, strict, same := whole.Check(data)
		if ok != same || !bytes.Equal(rest, checked) {
			t.Fatalf("Read: %v, Check: %v", ok, same)
		}
		if !ok {
			return
		}
		der := v.DER()
		again, after, ok := whole.Read(der)
		if !ok || len(after) > 0 || !bytes.Equal(again.DER(), der) {
			t.Fatalf("%x is written as %x, which reads as another", data, der)
		}
		if strict && !bytes.Equal(der, v.Whole) {
			t.Errorf("%x is DER and is written as %x", v.Whole, der)
		}
	})
}

// TestFirst: the end of an element of indefinite length is that of its own.
func TestFirst(t *testing.T) {
	e, rest, ok := First(octetsOf(t, "30803080000004020000000005"))
	if !ok || len(rest) != 1 || hex.EncodeToString(e.Content) != "3080000004020000" {
		t.Errorf("%v, content %x, %x follows", ok, e.Content, rest)
	}
	for _, digits := range []string{"", "30", "3002", "30800000"[:6], "0480", "1f"} {
		if _, _, ok := First(octetsOf(t, digits)); ok {
			t.Errorf("%s: it is read", digits)
		}
	}
}
