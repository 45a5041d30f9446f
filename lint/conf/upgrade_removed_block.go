package conf

import (
	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeRemovedBlock = &lint.Rule{
	ID:    "conf/upgrade-removed-block",
	Title: "The release of --target does not know a block that works today",
	Why: "ARC 7 drops a block that it does not know, with all its options, without an error. `arcctl config verify` exits with 0 and the services start. " +
		"Whatever the block did is no longer done. Where it said who gets in, access changes.",
	Source:   "arc.conf.reference of 6.17.0, 7.0.0 and 7.2.0 compared; arc-behaviour B1, B7, B9, C2; arc-checks b3",
	Impact:   lint.Outage,
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
			r.At(sec.Header.Span, "ARC %s drops [%s] without an error", s.Target.Release.Version, sec.Header.Text).As(severity).About(sec.Name).
				Means("%s", effect).Do("Before the upgrade, %s.", s.Release.Table.History().Migration(kind, ""))
		}
	},
}

// lossOf says what is lost with a block.
func lossOf(s *site.Site, kind string, b *arcconf.Block) (lint.Severity, string) {
	switch kind {
	case "authtokens":
		return lint.Note, "Nothing is lost: tokens always count there."
	case "arex/ws/argus":
		return lint.Error, "ARC no longer asks Argus. Whoever Argus refuses today gets in, if arc.conf maps them."
	case "gridftpd/jobs":
		return lossOfGridftp(s, b)
	case "arex/ws/publicinfo":
		if len(accessLines(b)) > 0 {
			return lint.Warning, "Its access list is lost, and anyone may read the information."
		}
		return lint.Note, "Nothing is lost: information is public there."
	case "userlist":
		return lint.Warning, "Rules that name the list never match, and nordugridmap no longer writes its file."
	case "nordugridmap":
		return lint.Warning, "Nothing updates the lists of users: they stay as they are on the day of the upgrade."
	case "gridftpd":
		return lint.Warning, "The gridftp server is gone, and its packages do not work beside ARC 7."
	case "lrms/ssh":
		return lint.Warning, "ARC no longer reaches the batch system over ssh."
	}
	return lint.Warning, "The service of the block, or what it publishes, is gone."
}

// lossOfGridftp: on ARC 7 the list of [arex/ws/jobs] decides who gets in
// (arc-behaviour B1).
func lossOfGridftp(s *site.Site, b *arcconf.Block) (lint.Severity, string) {
	if s.Conf.Block("arex/ws/jobs") == nil {
		return lint.Error, "No [arex/ws/jobs] replaces it, so no job can be submitted."
	}
	if len(accessLines(b)) > 0 && len(accessLines(s.Conf.Block("arex/ws/jobs"))) == 0 {
		return lint.Error, "Its access list is lost, and [arex/ws/jobs] has none: nobody gets in."
	}
	return lint.Warning, "Whoever submits by gridftp has to use REST."
}
