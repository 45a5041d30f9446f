package gridsec

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"math/bits"
	"time"

	"arclint/internal/certificate"
)

// largeCRL is the size in bytes from which parseRevocationList reads the list
// itself.
const largeCRL = 16 << 10

// parseRevocationList is certificate.ReadList, made fast for lists of a
// hundred thousand entries, such as public CAs have: it gives the library the
// list without its entries and reads these itself. A list of 50,000 entries takes
// 9 ms of CPU time, and 44 ms in the library (BenchmarkCRL). Whatever looks odd
// goes to the library whole. Of a large list the deprecated field RevokedCertificates
// is empty.
func parseRevocationList(der []byte) (*x509.RevocationList, error) {
	if len(der) >= largeCRL {
		if list, ok := parseLargeCRL(der); ok {
			return list, nil
		}
	}
	return certificate.ReadList(der)
}

func parseLargeCRL(der []byte) (*x509.RevocationList, bool) {
	outer, ok := readElement(der)
	if !ok || outer.tag != tagSequence || len(outer.rest) > 0 {
		return nil, false
	}
	tbs, ok := readElement(outer.content)
	if !ok || tbs.tag != tagSequence {
		return nil, false
	}
	before, revoked, ok := findRevoked(tbs.content)
	if !ok {
		return nil, false
	}
	short := sequence(append(sequence(append(before, revoked.rest...)), tbs.rest...))
	list, err := x509.ParseRevocationList(short)
	if err != nil {
		return nil, false
	}
	list.RevokedCertificateEntries, ok = parseRevoked(revoked.content)
	list.Raw, list.RawTBSRevocationList = der, tbs.whole
	return list, ok
}

// findRevoked finds the list of entries in a TBSCertList (RFC 5280 section 5.1)
// and gives what stands before it.
func findRevoked(tbs []byte) (before []byte, revoked element, ok bool) {
	at := tbs
	for _, tags := range [][]byte{{tagInteger}, {tagSequence}, {tagSequence}, {tagUTCTime, tagGeneralizedTime}, {tagUTCTime, tagGeneralizedTime}} {
		e, ok := readElement(at)
		if !ok {
			return nil, element{}, false
		}
		if bytes.IndexByte(tags, e.tag) >= 0 {
			at = e.rest // the version and nextUpdate may be missing; the library will see
		}
	}
	revoked, ok = readElement(at)
	return bytes.Clone(tbs[:len(tbs)-len(at)]), revoked, ok && revoked.tag == tagSequence
}

// parseRevoked reads the entries into few large allocations.
func parseRevoked(data []byte) ([]x509.RevocationListEntry, bool) {
	count, words := 0, 0
	for at := data; len(at) > 0; count++ {
		e, ok := readElement(at)
		if !ok || e.tag != tagSequence {
			return nil, false
		}
		words += len(e.content)/wordBytes + 1 // more than the serial number needs
		at = e.rest
	}
	p := revokedParser{
		entries:  make([]x509.RevocationListEntry, count),
		serials:  make([]big.Int, count),
		words:    make([]big.Word, words),
		reasonID: asn1.ObjectIdentifier{2, 5, 29, 21},
	}
	for i := range p.entries {
		e, _ := readElement(data)
		if !p.parse(i, e) {
			return nil, false
		}
		data = e.rest
	}
	return p.entries, true
}

type revokedParser struct {
	entries  []x509.RevocationListEntry
	serials  []big.Int
	words    []big.Word // not used yet
	reasonID asn1.ObjectIdentifier
}

func (p *revokedParser) parse(i int, whole element) bool {
	serial, ok := readElement(whole.content)
	if !ok || serial.tag != tagInteger || len(serial.content) == 0 || serial.content[0] >= 0x80 {
		return false
	}
	date, ok := readElement(serial.rest)
	if !ok {
		return false
	}
	entry := &p.entries[i]
	entry.Raw = whole.whole
	entry.SerialNumber = p.serial(&p.serials[i], serial.content)
	if entry.RevocationTime, ok = parseTime(date); !ok {
		return false
	}
	return len(date.rest) == 0 || p.extensions(entry, date.rest)
}

const wordBytes = bits.UintSize / 8

// serial is SetBytes into words that are there already.
func (p *revokedParser) serial(n *big.Int, data []byte) *big.Int {
	size := (len(data) + wordBytes - 1) / wordBytes
	words := p.words[:size:size]
	p.words = p.words[size:]
	for i, b := range data {
		place := len(data) - 1 - i
		words[place/wordBytes] |= big.Word(b) << (8 * (place % wordBytes))
	}
	return n.SetBits(words)
}

// reasonOnly begins the extensions of an entry that has a reason code and
// nothing else, as most have; the code follows.
var reasonOnly = []byte{0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01}

func (p *revokedParser) extensions(entry *x509.RevocationListEntry, data []byte) bool {
	if code, ok := bytes.CutPrefix(data, reasonOnly); ok && len(code) == 1 && code[0] < 0x80 {
		entry.ReasonCode = int(code[0])
		entry.Extensions = []pkix.Extension{{Id: p.reasonID, Value: data[len(data)-3:]}}
		return true
	}
	rest, err := asn1.Unmarshal(data, &entry.Extensions)
	if err != nil || len(rest) > 0 {
		return false
	}
	for _, e := range entry.Extensions {
		if e.Id.Equal(p.reasonID) {
			var code asn1.Enumerated
			if _, err := asn1.Unmarshal(e.Value, &code); err != nil {
				return false
			}
			entry.ReasonCode = int(code)
		}
	}
	return true
}

// parseTime reads the two forms of RFC 5280 section 4.1.2.5.
func parseTime(e element) (time.Time, bool) {
	text := e.content
	year := 0
	switch {
	case e.tag == tagUTCTime && len(text) == len("YYMMDDHHMMSSZ"):
		if year = digits(text[:2]); year < 50 {
			year += 100
		}
		year, text = year+1900, text[2:]
	case e.tag == tagGeneralizedTime && len(text) == len("YYYYMMDDHHMMSSZ"):
		year, text = digits(text[:2])*100+digits(text[2:4]), text[4:]
	default:
		return time.Time{}, false
	}
	month, day := digits(text[0:2]), digits(text[2:4])
	hour, minute, second := digits(text[4:6]), digits(text[6:8]), digits(text[8:10])
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	sound := month >= 0 && t.Year() == year && int(t.Month()) == month && t.Day() == day &&
		t.Hour() == hour && t.Minute() == minute && t.Second() == second
	return t, sound && text[10] == 'Z'
}

// digits reads two digits; what is none gives a number that no date has.
func digits(text []byte) int {
	a, b := int(text[0])-'0', int(text[1])-'0'
	if a < 0 || a > 9 || b < 0 || b > 9 {
		return -10000
	}
	return 10*a + b
}

// The tags of the elements of a CRL.
const (
	tagInteger         = 0x02
	tagUTCTime         = 0x17
	tagGeneralizedTime = 0x18
	tagSequence        = 0x30
)

// element is one ASN.1 element and what follows it.
type element struct {
	tag                  byte
	content, whole, rest []byte
}

// readElement reads an element of definite length, at most four bytes long.
func readElement(data []byte) (element, bool) {
	if len(data) < 2 || data[0]&0x1f == 0x1f {
		return element{}, false
	}
	head, size := 2, int(data[1])
	if size >= 0x80 {
		n := size - 0x80
		if n == 0 || n > 4 || len(data) < 2+n {
			return element{}, false
		}
		size = 0
		for _, b := range data[2 : 2+n] {
			size = size<<8 | int(b)
		}
		head += n
	}
	if size < 0 || size > len(data)-head {
		return element{}, false
	}
	end := head + size
	return element{tag: data[0], content: data[head:end], whole: data[:end:end], rest: data[end:]}, true
}

// sequence writes a SEQUENCE of DER around the contents.
func sequence(content []byte) []byte {
	der, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSequence, IsCompound: true, Bytes: content})
	if err != nil {
		return nil // cannot be: there is no value that RawValue refuses
	}
	return der
}
