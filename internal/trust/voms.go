package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/site"
)

// VO says whether this CE believes VOMS attributes of a VO, as far as vomsdir
// tells: Refused where no .lsc file says which server may sign them (VOMSUtil.cpp;
// arc-behaviour B6), Unknown where nobody could look. why is a clause. Which CAs
// stand above that server is not looked at. "*" asks for any VO.
func VO(s *site.Site, name string) (answer Answer, why string) {
	dir := s.VOMS
	switch {
	case errors.Is(dir.Err, fs.ErrNotExist) && !s.NotCopied(dir.Path):
		return Refused, dir.Path + " does not exist, so that no VOMS attribute counts"
	case dir.Err != nil:
		return Unknown, dir.Path + " could not be read"
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
		case slices.ContainsFunc(vo.LSCs, readable):
			return Accepted, ".lsc files " + of + " are in " + dir.Path
		case slices.ContainsFunc(vo.LSCs, unread):
			answer, why = Unknown, "the .lsc files in "+vo.Path+" could not be read"
		}
	}
	return answer, why
}

func readable(l *gridsec.LSC) bool { return l.Err == nil && len(l.Chains) > 0 }

func unread(l *gridsec.LSC) bool { return l.Err != nil }
