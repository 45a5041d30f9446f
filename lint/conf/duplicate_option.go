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
	Title: "An option that may be set once is set several times",
	Why: "ARC keeps all the values, and its shell scripts and its services differ in which one counts. " +
		"A second x509_cert_dir, x509_host_cert or x509_host_key breaks TLS, and a second x509_cert_policy is no longer `grid`. " +
		"The service does not start with a second wsurl, nor, on ARC 7, with a second lrms.",
	Source:   "arc-behaviour C7, C9",
	Impact:   lint.Outage,
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
			f := r.At(o.again.Name.Span, "[%s] sets %s more than once", b.Name, o.again.Name.Text).
				About(b.Name+" "+o.again.Name.Text+" "+o.again.Value.Text).Relate(o.first.Name.Span, "set here first").
				Claim(o.again.Line, source.Span{}).Unserving(breaksTLS(b.Kind, o.again.Name.Text))
			repeatEffect(s, b.Kind, o.again.Name.Text).on(f).Do("Keep the line whose value is meant, and remove the others.")
			if o.first.Value.Text == o.again.Value.Text {
				f.Do("Remove this line: it has the same value as the first.").Fix(source.Edit{Span: o.again.Line.Lines()})
			}
		}
	},
}

// repeated is a second or later value of an option that may be set once.
type repeated struct{ first, again *arcconf.Option }

// repeats are the second and later values, with their blocks.
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
func repeatEffect(s *site.Site, kind, option string) outcome {
	switch kind + " " + option {
	case "common x509_host_cert", "common x509_host_key":
		return outcome{lint.Error, "ARC joins the two values, and every TLS connection to the CE fails.", false}
	case "common x509_cert_dir":
		return orStops6(s, lint.Error, "ARC joins the two values and refuses every client certificate.")
	case "common x509_cert_policy":
		return orStops6(s, lint.Error, "ARC joins the two values to one that is not grid, and refuses client certificates of grid CAs.")
	case "arex/ws wsurl":
		return stopping(doesNotStart)
	case "arex/ws/jobs allownew":
		return outcome{lint.Warning, "The last line counts.", false}
	case "lrms lrms":
		if s.Release.OneLRMS {
			return stopping(doesNotStart)
		}
	}
	return outcome{lint.Warning, "ARC's scripts and its services differ in which value counts.", false}
}
