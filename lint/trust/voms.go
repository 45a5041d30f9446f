package trust

import (
	"errors"
	"io/fs"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

// vomsRule is a voms= rule of an authgroup and the VO that it names.
type vomsRule struct {
	vo          string
	value, line source.Span
}

// vomsRules are the voms= rules that name a VO, the first one of each, in the
// order of arc.conf.
func vomsRules(s *site.Site) []vomsRule {
	var rules []vomsRule
	seen := map[string]bool{}
	for _, group := range s.Conf.Kind("authgroup") {
		for _, o := range group.Options {
			fields := strings.Fields(o.Value.Text)
			if strings.TrimLeft(o.Name.Text, "+-! ") != "voms" || len(fields) == 0 {
				continue
			}
			if vo := strings.Trim(fields[0], `"`); vo != "*" && !seen[vo] {
				seen[vo] = true
				rules = append(rules, vomsRule{vo: vo, value: o.Value.Span, line: o.Line})
			}
		}
	}
	return rules
}

// findVO is the directory of a VO, nil where there is none.
func findVO(s *site.Site, name string) *gridsec.VO {
	for _, vo := range s.VOMS.VOs {
		if vo.Name == name {
			return vo
		}
	}
	return nil
}

// noVOMSDir says that there is no vomsdir; one that was not copied is reported
// as not looked at.
func noVOMSDir(s *site.Site, r *lint.Reporter) bool {
	if !errors.Is(s.VOMS.Err, fs.ErrNotExist) {
		return false
	}
	if s.NotCopied(s.VOMS.Path) {
		r.Skip("%s is not in this copy of the site", s.VOMS.Path)
		return false
	}
	return true
}
