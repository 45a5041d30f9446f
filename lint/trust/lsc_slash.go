package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var lscSlash = &lint.Rule{
	ID:    "trust/lsc-slash",
	Title: "A slash in a name of an .lsc file has no backslash before it",
	Why: "ARC compares each line of an .lsc file with the name of a certificate as OpenSSL prints it in one line. OpenSSL 3 prints a slash in a value as `\\/`, so that the name of a server with CN=host/voms.example.org is `CN=host\\/voms.example.org`. " +
		"VOs publish it without the backslash. The line then matches no server: ARC drops the attributes that it signs, and the VO's users are kept out.",
	Source:   "arc-behaviour V2, F3",
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
		eachChain(s, func(vo *gridsec.VO, lsc *gridsec.LSC, chain []gridsec.Line) {
			if len(chain) == 1 || alsoFixed(lsc, chain) {
				return // not compared, or the file has the chain as ARC compares it too
			}
			for _, line := range chain {
				if at, fixed := bareSlash(line.Text); at >= 0 {
					r.At(line.Span, "the slash in this name has no backslash before it: no certificate has the name, and ARC drops attributes of %s; write %s", vo.Name, fixed).
						About(vo.Name + " " + line.Text)
				}
			}
		})
	},
}

// alsoFixed says whether another chain of the file is this one with its backslashes.
func alsoFixed(lsc *gridsec.LSC, chain []gridsec.Line) bool {
	for _, other := range lsc.Chains {
		same, changed := len(other) == len(chain), false
		for i := 0; same && i < len(chain); i++ {
			at, fixed := bareSlash(chain[i].Text)
			changed = changed || at >= 0
			same = other[i].Text == fixed || at < 0 && other[i].Text == chain[i].Text
		}
		if same && changed {
			return true
		}
	}
	return false
}
