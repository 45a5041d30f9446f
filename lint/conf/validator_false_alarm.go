package conf

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/site"
	"arclint/lint"
)

var validatorFalseAlarm = &lint.Rule{
	ID:    "conf/validator-false-alarm",
	Title: "ARC's own check reports an error in a line that is correct",
	Why: "`arcctl config verify` compares names and values with arc.conf.reference word by word. It rejects the prefixes of rules in an authgroup, and options that ARC reads and its list of names lacks. " +
		"It also rejects lists where single values are listed, values that begin with a quoted word, and in ARC 6 the sessiondir `*`. ARC reads all of them as they are documented. Nothing has to be changed.",
	Source:   "arc-checks b5.6, b5.7, b5.10, b2.5; Validator.py of 6.17.0 and 7.2.0",
	Impact:   lint.Hygiene,
	Severity: lint.Note,
	Action:   "Keep the line, and expect this error where the exit code of verify is checked.",
	Recipe:   lint.Manual,
	ByHand: `Keep the line as it is. If the exit code of verify is a gate, let the gate
expect this error:

    arcctl config verify

Write above the line that it is meant, if arclint is to be silent about it:

    [authgroup:dune]
    # arclint:ignore conf/validator-false-alarm ARC reads the minus sign
    -subject=/DC=org/DC=example/CN=Mallory
    voms=dune * * *

Check the file:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		told := map[string]bool{}
		for b, o := range options(s) {
			at, why := falseAlarm(s, b.Block, b.ref, o)
			about := b.Name + " " + o.Name.Text
			if why == "" || told[about] {
				continue
			}
			told[about] = true
			r.At(at.Span, "`arcctl config verify` reports an error here, and the line is correct").Means("%s", why).About(about)
		}
	},
}

// falseAlarm says why a line at which verify complains is right, "" where it
// does not complain or is right to.
func falseAlarm(s *site.Site, b *arcconf.Block, ref *arcref.Block, o *arcconf.Option) (at arcconf.Word, why string) {
	known := ref.Option(ruleName(o))
	if known == nil || o.Commented() {
		return arcconf.Word{}, ""
	}
	switch strict := s.Release.VerifyStrict; {
	case strict && known.Rule && ruleName(o) != o.Name.Text:
		return o.Name, "A rule of an authgroup may have a sign before its name (+, - or !)."
	case strict && known.Unlisted:
		return o.Name, "ARC reads " + o.Name.Text + ", although its list of names lacks it."
	case strict && b.Kind == "arex" && o.Name.Text == "tokenscopes" && b.First("tokenscopes") != o:
		return o.Name, "tokenscopes may be set several times."
	case !s.Release.VerifyTakesStar && b.Kind == "arex" && o.Name.Text == "sessiondir" && inHomes(o):
		return o.Value, "As the reference says, * is a directory in the home of each user."
	case o.Quoted() && !wholly(o) && len(known.Allowed) == 0 && !known.Unlisted:
		return o.Value, "The quotes are not around the whole value."
	case isList(b.Kind, o) && everyAllowed(known, b.Kind, o):
		return o.Value, "Each word of the value is allowed."
	}
	return arcconf.Word{}, ""
}

// inHomes says whether a sessiondir is "*", with drain behind it or not.
func inHomes(o *arcconf.Option) bool {
	dir, _ := nextWord(o.Value.Text)
	return dir == "*"
}

func wholly(o *arcconf.Option) bool {
	_, ok := o.Enclosed()
	return ok
}

// isList: the value has several words and verify compares it as one. It compares the
// words of [lrms] lrms in no release.
func isList(kind string, o *arcconf.Option) bool {
	return kind == "arex/ganglia" && o.Name.Text == "metrics" && strings.Contains(o.Value.Text, ",")
}

func everyAllowed(known *arcref.Option, kind string, o *arcconf.Option) bool {
	for _, word := range listed(kind, o) {
		if !allows(known, word.Text) {
			return false
		}
	}
	return true
}
