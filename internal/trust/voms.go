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
// tells: Refused where no .lsc file can admit a server (arc-behaviour V1, V2) or its CA
// has expired (D7), Unknown where nobody could look, or where the CA is not installed: a
// server may send its certificate. why is a clause. "*" asks for any VO.
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
		case len(vo.LSCs) > 0 && !slices.ContainsFunc(vo.LSCs, func(l *gridsec.LSC) bool { return !unread(l) }):
			answer, why = Unknown, "the .lsc files in "+vo.Path+" could not be read"
		case len(vo.LSCs) > 0:
			here, reason := lscsAnswer(s, vo)
			if here == Accepted {
				return Accepted, ".lsc files " + of + " are in " + dir.Path
			}
			if here == Unknown || answer == Refused {
				answer, why = here, reason
			}
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

// lscsAnswer says whether some .lsc file of a VO can admit a server.
func lscsAnswer(s *site.Site, vo *gridsec.VO) (answer Answer, why string) {
	answer, why = Refused, fmt.Sprintf("no .lsc file in %s is one that can match a VOMS server, so that its attributes do not count", vo.Path)
	told := false
	for _, lsc := range vo.LSCs {
		switch here, reason := lscAnswer(s, lsc); {
		case here == Accepted:
			return Accepted, ""
		case here == Unknown:
			answer, why, told = Unknown, reason, true
		case !told && reason != "":
			why, told = why+" ("+reason+")", true
		}
	}
	return answer, why
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
