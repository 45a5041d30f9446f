package trust

import (
	"maps"
	"slices"

	"arclint/internal/arcref"
	"arclint/internal/site"
	"arclint/lint"
)

var vomsRuleWithoutLSC = &lint.Rule{
	ID:       "trust/voms-rule-without-lsc",
	Title:    "A voms= rule names a VO of which no VOMS server is known",
	Why:      "ARC believes the attributes of a VO only where vomsdir/<VO>/ holds an .lsc file or the certificate of its VOMS server. Without one the rule never matches and the VO's users are kept out.",
	Source:   "arc.conf.reference [common] x509_voms_dir; arc-behaviour B6",
	Facts:    []string{"B6"},
	Severity: lint.Error,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		if s.VOMS.Err != nil {
			if !noVOMSDir(s) {
				r.Skip("%s could not be read: %v", s.VOMS.Path, s.VOMS.Err)
			}
			return
		}
		var names []string
		for _, vo := range s.VOMS.VOs {
			names = append(names, vo.Name)
		}
		rules := vomsRules(s)
		for _, name := range slices.Sorted(maps.Keys(rules)) {
			if name == "*" {
				continue
			}
			if vo := findVO(s, name); vo != nil && len(vo.LSCs)+len(vo.Certificates) > 0 {
				continue
			}
			f := r.At(rules[name].Value.Span, "%s/%s holds no .lsc file, want one for each VOMS server of %s: the rule never matches", s.VOMS.Path, name, name).About(name)
			if near, ok := arcref.Suggest(name, names); ok {
				f.Message += "; did you mean " + near + "?"
			}
		}
	},
}
