package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var confdOverride = &lint.Rule{
	ID:    "conf/confd-override",
	Title: "A file of arc.conf.d sets an option that is set already",
	Why: "The files of arc.conf.d add to a block and never override it: an option in both has two values. " +
		"The packaged 00-testCA-hostcert.conf sets x509_host_key and x509_host_cert. If arc.conf sets them too, every TLS connection fails.",
	Source:   "arc-behaviour C10, C7; S72 src/utils/python/arc/utils/config.py:265-277",
	Impact:   lint.Outage,
	Facts:    []string{"C10"},
	Severity: lint.Warning,
	Where:    func(r site.Release) bool { return r.ConfD },
	Action:   "Keep the line in one file only.",
	Recipe:   lint.Manual,
	ByHand: `Keep the line in one file only. In a file that a package brings, put a # before
the line: an update brings a removed file back.

    grep -n x509_host /etc/arc.conf /etc/arc.conf.d/*.conf

    [common]
    x509_host_cert=/etc/grid-security/hostcert.pem
    x509_host_key=/etc/grid-security/hostkey.pem

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range repeats(s) {
			if o.first.Line.File == o.again.Line.File {
				continue
			}
			f := r.At(o.again.Name.Span, "%s of [%s] is set in %s already", o.again.Name.Text, b.Name, o.first.Line.Path()).
				About(b.Name+" "+o.again.Name.Text+" "+o.again.Value.Text).Relate(o.first.Name.Span, "set here first")
			then := repeatEffect(s, b.Kind, o.again.Name.Text)
			then.on(f).Means("A file of arc.conf.d adds a second value and does not override the first. %s", then.effect).Unserving(breaksTLS(b.Kind, o.again.Name.Text))
		}
	},
}
