package conf

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var adminDomainName = &lint.Rule{
	ID:    "conf/admindomain-name",
	Title: "The name of the admin domain cannot be published",
	Why: "admindomain_name becomes part of a name in LDAP, and ARC writes it there unchanged. " +
		"If it has a character with a meaning in such names (RFC 4514), the LDAP server of the information system does not start. " +
		"ARC 6 does not start at all on such a name. Without a name, ARC publishes UNDEFINEDVALUE.",
	Source:   "arc-checks b1.15, b2.8; RFC 4514 section 2.4",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Effect:   "The CE is published in the domain UNDEFINEDVALUE, with all others that have no name.",
	Action:   "Write the name of the site.",
	Recipe:   lint.Manual,
	ByHand: `Write the name of the site in letters, digits, dots and hyphens, such as the
one that it has in the register of its infrastructure:

    [infosys/glue2]
    admindomain_name=EXAMPLE-SITE

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		b := s.Conf.Block("infosys/glue2")
		o := b.First("admindomain_name")
		if b != nil && o == nil {
			r.At(b.Header().Span, "admindomain_name is not set").As(lint.Warning)
		}
		if o == nil || o.Value.Text == "" || strings.Contains(o.Value.Text, "$") || wholly(o) {
			return
		}
		switch bad := special(o); {
		case bad.Text != "":
			f := r.At(bad.Span, "the character %q of admindomain_name has a meaning in LDAP names", bad.Text)
			unnamed(s).on(f).Do("Write the name of the site without this character.")
		case o.Value.Text == "UNDEFINEDVALUE":
			r.At(o.Value.Span, "admindomain_name is UNDEFINEDVALUE").As(lint.Warning)
		}
	},
}

// unnamed is the outcome of a name that cannot be part of one in LDAP.
func unnamed(s *site.Site) outcome {
	if s.Conf.Block("infosys/ldap") == nil {
		return orStops6(s, lint.Warning, "With [infosys/ldap], the LDAP server of the information system does not start.")
	}
	return orStops6(s, lint.Error, "The LDAP server of the information system does not start.")
}

// special is the first character of the value that has a meaning there in LDAP.
func special(o *arcconf.Option) arcconf.Word {
	i := strings.IndexAny(o.Value.Text, "\"+,;<>\\\x00")
	if o.Value.Text[0] == '#' {
		i = 0
	}
	if i < 0 {
		return arcconf.Word{}
	}
	return o.Value.Sub(i, i+1)
}
