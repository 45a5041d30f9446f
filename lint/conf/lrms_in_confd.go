package conf

import (
	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var lrmsInConfD = &lint.Rule{
	ID:    "conf/lrms-in-confd",
	Title: "The block of the batch system is only in arc.conf.d",
	Why: "Before ARC 7 starts, its check reads the configuration a second time on top of the first. " +
		"A block whose header is in arc.conf begins anew then. A block that is only in arc.conf.d has each of its lines twice. " +
		"For other blocks the check only reports errors. With two values of lrms it ends in a traceback, and the start script reads that as a wrong configuration.",
	Source:   "arc-behaviour C13",
	Impact:   lint.Outage,
	Facts:    []string{"C13"},
	Severity: lint.Error,
	Where:    func(r site.Release) bool { return r.ConfD && r.OneLRMS },
	Recipe:   "edit-arc-conf",
	ByHand: `Write the header of the block in arc.conf, and leave its lines in arc.conf.d:

    [lrms]

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		b := s.Conf.Block("lrms")
		if o := b.First("lrms"); o != nil && inConfDAlone(s, b) {
			r.At(b.Header().Span, "[lrms] is only in arc.conf.d, and has no header in %s", s.Config).
				Means("ARC's check reads such a block twice and ends at two values of lrms, so the service does not start.").
				Do("Write the header [lrms] in %s too.", s.Config).
				About("lrms").Stopping(true).Fix(headerAtEnd(s.Conf.Main, "lrms"))
		}
	},
}

// inConfDAlone says whether no header of the block is in arc.conf itself.
func inConfDAlone(s *site.Site, b *arcconf.Block) bool {
	for _, sec := range b.Sections {
		if sec.Line.File == s.Conf.Main {
			return false
		}
	}
	return len(b.Sections) > 0
}

// headerAtEnd is the edit that writes an empty block at the end of a file.
func headerAtEnd(f *source.File, block string) source.Edit {
	text := "[" + block + "]\n"
	if n := len(f.Data); n > 0 {
		text = "\n" + text
		if f.Data[n-1] != '\n' {
			text = "\n" + text
		}
	}
	return source.Edit{Span: source.Span{File: f, Start: len(f.Data), End: len(f.Data)}, New: text}
}
