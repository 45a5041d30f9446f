package conf

import (
	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var duplicateOption = &lint.Rule{
	ID:    "conf/duplicate-option",
	Title: "An option that may stand once stands several times",
	Why: "ARC keeps all the values, and which one counts differs between its shell scripts and its services. " +
		"x509_cert_dir, x509_host_cert and x509_host_key twice break TLS, wsurl and, on ARC 7, lrms twice stop the service, x509_cert_policy twice is no longer `grid`.",
	Source:   "arc-behaviour C7, C9",
	Facts:    []string{"C7"},
	Severity: lint.Warning,
	Recipe:   "edit-arc-conf",
	Check: func(s *site.Site, r *lint.Reporter) {
		eachRepeat(s, func(b *arcconf.Block, first, again *arcconf.Option) {
			if first.Line.File != again.Line.File {
				return // confd-override speaks of it
			}
			severity, effect := repeatEffect(s, b.Kind, again.Name.Text)
			f := r.At(again.Name.Span, "%s stands again in [%s], want it once: %s", again.Name.Text, b.Name, effect).
				As(severity).About(b.Name+" "+again.Name.Text+" "+again.Value.Text).Relate(first.Name.Span, "set here first")
			if first.Value.Text == again.Value.Text {
				f.Fix(source.Edit{Span: again.Line.Lines()})
			}
		})
	},
}

// eachRepeat visits the second and later values of options that ARC takes only
// once, with the first.
func eachRepeat(s *site.Site, visit func(b *arcconf.Block, first, again *arcconf.Option)) {
	type place struct {
		block  *arcconf.Block
		option string
	}
	seen := map[place]*arcconf.Option{}
	eachOption(s, func(b *arcconf.Block, ref *arcref.Block, o *arcconf.Option) {
		known := ref.Option(o.Name.Text)
		if known == nil || known.Multivalued || known.Sequenced || isRuleLine(o) {
			return
		}
		at := place{b, o.Name.Text}
		if first := seen[at]; first != nil {
			visit(b, first, o)
			return
		}
		seen[at] = o
	})
}

// repeatEffect says what a second value does (arc-behaviour C7, C9).
func repeatEffect(s *site.Site, kind, option string) (lint.Severity, string) {
	switch kind + " " + option {
	case "common x509_host_cert", "common x509_host_key":
		return lint.Error, "ARC joins the two values and every TLS connection to the CE fails"
	case "common x509_cert_dir":
		return lint.Error, fate(s, "ARC joins the two values and refuses every client certificate")
	case "common x509_cert_policy":
		return lint.Error, fate(s, "the joined value is not grid, so client certificates of grid CAs are refused")
	case "arex/ws wsurl":
		return lint.Error, "the service does not start"
	case "lrms lrms":
		if s.Release.Is7() {
			return lint.Error, "the service does not start"
		}
	}
	return lint.Warning, "which value counts differs between ARC's scripts and its services"
}
