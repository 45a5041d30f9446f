package conf

import (
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var inlineComment = &lint.Rule{
	ID:    "conf/inline-comment",
	Title: "A comment after a value becomes part of it",
	Why: "ARC has no comments after values. With one after wsurl, the CE answers 404. " +
		"An x509_cert_dir with one is a directory that does not exist, so ARC refuses every client certificate. " +
		"With one after sessiondir, A-REX does not start. With one after controldir, the pinned issuers are lost. " +
		"Access lists and rules get extra words.",
	Source:   "arc-behaviour C3; S72 src/services/a-rex/grid-manager/conf/CoreConfig.cpp",
	Impact:   lint.Outage,
	Facts:    []string{"C3"},
	Severity: lint.Warning,
	Action:   "Write the comment on a line of its own.",
	Recipe:   "edit-arc-conf",
	ByHand: `Write the comment on a line of its own. If it takes the place of a field, write
that field behind the others:

    # the pilots of the VO
    voms=vo.example.org pilot * *

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			comment, ok := o.InlineComment()
			if !ok || o.Commented() || isCertPolicy(b.Block, o) || mayBeMeant(o, comment) {
				continue
			}
			bare := before(o, comment)
			f := r.At(comment.Span, "the comment is part of the value of %s", o.Name.Text).
				About(b.Name+" "+o.Name.Text+" "+comment.Text).Claim(o.Line, o.Value.Span).
				Unserving(breaksTLS(b.Kind, o.Name.Text) || b.Kind == "arex/ws" && o.Name.Text == "wsurl") // C3: 404
			commentEffect(s, b.Block, o, bare.Text).on(f)
			if lacks := fieldsInComment(s, o, bare); lacks != "" {
				f.Offer().Headlined("a comment is in the place of the %s of %s", lacks, o.Name.Text).
					Means("ARC compares the words of the comment instead.").
					Do("Write the %s, and the comment on a line of its own.", lacks)
				continue
			}
			f.Fix(moveUp(o, comment, bare)...)
		}
	},
}

// before is the value without its comment and the blanks before that.
func before(o *arcconf.Option, comment arcconf.Word) arcconf.Word {
	value := o.Value.Text[:len(o.Value.Text)-len(comment.Text)]
	return o.Value.Sub(0, len(strings.TrimRight(value, " \t")))
}

// fieldsInComment names the fields of a rule that are words of a comment, "" where
// all are before it: without the comment such a rule fails, and only the administrator
// knows what it is to ask for (arc-behaviour A7).
func fieldsInComment(s *site.Site, o *arcconf.Option, bare arcconf.Word) string {
	var lost []string
	take := func(names []string, fields []authgroup.Field) {
		for i, f := range fields {
			if f.Missing() || f.Span.Start >= bare.Span.End {
				lost = append(lost, names[i])
			}
		}
	}
	if bare.Text == "" {
		return ""
	}
	for _, r := range authgroup.Rules[*authgroup.Tokens](s.Access) {
		if r.Option == o {
			take([]string{"subject", "issuer", "audience", "scope", "group"}, r.Test.Fields())
		}
	}
	for _, r := range authgroup.Rules[*authgroup.VOMS](s.Access) {
		if t := r.Test; r.Option == o {
			take([]string{"VO", "group", "role", "capability"}, []authgroup.Field{t.VO, t.Group, t.Role, t.Capability})
		}
	}
	return strings.Join(lost, " and ")
}

// moveUp puts the comment on a line of its own above the option, or in its
// place where nothing else is left.
func moveUp(o *arcconf.Option, comment, bare arcconf.Word) []source.Edit {
	if bare.Text == "" {
		return []source.Edit{{Span: o.Line, New: comment.Text}}
	}
	above := source.Span{File: o.Line.File, Start: o.Line.Start, End: o.Line.Start}
	behind := source.Span{File: o.Line.File, Start: bare.Span.End, End: comment.Span.End}
	return []source.Edit{{Span: above, New: comment.Text + lineEnd(o.Line)}, {Span: behind}}
}

// lineEnd is how the line ends in its file.
func lineEnd(line source.Span) string {
	if end := line.Lines().Text(); strings.HasSuffix(end, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// commentEffect says what the extra words do to the option (arc-behaviour C3).
func commentEffect(s *site.Site, b *arcconf.Block, o *arcconf.Option, bare string) outcome {
	if then, ok := spoils(s, b.Kind, o, bare); ok {
		return then
	}
	if isRuleLine(o) { // lint/authz says where that spoils the rule
		return outcome{lint.Note, "ARC reads its words as a part of the rule.", false}
	}
	switch b.Kind + " " + o.Name.Text {
	case "arex/ws wsurl":
		return outcome{lint.Error, "The CE answers 404 to every request.", false}
	case "arex controldir":
		return outcome{lint.Warning, "ARC uses a directory of that whole name, and looks for jobs and pinned issuers there.", false}
	case "lrms lrms":
		return outcome{lint.Warning, "ARC reads its first word as the name of the default queue.", false}
	}
	if authgroup.OfList(o.Name.Text) {
		return outcome{lint.Note, "ARC reads each of its words as the name of an authgroup.", false}
	}
	return outcome{lint.Warning, "ARC does not cut it off.", false}
}

// spoils says what becomes of an option whose value has something more than it
// should, a comment or quotes; bare is the value without that. ok is false where
// nothing is known to break.
func spoils(s *site.Site, kind string, o *arcconf.Option, bare string) (then outcome, ok bool) {
	switch kind + " " + o.Name.Text {
	case "common x509_cert_dir":
		return orStops6(s, lint.Error, "No directory has that name, so ARC refuses every client certificate."), true
	case "common x509_host_cert", "common x509_host_key":
		return orStops6(s, lint.Error, "No file has that name, so every TLS connection to the CE fails."), true
	}
	if wanted(kind, o.Name.Text, o.Value.Text) != "" && wanted(kind, o.Name.Text, bare) == "" {
		return unread(kind), true
	}
	return outcome{}, false
}

// freeText are options whose value is prose, where a # may be meant.
var freeText = []string{
	"alias", "comment", "cluster_owner", "cluster_location", "clustersupport", "nodememory",
	"admindomain_description", "admindomain_owner", "admindomain_otherinfo", "computeservice_qualitylevel", "mail",
}

// mayBeMeant: "Robot #2" in a name or in prose is no comment.
func mayBeMeant(o *arcconf.Option, comment arcconf.Word) bool {
	numbered := len(comment.Text) > 1 && comment.Text[1] != ' '
	return numbered && (slices.Contains(freeText, o.Name.Text) || isRuleLine(o))
}
