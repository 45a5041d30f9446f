package trust

import (
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var lscSlash = &lint.Rule{
	ID:    "trust/lsc-slash",
	Title: "A slash in a name of an .lsc file has no backslash before it",
	Why: "ARC compares each line of an .lsc file with the name of a certificate as OpenSSL prints it in one line. OpenSSL 3 prints a slash in a value as `\\/`: the name of a server with CN=host/voms.example.org is `CN=host\\/voms.example.org`. " +
		"VOs publish it without the backslash. The line then matches no server: ARC drops the attributes that it signs, and the VO's users are kept out.",
	Source:   "arc-behaviour V2, F3",
	Impact:   lint.Outage,
	Facts:    []string{"V2"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write a backslash before each slash that belongs to a value:

    /DC=org/DC=example/CN=host\/voms.example.org
    /DC=org/DC=example/CN=Example CA

If other software on this host needs the name without it, keep both chains:

    /DC=org/DC=example/CN=host/voms.example.org
    /DC=org/DC=example/CN=Example CA
    ------ NEXT CHAIN ------
    /DC=org/DC=example/CN=host\/voms.example.org
    /DC=org/DC=example/CN=Example CA

See what arclint says of it:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		var file *gridsec.LSC
		var has map[string]bool // the chains of the file
		eachChain(s, func(vo *gridsec.VO, lsc *gridsec.LSC, chain []gridsec.Line) {
			if lsc != file {
				file, has = lsc, chainsOf(lsc)
			}
			if fixed, changed := fixedChain(chain); len(chain) == 1 || changed && has[fixed] {
				return // not compared, or the file has the chain as ARC compares it too
			}
			for _, line := range chain {
				if at, fixed := bareSlash(line.Text); at >= 0 {
					r.At(line.Span, "the slash in this name has no backslash before it").
						Means("No certificate has this name, and ARC drops attributes of %s.", vo.Name).Do("Write %s in its place.", fixed).About(vo.Name + " " + line.Text)
				}
			}
		})
	},
}

// chainsOf are the chains of a file, each as a text of lines.
func chainsOf(lsc *gridsec.LSC) map[string]bool {
	all := map[string]bool{}
	for _, chain := range lsc.Chains {
		var b strings.Builder
		for _, line := range chain {
			b.WriteString(line.Text + "\n")
		}
		all[b.String()] = true
	}
	return all
}

// fixedChain is a chain with its backslashes, as a text of lines, and whether one
// was missing.
func fixedChain(chain []gridsec.Line) (fixed string, changed bool) {
	var b strings.Builder
	for _, line := range chain {
		text := line.Text
		if at, with := bareSlash(text); at >= 0 {
			text, changed = with, true
		}
		b.WriteString(text + "\n")
	}
	return b.String(), changed
}
