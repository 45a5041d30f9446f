package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var removedBlock = &lint.Rule{
	ID:    "conf/removed-block",
	Title: "A block was removed from ARC",
	Why: "ARC 7 drops the block and all its options without an error, and `arcctl config verify` exits with 0. " +
		"What the block did, access rules included, is no longer done.",
	Source:   "arc.conf.reference of 6.17.0, 7.0.0 and 7.2.0 compared; arc-behaviour B7, B9",
	Impact:   lint.Hygiene,
	Facts:    []string{"B9"},
	Severity: lint.Warning,
	Effect:   "ARC drops the block and all its options.",
	Where:    func(r site.Release) bool { return !r.StrictStart },
	Recipe:   lint.Manual,
	ByHand: `Write what the block did in the way that the finding names, and remove it. For
a [userlist:name] or a [nordugridmap], name the list in a group. For
[gridftpd/jobs], write its access list here. For [arex/ws/publicinfo], use
[infosys/accesscontrol].

    [authgroup:dune]
    file=/etc/grid-security/dune.list

    [mapping]
    map_to_user=dune dune:dune

    [arex/ws/jobs]
    allowaccess=dune

    [infosys/accesscontrol]
    allowaccess=dune

Look who gets in, and what else was removed:

    arclint access
    arclint diff 6.17.0 7.2.0

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, sec := range s.Conf.Sections {
			kind := kindOf(sec)
			if s.Release.Ref.Block(kind) != nil {
				continue
			}
			in, ok := s.Release.Table.History().RemovedIn(kind, "")
			if !ok {
				continue
			}
			f := r.At(sec.Header.Span, "[%s] was removed in ARC %s", sec.Header.Text, in).About(sec.Name).
				Do("%s", sentence(s.Release.Table.History().Migration(kind, "")))
			if kind == "authtokens" {
				f.As(lint.Note).Means("ARC drops the block, and nothing is lost with it.")
			}
		}
	},
}
