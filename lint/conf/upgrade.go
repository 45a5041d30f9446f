package conf

import (
	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/site"
)

// The rules upgrade-* compare the site's release with that of --target, and
// speak of what is right today. They run only where Site.Target is set.

// eachTaken visits the options that both releases take in, in blocks that both
// know, with what each reference says of the option: was of today, will of the
// target; nil where it does not have it.
func eachTaken(s *site.Site, visit func(b *arcconf.Block, o *arcconf.Option, was, will *arcref.Option)) {
	eachOption(s, func(b *arcconf.Block, ref *arcref.Block, o *arcconf.Option) {
		if target := s.Target.Release.Ref.Block(b.Kind); target != nil {
			name := ruleName(o)
			visit(b, o, ref.Option(name), target.Option(name))
		}
	})
}

// accessLines are the lines of an access list in a block, by option name.
func accessLines(b *arcconf.Block) []*arcconf.Option {
	var lines []*arcconf.Option
	if b == nil {
		return nil
	}
	for _, o := range unique(b.Options) {
		if decidesAccess(o.Name.Text) && !o.Ignored() {
			lines = append(lines, o)
		}
	}
	return lines
}
