package conf

import (
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var badValue = &lint.Rule{
	ID:    "conf/bad-value",
	Title: "A value is not one of those that ARC allows",
	Why: "arc.conf.reference lists the values that the option may have. ARC 6.17 does not check most of them, and ARC 7 checks them only in verify. " +
		"The service starts and does something else than was meant, often the default.",
	Source:   "arc.conf.reference, allowedvalues; arc-checks b2.5; arc-behaviour V9 (voms_processing)",
	Impact:   lint.Hygiene,
	Severity: lint.Warning,
	Effect:   "The service starts and does something else than is meant, often the default.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write one of the values that the finding lists, letter for letter, or remove
the line for the default.

    [common]
    voms_processing=standard

    [arex/data-staging]
    sharepolicy=voms:vo

If lrms names scripts of the site's own, keep it, and say so above it:

    [lrms]
    # arclint:ignore conf/bad-value the scripts are in /usr/share/arc
    lrms=NAME

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			known := b.ref.Option(o.Name.Text)
			if known == nil || len(known.Allowed) == 0 || isRuleLine(o) || hasOtherFault(b.Kind, o) {
				continue
			}
			for _, value := range listed(b.Kind, o) {
				if !allows(known, value.Text) {
					reportValue(r, b.Block, known, value)
				}
			}
		}
		checkShares(s, r)
	},
}

// checkShares: arc.conf.reference lists the values of sharepolicy in its text
// only, and A-REX reads any other as none (TransferShares.cpp). Shares
// by token came with 7.2.0.
func checkShares(s *site.Site, r *lint.Reporter) {
	o := s.Conf.Block("arex/data-staging").First("sharepolicy")
	if o == nil || hasOtherFault("arex/data-staging", o) {
		return
	}
	known := []string{"dn", "voms:vo", "voms:role", "voms:group"}
	first, _ := nextWord(strings.ToLower(o.Value.Text))
	byToken := s.Release.SharesByToken
	if slices.Contains(known, first) || byToken && strings.HasPrefix(first, "token:") {
		return
	}
	if byToken {
		known = append(known, "token:claim")
	}
	r.At(o.Value.Span, "%q is not allowed for sharepolicy", o.Value.Text).Means("A-REX goes on as if no sharepolicy were set.").
		Do("Write %s.", orList(known)).About("arex/data-staging sharepolicy " + o.Value.Text)
}

func reportValue(r *lint.Reporter, b *arcconf.Block, known *arcref.Option, value arcconf.Word) {
	f := r.At(value.Span, "%q is not allowed for %s", value.Text, known.Name).Do("Write %s.", orList(known.Allowed)).
		About(b.Name + " " + known.Name + " " + value.Text)
	if known.Name == "voms_processing" {
		f.Means("ARC reads it as standard, and goes on without attributes that do not count.")
	}
	if known.Name == "lrms" {
		f.Means("ARC has no scripts of that name, and without them no job can be submitted.")
	}
	if near, action := ifMeant(value.Text, known.Allowed); near != "" {
		f.Do("%s Otherwise, write %s.", action, orList(others(known.Allowed, near)))
		if arcref.IsTypo(value.Text, near) || value.Text == "slurmpy" { // ARC 7 has one back-end for SLURM
			f.Fix(source.Edit{Span: value.Span, New: near}).Offer("edit-arc-conf")
		}
		if known.Name == "lrms" {
			f.As(lint.Error) // no back-end of the site's own
		}
	}
}

// others are the names without one of them.
func others(names []string, but string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == but })
}

// hasOtherFault: what is in the value beside the allowed words is the
// business of another rule.
func hasOtherFault(kind string, o *arcconf.Option) bool {
	_, commented := o.InlineComment()
	return o.Value.Text == "" || commented || wholly(o) || strings.Contains(o.Value.Text, "$") ||
		wanted(kind, o.Name.Text, o.Value.Text) != ""
}

// listed is the value, or the parts of it that each must be allowed: metrics is
// a list with commas, and a default queue may follow the name of the batch
// system.
func listed(kind string, o *arcconf.Option) []arcconf.Word {
	switch kind + " " + o.Name.Text {
	case "lrms lrms":
		name, _ := nextWord(o.Value.Text)
		return []arcconf.Word{o.Value.Sub(0, len(name))}
	case "arex/ganglia metrics":
		return splitCommas(o.Value)
	}
	return []arcconf.Word{o.Value}
}

// allows knows one spelling that the reference does not list: A-REX itself
// writes slurm in capitals (CoreConfig.cpp).
func allows(known *arcref.Option, value string) bool {
	return slices.Contains(known.Allowed, value) || known.Name == "lrms" && value == "SLURM"
}

func splitCommas(list arcconf.Word) []arcconf.Word {
	var words []arcconf.Word
	at := 0
	for part := range strings.SplitSeq(list.Text, ",") {
		from := at + len(part) - len(strings.TrimLeft(part, " \t"))
		words = append(words, list.Sub(from, from+len(strings.TrimSpace(part))))
		at += len(part) + 1
	}
	return words
}
