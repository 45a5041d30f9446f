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
	Why: "admindomain_name becomes part of a name in LDAP, and ARC puts it there as it stands. With a character that has a meaning in such names (RFC 4514) the LDAP server of the information system does not start. " +
		"ARC 6 does not start at all on such a name. UNDEFINEDVALUE is what ARC publishes without a name.",
	Source:   "arc-checks b1.15, b2.8; RFC 4514 section 2.4",
	Severity: lint.Error,
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
			r.At(b.Header().Span, "admindomain_name is not set: the CE is published as part of UNDEFINEDVALUE. Write the name of the site").As(lint.Warning)
		}
		if o == nil || o.Value.Text == "" || strings.Contains(o.Value.Text, "$") || wholly(o) {
			return
		}
		effect := fate(s, "the LDAP server of the information system does not start")
		if s.Conf.Block("infosys/ldap") == nil && !s.Release.StrictStart {
			effect = "with [infosys/ldap] the server does not start"
		}
		switch bad := special(o); {
		case bad.Text != "":
			f := r.At(bad.Span, "%q has a meaning in LDAP names, want a name without it: %s", bad.Text, effect).Stopping(stopsStart(effect))
			if !s.Release.StrictStart && s.Conf.Block("infosys/ldap") == nil {
				f.As(lint.Warning)
			}
		case o.Value.Text == "UNDEFINEDVALUE":
			r.At(o.Value.Span, "admindomain_name is UNDEFINEDVALUE, want the name of the site: the CE is published in a group with all others that have none").As(lint.Warning)
		}
	},
}

// special is the first character of the value that may not stand where it does.
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
