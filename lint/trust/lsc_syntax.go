package trust

import (
	"errors"
	"io/fs"

	"arclint/internal/site"
	"arclint/lint"
)

var lscSyntax = &lint.Rule{
	ID:       "trust/lsc-syntax",
	Title:    "An .lsc file is not read as it was meant",
	Why:      "An .lsc file lists the subject of a VOMS server's certificate and below it the subject of its CA, each on a line in the one-line form. ARC takes every line for a name, to the byte: with a comment, a carriage return, a blank too many or a line too few it does not hold the attributes to the server that was meant.",
	Source:   "S72 src/hed/libs/credential/VOMSUtil.cpp",
	Severity: lint.Error,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, vo := range s.VOMS.VOs {
			for _, lsc := range vo.LSCs {
				switch {
				case errors.Is(lsc.Err, fs.ErrPermission):
					r.Skip("%s may not be read by this user, run as root to look at it", lsc.Path)
				case errors.Is(lsc.Err, fs.ErrNotExist):
					r.Path(lsc.Path, "this link leads to nothing, want a file with the subjects of the VOMS server and of its CA: the attributes of %s are dropped", vo.Name).About(vo.Name)
				case lsc.Err != nil:
					r.Path(lsc.Path, "this file cannot be read (%v), want the subjects of the VOMS server and of its CA: the attributes of %s are dropped", lsc.Err, vo.Name).About(vo.Name)
				}
				for _, p := range lsc.Problems {
					r.At(p.Span, "%s: the attributes of %s cannot be tied to this server", p.Message, vo.Name).About(vo.Name + " " + p.Message + p.Span.Text())
				}
			}
		}
	},
}
