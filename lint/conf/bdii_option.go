package conf

import (
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var bdiiOption = &lint.Rule{
	ID:    "conf/bdii-option",
	Title: "An option of [infosys/ldap] is for developers",
	Why: "arc.conf.reference advises against the options of the BDII, except bdii_debug_level. " +
		"ARC sets them to fit the installed BDII, and a value in arc.conf stays the same when the BDII changes. " +
		"slapd_loglevel over 0 slows the LDAP server down.",
	Source:   "arc.conf.reference [infosys/ldap]; arc-checks b1.14, b2.8",
	Impact:   lint.Hygiene,
	Severity: lint.Note,
	Recipe:   lint.Manual,
	ByHand: `Remove the line, unless something on this host needs it. Write these two, if
the log is to say more or less:

    [infosys/ldap]
    slapd_loglevel=0
    bdii_debug_level=WARNING

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			name, value := o.Name.Text, o.Value.Text
			known := b.ref.Option(name)
			if b.Kind != "infosys/ldap" || known == nil || value == "" || value == known.Default {
				continue
			}
			switch {
			case name == "slapd_loglevel" && value != "0":
				r.At(o.Value.Span, "slapd_loglevel is %s, and not 0", value).Means("It slows the LDAP server down.").
					Do("Write 0. To see errors, use bdii_debug_level=DEBUG.").About(name)
			case strings.HasPrefix(name, "bdii") && name != "bdii_debug_level" && !strings.Contains(known.Default, "$VAR"):
				r.At(o.Name.Span, "%s is set in arc.conf", name).
					Means("ARC finds the value itself, and this one stays the same when the BDII changes.").
					Do("Remove the line, unless something on this host needs it.").About(name)
			}
		}
	},
}
