package conf

import (
	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeRemovedBlock = &lint.Rule{
	ID:    "conf/upgrade-removed-block",
	Title: "The release of --target does not know a block that works today",
	Why: "ARC 7 drops a block that it does not know, with all its options, without an error: `arcctl config verify` exits with 0 and the services start. " +
		"Whatever the block did is no longer done. Where it said who gets in, access changes.",
	Source:   "arc.conf.reference of 6.17.0, 7.0.0 and 7.2.0 compared; arc-behaviour B1, B7, B9, C2; arc-checks b3",
	Facts:    []string{"B7", "B9"},
	Severity: lint.Warning,
	Upgrade:  true,
	Recipe:   "upgrade",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, sec := range s.Conf.Sections {
			kind := kindOf(sec)
			if s.Release.Ref.Block(kind) == nil || s.Target.Release.Ref.Block(kind) != nil || sec.ReplacedBy != nil {
				continue
			}
			severity, effect := lossOf(s, kind, s.Conf.Block(sec.Name))
			r.At(sec.Header.Span, "ARC %s drops [%s] without an error, want it gone before the upgrade: %s; %s",
				s.Target.Release.Version, sec.Header.Text, effect, s.Release.Table.History().Migration(kind, "")).As(severity).About(sec.Name)
		}
	},
}

// lossOf says what goes with a block.
func lossOf(s *site.Site, kind string, b *arcconf.Block) (lint.Severity, string) {
	switch kind {
	case "authtokens":
		return lint.Note, "nothing is lost, tokens always count there"
	case "arex/ws/argus":
		return lint.Error, "Argus is not asked any more, so whoever it refuses gets in if arc.conf maps them"
	case "gridftpd/jobs":
		return lossOfGridftp(s, b)
	case "arex/ws/publicinfo":
		if len(accessLines(b)) > 0 {
			return lint.Warning, "its access list goes, and information is for everybody"
		}
		return lint.Note, "nothing is lost, information is public there"
	case "userlist":
		return lint.Warning, "rules that name the list never match, and nordugridmap makes its file no more"
	case "nordugridmap":
		return lint.Warning, "nothing makes the lists of users any more, they stay as they are on the day of the upgrade"
	case "gridftpd":
		return lint.Warning, "the gridftp server ends, and its packages do not work beside ARC 7"
	case "lrms/ssh":
		return lint.Warning, "the batch system is not reached over ssh any more"
	}
	return lint.Warning, "the service or what it publishes ends"
}

// lossOfGridftp: the list of the block that stays is what lets people in on ARC
// 7 (arc-behaviour B1).
func lossOfGridftp(s *site.Site, b *arcconf.Block) (lint.Severity, string) {
	if s.Conf.Block("arex/ws/jobs") == nil {
		return lint.Error, "no [arex/ws/jobs] replaces it, so no job can be submitted"
	}
	if len(accessLines(b)) > 0 && len(accessLines(s.Conf.Block("arex/ws/jobs"))) == 0 {
		return lint.Error, "its access list goes, [arex/ws/jobs] has none, and without one nobody gets in"
	}
	return lint.Warning, "whoever submits by gridftp has to use REST"
}
