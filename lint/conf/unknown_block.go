package conf

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var unknownBlock = &lint.Rule{
	ID:    "conf/unknown-block",
	Title: "ARC does not know a block",
	Why: "ARC 6.17 does not start on a block that it does not know. ARC 7 drops the block and everything in it before it validates, so `arcctl config verify` says nothing. " +
		"With a misspelt [arex/ws/jobs] the CE answers 404, and a misspelt authgroup keeps its members out.",
	Source:   "arc-behaviour B2, B5, C1, C2; S72 src/utils/python/arc/utils/config.py:252-263",
	Impact:   lint.Outage,
	Facts:    []string{"B2", "B5", "C2"},
	Severity: lint.Error,
	Recipe:   "edit-arc-conf",
	ByHand: `Correct the name, or remove the block. On ARC 6, remove a block that came with
ARC 7, and write it again with the upgrade. See which blocks a release has and
the other has not:

    arclint diff 6.17.0 7.2.0

Read the lines of the block first: they had no effect on ARC 7, and count from
now on.

    [arex/ws/jobs]
    allowaccess=dune

Look who gets in:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, sec := range s.Conf.Sections {
			kind := kindOf(sec)
			if s.Release.Ref.Block(kind) != nil {
				continue
			}
			if _, removed := s.Release.Table.History().RemovedIn(kind, ""); removed {
				continue // removed-block speaks of it
			}
			reportBlock(s, r, sec, kind)
		}
	},
}

// reportBlock: on ARC 7 a block that resembles none was probably never meant
// for ARC, and nothing is lost with it.
func reportBlock(s *site.Site, r *lint.Reporter, sec *arcconf.Section, kind string) {
	f := r.At(sec.Header.Span, "ARC %s does not know the block [%s]", s.Release.Measured, sec.Header.Text).
		Do("Correct the name, or remove the block.").About(sec.Name)
	orStops6(s, lint.Error, "ARC drops the block and all its options.").on(f)
	if since, ok := s.Release.Table.History().AddedIn(kind, ""); ok {
		f.Means("%s ARC reads it from %s on.", f.Effect, since).Do("Remove the block, and write it again with the upgrade.")
		return
	}
	if was, ok := s.Release.Table.History().FormerlyBlock(kind); ok && s.Release.Ref.Block(was.Block) != nil {
		f.Means("%s ARC %s renamed it to [%s], and its options with it.", f.Effect, was.Since, was.Block).
			Do("Write the new names of the block and of its options.")
		return
	}
	near, ok := arcref.Suggest(kind, blockNames(s.Release.Ref))
	if !ok {
		if !s.Release.StrictStart {
			f.As(lint.Warning)
		}
		return
	}
	name := strings.Replace(sec.Header.Text, kind, near, 1)
	f.Headlined("%s; did you mean [%s]?", f.Headline, name).Do("Write [%s], or remove the block.", name)
	meant := s.Release.Ref.Block(near)
	if !arcref.IsTypo(kind, near) || !meant.Named && s.Conf.Block(near) != nil {
		return
	}
	from := strings.Index(sec.Header.Text, kind)
	f.Do("Write [%s].", name).Fix(source.Edit{Span: sec.Header.Sub(from, from+len(kind)).Span, New: near})
}

func blockNames(ref *arcref.Reference) []string {
	var names []string
	for _, b := range ref.Blocks {
		names = append(names, b.Name)
	}
	return names
}
