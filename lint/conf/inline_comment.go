package conf

import (
	"fmt"
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
	Title: "A comment stands behind a value and becomes part of it",
	Why: "ARC has no comments behind values. A wsurl with one answers 404, an x509_cert_dir with one is a directory that does not exist, so every client certificate is refused, " +
		"a sessiondir with one stops A-REX, and a controldir with one loses the pinned issuers. " +
		"Access lists and rules get extra words.",
	Source:   "arc-behaviour C3; S72 src/services/a-rex/grid-manager/conf/CoreConfig.cpp",
	Facts:    []string{"C3"},
	Severity: lint.Warning,
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
			severity, effect := commentEffect(s, b.Block, o, bare.Text)
			f := r.At(comment.Span, "comment is part of the value of %s, want it on a line of its own: %s", o.Name.Text, effect).
				As(severity).About(b.Name+" "+o.Name.Text+" "+comment.Text).
				Unserving(breaksTLS(b.Kind, o.Name.Text) || b.Kind == "arex/ws" && o.Name.Text == "wsurl"). // C3: 404
				Claim(o.Line, o.Value.Span).Stopping(stopsStart(effect) && !stagingOnly(b.Kind, effect))
			if lacks := fieldsInComment(s, o, bare); lacks != "" {
				f.Offer().Headline = fmt.Sprintf("comment stands where %s has its field for the %s, want that field, and the comment on a line of its own: ARC compares the words of the comment", o.Name.Text, lacks)
				continue
			}
			f.Fix(moveUp(o, comment, bare)...)
		}
	},
}

// before is the value in front of its comment, without the blanks between them.
func before(o *arcconf.Option, comment arcconf.Word) arcconf.Word {
	value := o.Value.Text[:len(o.Value.Text)-len(comment.Text)]
	return o.Value.Sub(0, len(strings.TrimRight(value, " \t")))
}

// fieldsInComment names the fields of a rule for which the words of a comment
// stand, "" where all stand before it: without the comment such a rule fails, and
// only a person knows what it is to ask for (arc-behaviour A7).
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
	return strings.Join(lost, ", ")
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
func commentEffect(s *site.Site, b *arcconf.Block, o *arcconf.Option, bare string) (lint.Severity, string) {
	if severity, effect, ok := spoiled(s, b.Kind, o, bare); ok {
		return severity, effect
	}
	if isRuleLine(o) { // lint/authz says where that spoils the rule
		return lint.Note, "ARC takes its words for a part of the rule"
	}
	switch b.Kind + " " + o.Name.Text {
	case "arex/ws wsurl":
		return lint.Error, "the CE answers 404 to every request"
	case "arex controldir":
		return lint.Warning, "ARC uses a directory of that whole name, and looks for jobs and pinned issuers there"
	case "lrms lrms":
		return lint.Warning, "ARC takes its first word for the name of the default queue"
	}
	if authgroup.OfList(o.Name.Text) {
		return lint.Note, "each of its words is taken for the name of an authgroup"
	}
	return lint.Warning, "ARC does not cut it off"
}

// spoiled says what becomes of an option whose value has something more than
// it should, a comment or quotes; bare is the value without that. ok is false
// where nothing is known to break.
func spoiled(s *site.Site, kind string, o *arcconf.Option, bare string) (severity lint.Severity, effect string, ok bool) {
	switch kind + " " + o.Name.Text {
	case "common x509_cert_dir":
		return lint.Error, fate(s, "no directory has that name, so every client certificate is refused"), true
	case "common x509_host_cert", "common x509_host_key":
		return lint.Error, fate(s, "no file has that name, so every TLS connection to the CE fails"), true
	}
	if wanted(kind, o.Name.Text, o.Value.Text) != "" && wanted(kind, o.Name.Text, bare) == "" {
		return lint.Error, noStartUnread, true
	}
	return "", "", false
}

// spoils is spoiled for those who say effect and severity in one.
func spoils(s *site.Site, kind string, o *arcconf.Option, bare string) (outcome, bool) {
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
