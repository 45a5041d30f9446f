package conf

import (
	"iter"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/authgroup"
	"arclint/internal/site"
)

// The rules upgrade-* compare the site's release with that of --target, and
// speak of what is right today. They run only where Site.Target is set.

// takenTwice is an option that both releases take in, with what each reference
// says of it: was of today, will of the target; nil where it does not have it.
type takenTwice struct {
	*arcconf.Option
	was, will *arcref.Option
}

// takenByBoth are the options in blocks that both releases know, with their
// blocks.
func takenByBoth(s *site.Site) iter.Seq2[*arcconf.Block, takenTwice] {
	return func(yield func(*arcconf.Block, takenTwice) bool) {
		for b, o := range options(s) {
			target := s.Target.Release.Ref.Block(b.Kind)
			if target == nil {
				continue
			}
			name := ruleName(o)
			if !yield(b.Block, takenTwice{o, b.ref.Option(name), target.Option(name)}) {
				return
			}
		}
	}
}

// accessLines are the lines of an access list in a block, by option name.
func accessLines(b *arcconf.Block) []*arcconf.Option {
	var lines []*arcconf.Option
	if b == nil {
		return nil
	}
	for _, o := range unique(b.Options) {
		if authgroup.OfList(o.Name.Text) && !o.Ignored() {
			lines = append(lines, o)
		}
	}
	return lines
}
