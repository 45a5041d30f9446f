package trust

import (
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
)

// eachLSC gives the .lsc files that were read, with their VO.
func eachLSC(s *site.Site, do func(vo *gridsec.VO, lsc *gridsec.LSC)) {
	for _, vo := range s.VOMS.VOs {
		for _, lsc := range vo.LSCs {
			if lsc.Err == nil {
				do(vo, lsc)
			}
		}
	}
}

// eachChain gives the chains of names that are written in them. A regular expression
// is none.
func eachChain(s *site.Site, do func(vo *gridsec.VO, lsc *gridsec.LSC, chain []gridsec.Line)) {
	eachLSC(s, func(vo *gridsec.VO, lsc *gridsec.LSC) {
		for _, chain := range lsc.Chains {
			if len(chain) > 1 || !gridsec.IsPattern(chain[0].Text) {
				do(vo, lsc, chain)
			}
		}
	})
}

// bareSlash is a slash in a value without a backslash before it, as VOs publish names
// of servers; fixed is the name as OpenSSL 3 prints it.
func bareSlash(text string) (at int, fixed string) {
	if !strings.HasPrefix(text, "/") {
		return -1, ""
	}
	at = -1
	var b strings.Builder
	for i := range len(text) {
		if text[i] == '/' && i > 0 && text[i-1] != '\\' && !beginsAttribute(text[i+1:]) {
			if b.WriteByte('\\'); at < 0 {
				at = i
			}
		}
		b.WriteByte(text[i])
	}
	return at, b.String()
}

// beginsAttribute says whether a type and "=" stand before the next slash.
func beginsAttribute(rest string) bool {
	part, _, _ := strings.Cut(rest, "/")
	key, _, ok := strings.Cut(part, "=")
	return ok && key != "" && !strings.ContainsAny(key, " .-:@")
}

// firstTypes are the attributes with which names of servers and CAs begin.
var firstTypes = []string{"DC", "C", "O", "OU", "CN", "ST", "L"}

// nameFault is what keeps a line from being a name as OpenSSL prints it, but for a bare
// slash; "" for nothing.
func nameFault(text string) string {
	key, _, _ := strings.Cut(strings.TrimPrefix(text, "/"), "=")
	switch {
	case strings.HasPrefix(text, `"`), strings.HasPrefix(text, "'"):
		return "ARC takes the quotes for a part of the name: remove them"
	case !strings.HasPrefix(text, "/"):
		return "the name is not in OpenSSL's one-line form: write it as /DC=org/DC=example/CN=voms.example.org"
	case strings.ToUpper(key) != key && slices.Contains(firstTypes, strings.ToUpper(key)):
		return "OpenSSL prints " + strings.ToUpper(key) + "= and not " + key + "=: names are compared with regard to case"
	case escaped(text) != text:
		return "OpenSSL prints characters that are not ASCII as bytes: write " + escaped(text)
	}
	return ""
}

func escaped(text string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c > '~' {
			b.WriteString(`\x`)
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// hostIn is the host in the last CN of a name, "" where there is none.
func hostIn(name string) string {
	_, cn, ok := cutLast(name, "/CN=")
	if !ok {
		return ""
	}
	if _, host, service := cutLast(cn, "/"); service {
		cn = host
	}
	if !strings.Contains(cn, ".") || strings.ContainsAny(cn, " @=") {
		return ""
	}
	return cn
}

func cutLast(text, sep string) (before, after string, found bool) {
	at := strings.LastIndex(text, sep)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(sep):], true
}
