package conf

import (
	"strings"

	"arclint/internal/pattern"
	"arclint/internal/site"
	"arclint/lint"
)

var evaluatedValue = &lint.Rule{
	ID:    "conf/evaluated-value",
	Title: "ARC evaluates part of a value, as root",
	Why: "ARC's reader replaces $EXEC{command}, $EVAL{expression} and $VAR{option} in the values of arc.conf, although its source says that it does so for defaults only. " +
		"$EXEC runs the command and $EVAL runs Python, both as root and each time that any tool reads the configuration. Whoever can write one value can run commands as root.",
	Source:   "arc-behaviour C11",
	Impact:   lint.Intrusion,
	Risk:     lint.Low,
	Facts:    []string{"C11"},
	Severity: lint.Warning,
	Effect:   "Whoever can write this value can run commands as root.",
	Action:   "Write the plain value.",
	Recipe:   lint.Manual,
	ByHand: `Run the command yourself, and write what it says as the value:

    [common]
    hostname=ce.example.org

Find the other values that ARC evaluates, and who can write to the file:

    grep -nE "[$](EXEC|EVAL|VAR)[{]" /etc/arc.conf
    ls -l /etc/arc.conf

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, b := range s.Conf.Blocks {
			for _, o := range unique(b.Options) {
				for _, at := range evaluated().FindAllStringIndex(o.Value.Text, -1) {
					part := o.Value.Sub(at[0], at[1])
					about := b.Name + " " + o.Name.Text + " " + part.Text
					if strings.HasPrefix(part.Text, "$VAR") {
						r.At(part.Span, "ARC replaces this by the value of another option").As(lint.Note).About(about).
							Means("No documentation promises that it does.")
						continue
					}
					r.At(part.Span, "ARC evaluates this as root when it reads the configuration").About(about).
						ClaimUnknown(o.Line, o.Value.Span)
				}
			}
		}
	},
}

// evaluated are the references of config.py.
var evaluated = pattern.OnDemand(`\$(?:EXEC|EVAL|VAR)\{[^{}]+\}`)
