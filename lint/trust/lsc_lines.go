package trust

import (
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/trust"
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

// beginsAttribute says whether a type and "=" are before the next slash.
func beginsAttribute(rest string) bool {
	part, _, _ := strings.Cut(rest, "/")
	key, _, ok := strings.Cut(part, "=")
	return ok && key != "" && !strings.ContainsAny(key, " .-:@")
}

// isFaulty says whether a line is no name as OpenSSL prints it: trust/lsc-syntax says so.
func isFaulty(name string) bool {
	fault, _ := trust.NameFault(name)
	return fault != ""
}

// texts are the names of a chain.
func texts(chain []gridsec.Line) []string {
	names := make([]string, len(chain))
	for i, line := range chain {
		names[i] = line.Text
	}
	return names
}
