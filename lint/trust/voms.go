package trust

import (
	"errors"
	"io/fs"
	"strings"

	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

// vomsRules are the voms= rules that name a VO, the first one of each, in the
// order of arc.conf. A name in quotes is none: authz/voms-fields speaks of it.
func vomsRules(s *site.Site) []authgroup.Asking[*authgroup.VOMS] {
	var rules []authgroup.Asking[*authgroup.VOMS]
	seen := map[string]bool{}
	for _, rule := range authgroup.Rules[*authgroup.VOMS](s.Access) {
		vo := rule.Test.VO
		if vo.Missing() || vo.Any() || strings.Contains(vo.Text, `"`) || seen[vo.Text] {
			continue
		}
		seen[vo.Text] = true
		rules = append(rules, rule)
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
