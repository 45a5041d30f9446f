package conf

import (
	"path"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/pattern"
	"arclint/internal/site"
	"arclint/lint"
)

var relativePath = &lint.Rule{
	ID:    "conf/relative-path",
	Title: "A path is not absolute",
	Why: "The services run with another current directory than the one in which arc.conf was written, and nothing but ARC's own $VAR{}, $EVAL{} and $EXEC{} is put in for a name with a dollar sign. " +
		"A relative x509_cert_dir stops ARC 6.17; ARC 7 starts, finds no CA there and refuses every client certificate.",
	Source:   "arc-behaviour C8, C4; arc-checks b2.6-7, b3",
	Facts:    []string{"C8"},
	Severity: lint.Error,
	Recipe:   lint.Manual,
	ByHand: `Write the path from the root directory. Look first where ARC made the relative
one, and move what is to stay.

    [common]
    x509_cert_dir=/etc/grid-security/certificates

    [arex]
    controldir=/var/spool/arc/jobstatus
    sessiondir=/var/spool/arc/sessiondir

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			severity, effect := relativeEffect(s, b.Kind+" "+o.Name.Text)
			if effect == "" || wanted(b.Kind, o.Name.Text, o.Value.Text) != "" {
				continue
			}
			if bad, ok := firstRelative(o); ok {
				r.At(bad.Span, "%s is not an absolute path, want one that begins with /: %s", bad.Text, effect).
					As(severity).About(o.Name.Text+" "+bad.Text).Claim(o.Line, bad.Span).Stopping(stopsStart(effect)).
					Unserving(breaksTLS(b.Kind, o.Name.Text))
			}
		}
	},
}

// relativeEffect says what a relative path does, "" for an option that is no
// path.
func relativeEffect(s *site.Site, option string) (lint.Severity, string) {
	switch option {
	case "common x509_cert_dir":
		return lint.Error, fate(s, "ARC finds no CA there and refuses every client certificate")
	case "common x509_host_cert", "common x509_host_key":
		return lint.Error, fate(s, "ARC does not find it and every TLS connection to the CE fails")
	case "arex controldir", "arex sessiondir", "arex/cache cachedir":
		return lint.Warning, "the parts of ARC look for it in different places"
	case "arex tmpdir", "arex runtimedir", "arex shared_scratch", "arex logfile", "arex joblog", "arex pidfile", "arex helperlog",
		"arex/ws logfile", "arex/ws pidfile", "arex/data-staging logfile", "arex/data-staging statefile", "arex/jura logfile",
		"infosys logfile", "datadelivery-service logfile", "datadelivery-service pidfile", "datadelivery-service transfer_dir",
		"arex/jura x509_host_key", "arex/jura x509_host_cert", "arex/jura x509_cert_dir":
		return lint.Warning, "the service looks for it below the directory in which it was started"
	}
	return "", ""
}

// evaluatedFirst are paths that ARC makes when it reads.
var evaluatedFirst = pattern.OnDemand(`^\$(?:VAR|EXEC|EVAL)\{`)

// firstRelative is the first path of the value that is not absolute. sessiondir
// may be *, and a comment or quotes are the business of other rules.
func firstRelative(o *arcconf.Option) (arcconf.Word, bool) {
	first, _ := nextWord(o.Value.Text)
	at := 0
	for part := range strings.SplitSeq(first, ":") {
		if part != "" && part != "*" && !path.IsAbs(part) && !strings.ContainsAny(part[:1], `#"'`) && !evaluatedFirst().MatchString(part) {
			return o.Value.Sub(at, at+len(part)), true
		}
		at += len(part) + 1
	}
	return arcconf.Word{}, false
}
