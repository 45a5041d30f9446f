package openssl_test

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/x509name"
)

// subtreeCase is one subtree and one name of a certificate. It is asked about
// twice: the subtree is permitted, and it is excluded.
type subtreeCase struct {
	kind       string
	base, name string // as raw octets of the GeneralName
}

// Tags of GeneralName, RFC 5280 section 4.2.1.6.
var nameTags = map[string]int{"other": 0, "email": 1, "DNS": 2, "x400": 3, "DN": 4, "ediParty": 5, "URI": 6, "IP": 7, "registered": 8}

func subtreeCases() []subtreeCase {
	var list []subtreeCase
	add := func(kind, base string, names ...string) {
		for _, name := range names {
			list = append(list, subtreeCase{kind, base, name})
		}
	}
	for _, base := range []string{"host.example.org", ".example.org"} {
		add("URI", base,
			"https://host.example.org", "https://host.example.org/", "https://host.example.org/x", "https://host.example.org:8443/x",
			"https://HOST.Example.ORG/", "https://host.example.org#x", "https://host.example.org?x", "https://host.example.org/a:b",
			"https://host.example.org?x=a/b", "https://host.example.org#x:1", "https://jane@host.example.org/", "https://jane:secret@host.example.org/", "https://a@b@host.example.org/", "https://host.example.org@b@other.example.net/",
			"https://other.example.net/@host.example.org", "https://other.example.net#@host.example.org/", "https://host.example.org:/",
			"https://host.example.org:port/", "https://host.example.org:70000/", "https://host.example.org:443x/", "https://host.example.org:4294967739/",
			"https://host.example.org:-1/", "https://host.example.org./", "https://other.example.net", "https://example.org", "https://.example.org",
			"https://", "https:///host.example.org", "https:/host.example.org", "https:host.example.org", "host.example.org", "//host.example.org",
			"://host.example.org", "urn:x://host.example.org", "a:b://host.example.org", "https://host.example.org\x00.example.net",
			"https://host.example.org %20", "mailto:jane@host.example.org", "")
	}
	add("URI", "[2001:db8::1]", "https://[2001:db8::1]/", "https://[2001:db8::1]:443/", "https://[2001:DB8::1]", "https://[2001:db8::1", "https://[2001:db8::1]x/")
	add("URI", "[2001", "https://[2001:db8::1]/")
	add("URI", "", "https://host.example.org", "https://", "https:///x")
	add("URI", "host.example.org#x", "https://host.example.org#x")
	add("URI", "host.example.org:8443", "https://host.example.org:8443/")

	mails := []string{"jane@example.org", "Jane@example.org", "jane@EXAMPLE.org", "jane@host.example.org", "jane@example.net", `"a@b"@example.org`, "jane", "@example.org", "jane@", "", "ja\x00ne@example.org"}
	for _, base := range []string{"example.org", ".example.org", "jane@example.org", "Jane@example.org", "@example.org", `"a@b"@example.org`, "ja\x00ne@example.org", "", "@", "."} {
		add("email", base, mails...)
	}
	hosts := []string{"host.example.org", "HOST.example.org", "example.org", "xexample.org", "a.b.example.org", "*.example.org", ".example.org", "example.org.", "", "example.net"}
	for _, base := range []string{"example.org", ".example.org", "EXAMPLE.org", "example.org.", "", "."} {
		add("DNS", base, hosts...)
	}
	v4, v6 := "\xc0\x00\x02\x01", "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"
	net6 := v6[:4] + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" + "\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	for _, base := range []string{"\xc0\x00\x02\x00\xff\xff\xff\x00", "\xc0\x00\x02\x63\xff\xff\xff\x00", "\xc0\x00\x02\x01\xff\x00\xff\xff", "\x0a\x00\x00\x00\xff\x00\x00\x00", "\x00\x00\x00\x00\x00\x00\x00\x00", "\xc0\x00\x02\x00", "\xc0\x00\x02\x00\x18", "", net6} {
		add("IP", base, v4, v6, v4[:3], "")
	}
	for _, base := range []string{"/O=Names", "/O= NAMES  ", "/O=Names/CN=host", "/O=Nam", "/O=Other", "/"} {
		add("DN", nameDER(base), nameDER("/O=Names/CN=host"), nameDER("/O=names/CN=Host"), nameDER("/O=Other/CN=host"), nameDER("/"))
	}
	mailbox := func(text string) string { return otherDER("1.3.6.1.5.5.7.8.9", asn1.TagUTF8String, text) }
	add("other", otherDER("1.3.6.1.4.1.311.20.2.3", asn1.TagUTF8String, "x"), otherDER("1.3.6.1.4.1.311.20.2.3", asn1.TagUTF8String, "x"), otherDER("1.2.3", asn1.TagUTF8String, "x"), mailbox("j\u00f6rg@example.org"))
	for _, base := range []string{"example.org", ".example.org", "@example.org", "jane@example.org", "xn--bcher-kva.example", ".xn--bcher-kva.example", "xn--!.example", "EXAMPLE.org", "XN--bcher-kva.example", "xn--Bcher-KVA.example", "exam\x00ple.org", "", "xn--.org", "xn---.org", "xn--a.org", "xn--99999999.org", "xn--zzzzzzzzz.org", "xn--ihqwcrb4cv8a8dqg056pqjye.org"} {
		add("mailbox", base, mailbox("j\u00f6rg@example.org"), mailbox("jane@example.org"), mailbox("jane@b\u00fccher.example"), mailbox("jane@host.example.org"), mailbox("jane@host..example.org"), mailbox("jane"),
			otherDER("1.3.6.1.5.5.7.8.9", asn1.TagIA5String, "ia5@example.org"))
	}
	add("registered", "\x2a\x03", "\x2a\x03", "\x2a\x04")
	add("x400", "", "")
	add("ediParty", "\xa1\x03\x0c\x01x", "\xa1\x03\x0c\x01x")
	return list
}

func nameDER(dn string) string {
	return string(pki.New(pki.Spec{Subject: dn, Key: "p256-1"}).Subject())
}

// otherDER is the content of an otherName.
func otherDER(oid string, tag int, text string) string {
	id := oidOf(oid)
	value := marshal(asn1.RawValue{Tag: tag, Bytes: []byte(text)})
	return string(marshal(id)) + string(marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: value}))
}

func oidOf(dotted string) (oid asn1.ObjectIdentifier) {
	for part := range strings.SplitSeq(dotted, ".") {
		oid = append(oid, atoi(part))
	}
	return oid
}

func (c subtreeCase) baseName() asn1.RawValue {
	kind := c.kind
	if kind == "mailbox" {
		kind = "email"
	}
	return rawName(nameTags[kind], c.base)
}

func (c subtreeCase) ownName() asn1.RawValue {
	kind := c.kind
	if kind == "mailbox" {
		kind = "other"
	}
	return rawName(nameTags[kind], c.name)
}

func rawName(tag int, content string) asn1.RawValue {
	compound := tag == 0 || tag >= 3 && tag <= 5
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, IsCompound: compound, Bytes: []byte(content)}
}

// subtree is a GeneralSubtree whose limits are written as they are.
type subtree struct {
	Base     asn1.RawValue
	Min, Max asn1.RawValue `asn1:"optional"`
}

// constraints is a name constraint of permitted (0) or excluded (1) subtrees.
func constraints(excluded int, trees ...subtree) pkix.Extension {
	var content []byte
	for _, tree := range trees {
		content = append(content, marshal(tree)...)
	}
	list := asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: excluded, IsCompound: true, Bytes: content}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: true, Value: marshal(struct{ Trees asn1.RawValue }{list})}
}

func altNames(names ...asn1.RawValue) pkix.Extension {
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: marshal(names)}
}

func subtreeRows() []row {
	var rows []row
	for i, c := range subtreeCases() {
		r := row{label: c.kind + "\t" + shown(c.kind, c.base) + "\t" + shown(c.kind, c.name)}
		for excluded := range 2 {
			root := pki.New(pki.Spec{
				Subject: fmt.Sprintf("/O=Subtrees/CN=Root %d %d", i, excluded), Key: "p256-1",
				Extensions: []pkix.Extension{constraints(excluded, subtree{Base: c.baseName()})},
			})
			subject := "/"
			if c.kind != "DN" {
				subject = fmt.Sprintf("/O=Names/CN=Leaf %d", i)
			}
			leaf := pki.New(pki.Spec{Subject: subject, Key: "p256-2", Issuer: root, Extensions: []pkix.Extension{altNames(c.ownName())}})
			r.draws = append(r.draws, draw{store: files{root.Hash() + ".0": root.PEM()}, chain: []*pki.Entity{leaf}})
		}
		rows = append(rows, r)
	}
	return rows
}

// shown is the content of a name for people.
func shown(kind, content string) string {
	switch kind {
	case "URI", "email", "DNS":
		return strconv.Quote(content)
	case "mailbox":
		if _, text, found := strings.Cut(content, "\x08\x09\xa0"); found {
			return strconv.Quote(text[3:])
		}
		return strconv.Quote(content)
	case "DN":
		if text, err := x509name.OneLine([]byte(content)); err == nil {
			return text
		}
	}
	return fmt.Sprintf("%x", content)
}

// TestSubtrees compares each kind of subtree with each kind of name. A cell of
// the table is OpenSSL's error where the subtree is permitted, and where it is
// excluded.
func TestSubtrees(t *testing.T) {
	compareTable(t, "testdata/subtrees.tsv", "kind\tsubtree\tname", subtreeRows())
}
