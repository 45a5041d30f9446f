package conf

import (
	"iter"

	"arclint/internal/arcconf"
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
	ByHand: `Keep one line, with the value that is meant, and remove the others. Look first
which one the services use today: the directories in use, the port that is
open.

    [common]
    x509_cert_dir=/etc/grid-security/certificates

    [arex]
    controldir=/var/spool/arc/jobstatus

    [arex/ws]
    wsurl=https://ce.example.org:443/arex

    [lrms]
    lrms=slurm

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range repeats(s) {
			if o.first.Line.File != o.again.Line.File {
				continue // confd-override speaks of it
			}
			severity, effect := repeatEffect(s, b.Kind, o.again.Name.Text)
			f := r.At(o.again.Name.Span, "%s stands again in [%s], want it once: %s", o.again.Name.Text, b.Name, effect).
				As(severity).About(b.Name+" "+o.again.Name.Text+" "+o.again.Value.Text).Relate(o.first.Name.Span, "set here first").
				Claim(o.again.Line, source.Span{}).Stopping(stopsStart(effect))
			if o.first.Value.Text == o.again.Value.Text {
				f.Fix(source.Edit{Span: o.again.Line.Lines()})
			}
		}
	},
}

// repeated is a second or later value of an option that ARC takes only once.
type repeated struct{ first, again *arcconf.Option }

// repeats are the values that stand again, with their blocks.
func repeats(s *site.Site) iter.Seq2[*arcconf.Block, repeated] {
	return func(yield func(*arcconf.Block, repeated) bool) {
		type place struct {
			block  *arcconf.Block
			option string
		}
		seen := map[place]*arcconf.Option{}
		for b, o := range options(s) {
			known := b.ref.Option(o.Name.Text)
			if known == nil || known.Multivalued || known.Sequenced || isRuleLine(o) {
				continue
			}
			at := place{b.Block, o.Name.Text}
			if seen[at] == nil {
				seen[at] = o
			} else if !yield(b.Block, repeated{seen[at], o}) {
				return
			}
		}
	}
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
		return lint.Error, noStart
	case "arex/ws/jobs allownew":
		return lint.Warning, "the last one counts"
	case "lrms lrms":
		if s.Release.OneLRMS {
			return lint.Error, noStart
		}
	}
	return lint.Warning, "which value counts differs between ARC's scripts and its services"
}
