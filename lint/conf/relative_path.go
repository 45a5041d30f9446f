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
	Why: "The services run in another current directory than the one in which arc.conf was written. Of names with a dollar sign, ARC replaces $VAR{}, $EVAL{} and $EXEC{} only. " +
		"A relative x509_cert_dir stops ARC 6.17. ARC 7 starts, finds no CA there and refuses every client certificate.",
	Source:   "arc-behaviour C8, C4; arc-checks b2.6-7, b3",
	Impact:   lint.Outage,
	Facts:    []string{"C8"},
	Severity: lint.Error,
	Action:   "Write a path that begins with /.",
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
			then := relativeEffect(s, b.Kind+" "+o.Name.Text)
			if then.effect == "" || wanted(b.Kind, o.Name.Text, o.Value.Text) != "" {
				continue
			}
			if bad, ok := firstRelative(o); ok {
				f := r.At(bad.Span, "%s has a relative path: %s", o.Name.Text, bad.Text).
					About(o.Name.Text+" "+bad.Text).Claim(o.Line, bad.Span).Unserving(breaksTLS(b.Kind, o.Name.Text))
				then.on(f)
			}
		}
	},
}

// relativeEffect says what a relative path does, nothing for an option that is no
// path.
func relativeEffect(s *site.Site, option string) outcome {
	switch option {
	case "common x509_cert_dir":
		return orStops6(s, lint.Error, "ARC finds no CA there and refuses every client certificate.")
	case "common x509_host_cert", "common x509_host_key":
		return orStops6(s, lint.Error, "ARC does not find it, and every TLS connection to the CE fails.")
	case "arex controldir", "arex sessiondir", "arex/cache cachedir":
		return outcome{lint.Warning, "The parts of ARC look for it in different places.", false}
	case "arex tmpdir", "arex runtimedir", "arex shared_scratch", "arex logfile", "arex joblog", "arex pidfile", "arex helperlog",
		"arex/ws logfile", "arex/ws pidfile", "arex/data-staging logfile", "arex/data-staging statefile", "arex/jura logfile",
		"infosys logfile", "datadelivery-service logfile", "datadelivery-service pidfile", "datadelivery-service transfer_dir",
		"arex/jura x509_host_key", "arex/jura x509_host_cert", "arex/jura x509_cert_dir":
		return outcome{lint.Warning, "The service looks for it below the directory in which it was started.", false}
	}
	return outcome{}
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
