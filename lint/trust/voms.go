package trust

import (
	"errors"
	"io/fs"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/gridsec"
	"arclint/internal/site"
)

// vomsRules are the voms= rules of all authgroups with the VO that each names;
// "*" stands for any.
func vomsRules(s *site.Site) map[string]*arcconf.Option {
	rules := map[string]*arcconf.Option{}
	for _, group := range s.Conf.Kind("authgroup") {
		for _, o := range group.Options {
			if strings.TrimLeft(o.Name.Text, "+-! ") != "voms" {
				continue
			}
			if fields := strings.Fields(o.Value.Text); len(fields) > 0 {
				vo := strings.Trim(fields[0], `"`)
				if rules[vo] == nil {
					rules[vo] = o
				}
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

func noVOMSDir(s *site.Site) bool { return errors.Is(s.VOMS.Err, fs.ErrNotExist) }
