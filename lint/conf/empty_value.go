package conf

import (
	"slices"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

// mayBeEmpty are the options for which ARC's validators allow an empty value.
var mayBeEmpty = []string{"mapped_unixid", "joblog", "speedcontrol"}

var emptyValue = &lint.Rule{
	ID:    "conf/empty-value",
	Title: "An option has no value",
	Why: "An empty value is not the default: ARC holds an empty text. An empty allowaccess lets nobody in on ARC 7; " +
		"an empty x509_cert_dir is the default directory on ARC 7 and stops ARC 6.17, as does an option without `=`. The validators call it an error.",
	Source:   "arc-behaviour C8, C9, B1, C1; arc-checks b1.5, b2.4",
	Facts:    []string{"C8", "C1"},
	Severity: lint.Warning,
	Recipe:   "edit-arc-conf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			if o.Value.Text != "" || o.Commented() || isCertPolicy(b.Block, o) || b.ref.Option(ruleName(o)) == nil {
				continue
			}
			if slices.Contains(mayBeEmpty, o.Name.Text) && o.HasEquals {
				continue
			}
			severity, effect := emptyEffect(s, b.Block, o)
			if isRuleLine(o) && severity != lint.Error {
				if !slices.Contains(untaken, ruleName(o)) {
					continue
				}
				effect = lint.NeverMatches(inverts(o))
			}
			f := r.At(o.Name.Span, "%s has no value, want one, or the line removed: %s", o.Name.Text, effect).
				As(severity).About(b.Name+" "+o.Name.Text).Claim(o.Line, o.Value.Span).
				Stopping(stopsStart(effect) && !stagingOnly(b.Kind, effect))
			if !needsLine(b, o) {
				f.Fix(source.Edit{Span: o.Line.Lines()})
			}
		}
	},
}

// needsLine says whether the block lacks a mandatory option without the empty
// line, or one without which the CE is published under no name: only a person knows
// the value.
func needsLine(b taken, o *arcconf.Option) bool {
	ref := b.ref.Option(o.Name.Text)
	needed := ref != nil && ref.Mandatory && !ref.HasDefault || b.Kind == "infosys/glue2" && o.Name.Text == "admindomain_name"
	return needed && !slices.ContainsFunc(b.Options, func(other *arcconf.Option) bool {
		return other.Name.Text == o.Name.Text && other.Value.Text != ""
	})
}

func emptyEffect(s *site.Site, b *arcconf.Block, o *arcconf.Option) (lint.Severity, string) {
	strict := s.Release.StrictStart
	if strict && !o.HasEquals && !slices.Contains([]string{"all", "mapped_unixid"}, o.Name.Text) {
		return lint.Error, noStartEquals6
	}
	if wanted(b.Kind, o.Name.Text, "") != "" {
		return lint.Error, noStartEmpty
	}
	switch b.Kind + " " + o.Name.Text {
	case "common x509_cert_dir", "common x509_host_cert", "common x509_host_key":
		if strict {
			return lint.Error, noStartPath6
		}
		return lint.Warning, "ARC 7 takes the default"
	case "arex/ws/jobs allowaccess":
		if s.Release.JobsListEnforced && !s.Access.List(authgroup.JobsBlock).Allows() {
			return lint.Error, "no other allowaccess stands here, and without one nobody gets in"
		}
		return lint.Warning, "the line names nobody"
	}
	return lint.Warning, "ARC takes it for an empty text, not for the default"
}
