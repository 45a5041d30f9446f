package site

import (
	"slices"
	"strings"

	"arclint/internal/arcconf"
)

// IsCE says whether arc.conf is that of a computing element, and not of a host that
// only delivers data for one: that has [datadelivery-service], and neither [arex] nor
// a block below it (arc.conf.reference).
func (s *Site) IsCE() bool {
	return s.HasBlockIn("arex") || s.Conf.Block("datadelivery-service") == nil
}

// HasBlockIn says whether there is a block of that kind or below it.
func (s *Site) HasBlockIn(kind string) bool {
	return slices.ContainsFunc(s.Conf.Blocks, func(b *arcconf.Block) bool { return b.Kind == kind || strings.HasPrefix(b.Kind, kind+"/") })
}
