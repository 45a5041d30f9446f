package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/internal/voms"
)

// VO says whether this CE believes VOMS attributes of a VO, as far as vomsdir
// tells: Refused where no .lsc file can admit a server (arc-behaviour V1, V2), Unknown
// where nobody could look. why is a clause. Which CAs stand above that server is not
// looked at. "*" asks for any VO.
func VO(s *site.Site, name string) (answer Answer, why string) {
	dir := s.VOMS
	if answer, why := vomsDir(s); answer != Accepted {
		return answer, why
	}
	of := "of the VO " + name
	if name == "*" {
		of = "of any VO"
	}
	answer, why = Refused, fmt.Sprintf("%s holds no .lsc file %s, so that its attributes do not count", dir.Path, of)
	for _, vo := range dir.VOs {
		switch {
		case vo.Name != name && name != "*":
		case vo.Err != nil:
			answer, why = Unknown, vo.Path+" could not be read"
		case slices.ContainsFunc(vo.LSCs, mayAdmit):
			return Accepted, ".lsc files " + of + " are in " + dir.Path
		case slices.ContainsFunc(vo.LSCs, unread):
			answer, why = Unknown, "the .lsc files in "+vo.Path+" could not be read"
		case len(vo.LSCs) > 0 && answer == Refused:
			why = fmt.Sprintf("no .lsc file in %s is one that can match a VOMS server, so that its attributes do not count", vo.Path)
		}
	}
	return answer, why
}

// vomsDir says whether there is a vomsdir to look in, and whether attributes count at
// all.
func vomsDir(s *site.Site) (answer Answer, why string) {
	dir := s.VOMS
	switch {
	case !AttributesCount(s):
		return Refused, "with this x509_cert_policy ARC has no CAs for VOMS servers, so that no VOMS attribute counts"
	case errors.Is(dir.Err, fs.ErrNotExist) && !s.NotCopied(dir.Path):
		return Refused, dir.Path + " does not exist, so that no VOMS attribute counts"
	case dir.Err != nil:
		return Unknown, dir.Path + " could not be read"
	}
	return Accepted, ""
}

// mayAdmit says whether some chain of the file can be that of a server.
func mayAdmit(l *gridsec.LSC) bool {
	return l.Err == nil && slices.ContainsFunc(voms.Chains(l), func(c voms.Chain) bool { return c.Never() < 0 })
}

func unread(l *gridsec.LSC) bool { return l.Err != nil }

// Opening is the first line of each chain of a file that ARC does not compare: it admits
// every server with a certificate of a trusted CA (arc-behaviour V3).
func Opening(lsc *gridsec.LSC) (lines []source.Span) {
	for _, c := range voms.Chains(lsc) {
		if c.Opens() {
			lines = append(lines, source.Span{File: lsc.Source, Start: c.Start, End: c.Start + len(c.Lines[0])})
		}
	}
	return lines
}

// MayAdmit says whether the file admits attributes that a server signs which sends its
// own certificate alone, or may.
func MayAdmit(lsc *gridsec.LSC, server *gridsec.Certificate) bool {
	return voms.Admits(lsc, []*gridsec.Certificate{server}) != voms.No
}
