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
	Why: "An empty value is not the default: ARC keeps an empty text. With an empty allowaccess nobody gets in on ARC 7. " +
		"ARC 7 reads an empty x509_cert_dir as the default directory. ARC 6.17 does not start on it, nor on an option without `=`. " +
		"The validators report an error.",
	Source:   "arc-behaviour C8, C9, B1, C1; arc-checks b1.5, b2.4",
	Impact:   lint.Outage,
	Facts:    []string{"C8", "C1"},
	Severity: lint.Warning,
	Action:   "Write a value, or remove the line.",
	Recipe:   "edit-arc-conf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			if o.Value.Text != "" || o.Commented() || isCertPolicy(b.Block, o) || b.ref.Option(ruleName(o)) == nil {
				continue
			}
			if slices.Contains(mayBeEmpty, o.Name.Text) && o.HasEquals {
				continue
			}
			then := emptyEffect(s, b.Block, o)
			if isRuleLine(o) && then.severity != lint.Error {
				if !slices.Contains(untaken, ruleName(o)) {
					continue
				}
				then.effect = lint.MatchesNobody(inverts(o))
			}
			f := r.At(o.Name.Span, "%s has no value", o.Name.Text).About(b.Name+" "+o.Name.Text).Claim(o.Line, o.Value.Span)
			if then.on(f); needsLine(b, o) {
				f.Do("Write the value.")
			} else {
				f.Fix(source.Edit{Span: o.Line.Lines()})
			}
		}
	},
}

// needsLine says whether the block lacks a mandatory option without the empty
// line, or one without which the CE is published under no name: only the administrator
// knows the value.
func needsLine(b taken, o *arcconf.Option) bool {
	ref := b.ref.Option(o.Name.Text)
	needed := ref != nil && ref.Mandatory && !ref.HasDefault || b.Kind == "infosys/glue2" && o.Name.Text == "admindomain_name"
	return needed && !slices.ContainsFunc(b.Options, func(other *arcconf.Option) bool {
		return other.Name.Text == o.Name.Text && other.Value.Text != ""
	})
}

func emptyEffect(s *site.Site, b *arcconf.Block, o *arcconf.Option) outcome {
	strict := s.Release.StrictStart
	if strict && !o.HasEquals && !slices.Contains([]string{"all", "mapped_unixid"}, o.Name.Text) {
		return stopping("ARC 6 does not start on an option without an equals sign.")
	}
	if wanted(b.Kind, o.Name.Text, "") != "" {
		return unread(b.Kind)
	}
	switch b.Kind + " " + o.Name.Text {
	case "common x509_cert_dir", "common x509_host_cert", "common x509_host_key":
		return orStops6(s, lint.Warning, "ARC 7 uses the default.")
	case "arex/ws/jobs allowaccess":
		if s.Release.JobsListEnforced && !s.Access.List(authgroup.JobsBlock).Allows() {
			return outcome{lint.Error, "The block has no other allowaccess, and without one nobody gets in.", false}
		}
		return outcome{lint.Warning, "The line names nobody.", false}
	}
	return outcome{lint.Warning, "ARC reads it as an empty text, not as the default.", false}
}
