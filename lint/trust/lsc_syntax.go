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
	ID:    "trust/lsc-syntax",
	Title: "An .lsc file is not read as it was meant",
	Why: "An .lsc file lists the subject of a VOMS server's certificate and below it the subject of its CA. Each is on a line of its own, in OpenSSL's one-line form. " +
		"ARC reads every line as a name, byte for byte: a comment, a carriage return or a blank becomes part of the chain. The VO publishes the file as it must be.",
	Source:   "S72 src/hed/libs/credential/VOMSUtil.cpp; arc-behaviour V2",
	Impact:   lint.Outage,
	Facts:    []string{"V2"},
	Severity: lint.Error,
	Action:   "Write the subject of the VOMS server, and below it that of its CA, as the VO publishes them.",
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
					r.Path(lsc.Path, "this link leads to nothing").Means("ARC drops the attributes of %s from this server.", vo.Name).About(vo.Name)
				case lsc.Err != nil:
					r.Path(lsc.Path, "this file cannot be read (%v)", lsc.Err).Means("ARC drops the attributes of %s from this server.", vo.Name).About(vo.Name)
				}
				for _, p := range lsc.Problems {
					reportLSC(r, vo, lsc, p)
				}
			}
		}
		eachChain(s, func(vo *gridsec.VO, lsc *gridsec.LSC, chain []gridsec.Line) {
			for _, line := range chain {
				if fault, repair := trust.NameFault(line.Text); fault != "" && len(chain) > 1 {
					r.At(line.Span, "%s", fault).Means("No certificate has this name, and ARC drops attributes of %s.", vo.Name).Do("%s", repair).
						About(vo.Name + " " + line.Text)
				}
			}
		})
	},
}

func reportLSC(r *lint.Reporter, vo *gridsec.VO, lsc *gridsec.LSC, p gridsec.Problem) {
	f := r.At(p.Span, "%s", p.Message).About(vo.Name + " " + p.Message + p.Span.Text())
	if p.Action != "" {
		f.Do("%s", p.Action)
	}
	switch {
	case p.Means != "":
		f.Means("%s If the chain then does not match the VOMS server, ARC drops attributes of %s.", p.Means, vo.Name)
	case len(trust.Opening(lsc)) > 0:
		f.Means("ARC reads a comment or blanks as the only name of a chain.") // trust/lsc-one-line
	default:
		f.Means("ARC drops the attributes of %s from this server.", vo.Name)
	}
}
