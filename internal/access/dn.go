package access

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"arclint/internal/authgroup"
)

// DNFault is why a subject is never, or hardly ever, equal to one that ARC sees:
// the one-line form of OpenSSL 3 (arc-behaviour A10, F2, F3).
type DNFault struct {
	At       authgroup.Field
	Headline string // what is wrong, without capital and period
	Effect   string // sentences; may be empty where Never is set, which is effect enough
	Action   string // what to do
	Never    bool   // no certificate has a subject of that form
	Repair   bool   // With is what belongs in the place
	With     string // may be empty: the place goes
	Unsure   bool
}

// IsTokenSubject says whether the subject is that of a token, issuer/sub.
func IsTokenSubject(dn string) bool { return strings.Contains(dn, "://") }

// FindDNFault gives the first fault of a subject.
func FindDNFault(dn authgroup.Field) (DNFault, bool) {
	text := dn.Text
	switch {
	case isEnclosed(text):
		return DNFault{
			At: dn, Never: true, Headline: "quotes are part of the subject", Action: "Remove the quotes.",
			Repair: true, With: text[1 : len(text)-1],
		}, true
	case IsTokenSubject(text):
		return DNFault{}, false
	case !strings.HasPrefix(text, "/"):
		return DNFault{At: dn, Never: true, Headline: "the subject is not in the form of ARC", Action: "Write it in the form " + slashForm(text) + "."}, true
	case strings.ContainsAny(text, "*"):
		at := strings.IndexByte(text, '*')
		return DNFault{
			At: dn.Sub(at, at+1), Headline: "a `*` has no special meaning in a subject", Effect: "Only a name that has this very character matches.",
			Action: "Write the whole subject, or ask for VOMS attributes where a group of people is meant.",
		}, true
	}
	for at := 0; at < len(text); {
		end := endOfPart(text, at)
		if f, ok := partFault(dn, at, end); ok {
			return f, true
		}
		at = end
	}
	return DNFault{}, false
}

func isEnclosed(text string) bool {
	last := len(text) - 1
	return last > 0 && (text[0] == '"' || text[0] == '\'') && text[last] == text[0]
}

// slashForm guesses what a name in comma form is meant to be. The order is
// that of the text where blanks surround its "=" (as openssl prints), and the
// reverse otherwise (RFC 4514).
func slashForm(text string) string {
	const otherwise = "/DC=org/DC=example/CN=Some User"
	if !strings.Contains(text, "=") || strings.ContainsAny(text, `\"+/`) {
		return otherwise
	}
	var parts []string
	forward := strings.Contains(text, " = ")
	for part := range strings.SplitSeq(text, ",") {
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return otherwise
		}
		rdn := "/" + strings.TrimSpace(key) + "=" + strings.TrimSpace(value)
		if forward {
			parts = append(parts, rdn)
		} else {
			parts = append([]string{rdn}, parts...)
		}
	}
	return strings.Join(parts, "")
}

// endOfPart is where the "/key=value" that begins at at ends: before the next
// slash without a backslash.
func endOfPart(text string, at int) int {
	for i := at + 1; i < len(text); i++ {
		if text[i] == '/' && text[i-1] != '\\' {
			return i
		}
	}
	return len(text)
}

// otherNames are spellings of attribute types that other tools print, with
// OpenSSL's.
var otherNames = map[string]string{
	"Email": "emailAddress", "E": "emailAddress", "EMAIL": "emailAddress", "EMAILADDRESS": "emailAddress", "e-mail": "emailAddress",
	"USERID": "UID", "userId": "UID", "S": "ST",
}

// shortNames are the attribute types that names of people and hosts are made of.
var shortNames = []string{"C", "ST", "L", "O", "OU", "CN", "DC", "UID", "emailAddress"}

func partFault(dn authgroup.Field, at, end int) (DNFault, bool) {
	part := dn.Text[at:end]
	key, value, ok := strings.Cut(part[1:], "=")
	name := dn.Sub(at+1, at+1+len(key))
	switch {
	case !ok && at == 0:
		return DNFault{
			At: dn, Never: true, Headline: "the subject does not begin with an attribute such as /DC=",
			Action: "Write the whole subject, such as /DC=org/DC=example/CN=Jane Doe.",
		}, true
	case !ok:
		return DNFault{
			At: dn.Sub(at, end), Never: true, Headline: "a slash inside a value has no backslash before it",
			Action: `Write \/, as OpenSSL 3 prints it.`, Repair: true, With: `\` + part,
		}, true
	case otherNames[key] != "":
		want := otherNames[key]
		return DNFault{
			At: name, Never: true, Headline: "the attribute " + key + "= is not as OpenSSL prints it", Action: "Write " + want + "=.",
			Repair: true, With: want,
		}, true
	}
	if want := ProperCase(key); want != key {
		return DNFault{
			At: name, Headline: "the attribute " + key + "= is not as OpenSSL prints it", Effect: "To ARC upper and lower case make different subjects.",
			Action: "Write " + want + "=.", Repair: true, With: want,
		}, true
	}
	return valueFault(dn, at, end, key, value)
}

// CommonType says whether names of people and hosts have an attribute of that
// type, in whatever case it is written.
func CommonType(key string) bool { return slices.Contains(shortNames, ProperCase(key)) }

// ProperCase is an attribute type as OpenSSL prints it.
func ProperCase(key string) string {
	for _, name := range shortNames {
		if strings.EqualFold(name, key) {
			return name
		}
	}
	return key
}

func valueFault(dn authgroup.Field, at, end int, key, value string) (DNFault, bool) {
	where := dn.Sub(end-len(value), end)
	if plus := plainPlus(value); plus >= 0 {
		return DNFault{
			At: where.Sub(plus, plus+1), Never: true, Headline: "a plus sign inside a value has no backslash before it",
			Action: `Write \+, as OpenSSL 3 prints it.`, Repair: true, With: `\+`,
		}, true
	}
	if escaped := escapeUTF8(value); escaped != value {
		return DNFault{
			At: where, Never: true, Headline: "the value has characters that are not ASCII", Action: "Write " + escaped + ", as OpenSSL prints it.",
			Repair: utf8.ValidString(value), With: escaped,
		}, true
	}
	if key != "CN" || end != len(dn.Text) || at == 0 {
		return DNFault{}, false
	}
	cn := dn.Sub(at, end)
	switch {
	case value == "proxy" || value == "limited proxy":
		return DNFault{
			At: cn, Never: true, Headline: "the subject ends in the CN of a proxy", Effect: "ARC compares the subject of the proxy's owner.",
			Action: "Write the subject of the user's certificate.", Repair: true,
		}, true
	case len(value) >= 6 && strings.Trim(value, "0123456789") == "" && strings.Contains(dn.Text[:at], "/CN="):
		return DNFault{
			At: cn, Headline: "the subject ends in a number, as that of a proxy does", Effect: "Of a proxy, ARC compares the subject of its owner.",
			Action: "Write the subject of the user's certificate, unless this is it.", Unsure: true,
		}, true
	}
	return DNFault{}, false
}

// plainPlus is the place of the first plus sign without a backslash, or -1. A
// plus between two attributes, CN=a+UID=b, is a name of several parts.
func plainPlus(value string) int {
	for i := range len(value) {
		if value[i] == '+' && (i == 0 || value[i-1] != '\\') && !strings.Contains(value[i:], "=") {
			return i
		}
	}
	return -1
}

// escapeUTF8 writes each byte that is not printable ASCII as OpenSSL's one-line
// form does.
func escapeUTF8(value string) string {
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; c < ' ' || c > '~' {
			fmt.Fprintf(&b, `\x%02X`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
