package conf

import (
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/site"
	"arclint/lint"
)

var unknownOption = &lint.Rule{
	ID:    "conf/unknown-option",
	Title: "ARC does not know an option in its block",
	Why: "An option that ARC does not know in that block has no effect: the setting that was meant keeps its default. " +
		"ARC 6.17 does not start on a name that it knows in no block. ARC 7 starts, and only verify reports it. Names are compared with regard to case.",
	Source:   "arc-behaviour C1, B1; arc-checks b1.7, b3",
	Impact:   lint.Hygiene,
	Facts:    []string{"C1"},
	Severity: lint.Warning,
	Recipe:   "edit-arc-conf",
	ByHand: `Correct the name, move the line to the block that has the option, or remove it.
On ARC 6, remove an option that came with ARC 7, and write it again with the
upgrade. See which options a release has and the other has not:

    arclint diff 6.17.0 7.2.0

Move an option of the batch system, or of the job interface, in this way:

    [lrms]
    lrms=slurm
    gnu_time=/usr/bin/time

    [arex]
    maxjobs=10000 -1 2000 -1 -1

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			name := o.Name.Text
			if _, removed := s.Release.Table.History().RemovedIn(b.Kind, name); removed || isRuleLine(o) && !isStray(o) && b.Kind != "userlist" || o.Commented() {
				continue
			}
			known := b.ref.Option(name)
			switch {
			case known == nil:
				reportOption(s, r, b.ref, b.Block, o)
			case known.Unlisted && stops(s, name):
				r.At(o.Name.Span, "the check of ARC %s at its start does not know the option %s", s.Release.Measured, name).
					Means("The service does not start, although ARC reads the option.").Do("Remove the line.").
					As(lint.Error).About(b.Name + " " + name).Stopping(true)
			}
		}
		checkReplaced(s, r)
	},
}

// checkReplaced looks at blocks that one of the same name replaces: nothing of them
// counts, but the check of ARC 6.17 goes through the lines of the file.
func checkReplaced(s *site.Site, r *lint.Reporter) {
	for _, sec := range s.Conf.Sections {
		if sec.ReplacedBy == nil || kindOf(sec) == "custom" {
			continue
		}
		for _, o := range sec.Options {
			name := strings.TrimLeft(o.Name.Text, "-+!")
			if kindOf(sec) == "authgroup" && len(o.Name.Text)-len(name) > 1 {
				name = o.Name.Text
			}
			if stops(s, name) && !o.Commented() {
				r.At(o.Name.Span, "ARC %s has no option %s", s.Release.Measured, name).
					Means("Another block replaces this one, but the service does not start because of this line.").Do("Remove the line.").
					As(lint.Error).About(sec.Name + " " + name).Stopping(true)
			}
		}
	}
}

// isStray says whether a line of [mapping] is no rule to ARC: it looks only at
// names that begin with map_ or policy_, and lint/authz speaks of those.
func isStray(o *arcconf.Option) bool {
	return kindOf(o.Section) == "mapping" && !strings.HasPrefix(o.Name.Text, "map_") && !strings.HasPrefix(o.Name.Text, "policy_")
}

func reportOption(s *site.Site, r *lint.Reporter, ref *arcref.Block, b *arcconf.Block, o *arcconf.Option) {
	f := r.At(o.Name.Span, "[%s] has no option %s in ARC %s", b.Name, o.Name.Text, s.Release.Measured).
		Means("The line has no effect.").Do("Correct the name, or remove the line.").About(b.Name + " " + o.Name.Text)
	if stops(s, o.Name.Text) {
		stopping(doesNotStart).on(f)
	}
	rename(s, f, ref, b, o)
}

// elsewhere says in the finding where or when ARC knows the option.
func elsewhere(s *site.Site, f *lint.Finding, kind, option string) {
	history := s.Release.Table.History()
	if todo := history.Migration(kind, option); todo != "" {
		f.Do("%s", sentence(todo))
		return
	}
	if since, ok := history.AddedIn(kind, option); ok {
		f.Means("%s ARC reads it from %s on.", f.Effect, since).Do("Remove the line, and write it again with the upgrade.")
		return
	}
	for _, b := range s.Release.Ref.Blocks {
		if b.Option(option) != nil {
			f.Means("%s [%s] has an option of this name.", f.Effect, b.Name).Do("Move the line there, if that is meant, or remove it.")
			return
		}
	}
}

// stops says whether ARC 6.17 refuses to start on an option of that name: its
// check asks whether any block of the defaults has it (arc-checks b1.7).
func stops(s *site.Site, option string) bool {
	if !s.Release.StrictStart || slices.Contains(tolerated, option) {
		return false
	}
	return !slices.ContainsFunc(s.Release.Ref.Blocks, func(b *arcref.Block) bool {
		o := b.Option(option)
		return o != nil && !o.Unlisted
	})
}

// tolerated are names that the check of ARC 6.17 lets pass although no block has
// them since 6.8.0.
var tolerated = []string{
	"urdelivery_keepfailed", "legacy_fallback", "use_ssl", "benchmark_type", "benchmark_value", "benchmark_description", "archivedir", "archivettl",
}

func optionNames(ref *arcref.Block) []string {
	var names []string
	for _, o := range ref.Options {
		names = append(names, o.Name)
	}
	return names
}
