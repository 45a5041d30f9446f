package trust

import (
	"errors"
	"io/fs"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var lscSyntax = &lint.Rule{
	ID:       "trust/lsc-syntax",
	Title:    "An .lsc file is not read as it was meant",
	Why:      "An .lsc file lists the subject of a VOMS server's certificate and below it the subject of its CA, each on a line in the one-line form. ARC takes every line for a name, to the byte: a comment, a carriage return or a blank becomes part of the chain. The VO publishes the file as it must be.",
	Source:   "S72 src/hed/libs/credential/VOMSUtil.cpp; arc-behaviour V2",
	Facts:    []string{"V2"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write the subject of the VOMS server and below it that of its CA, as the VO
publishes them. Leave out comments, blanks at the end and carriage returns.

    /DC=org/DC=example/CN=voms.example.org
    /DC=org/DC=example/CN=Example CA

See each byte of the file, and what arclint says of it:

    cat -A /etc/grid-security/vomsdir/VO/voms.example.org.lsc
    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, vo := range s.VOMS.VOs {
			for _, lsc := range vo.LSCs {
				switch {
				case errors.Is(lsc.Err, fs.ErrPermission):
					r.Skip("%s may not be read by this user, run as root to look at it", lsc.Path)
				case gridsec.Unseen(lsc.Err):
					r.Skip("%s was not read, so it is not known which VOMS server it names: %v", lsc.Path, lsc.Err)
				case errors.Is(lsc.Err, fs.ErrNotExist):
					r.Path(lsc.Path, "this link leads to nothing, want a file with the subjects of the VOMS server and of its CA: the attributes of %s are dropped", vo.Name).About(vo.Name)
				case lsc.Err != nil:
					r.Path(lsc.Path, "this file cannot be read (%v), want the subjects of the VOMS server and of its CA: the attributes of %s are dropped", lsc.Err, vo.Name).About(vo.Name)
				}
				for _, p := range lsc.Problems {
					r.At(p.Span, "%s: the file is not the one that %s publishes for its server", p.Message, vo.Name).About(vo.Name + " " + p.Message + p.Span.Text())
				}
			}
		}
		eachChain(s, func(vo *gridsec.VO, lsc *gridsec.LSC, chain []gridsec.Line) {
			for _, line := range chain {
				if fault := trust.NameFault(line.Text); fault != "" && len(chain) > 1 {
					r.At(line.Span, "no certificate has this name, and ARC drops attributes of %s: %s", vo.Name, fault).About(vo.Name + " " + line.Text)
				}
			}
		})
	},
}
