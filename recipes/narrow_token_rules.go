package recipes

import (
	"errors"
	"fmt"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/internal/source"
)

var narrowTokenRules = Recipe{
	ID:    "narrow-token-rules",
	Title: "replace the wildcards of authtokens rules",
	Plan:  planNarrowTokenRules,
}

// tokenFields are the fields of an authtokens rule in their order that this
// recipe can narrow, with the argument that says what the field must be
// (arc-behaviour A1).
func tokenFields() []string { return []string{"subject", "issuer", "audience"} }

// planNarrowTokenRules writes the given subject, issuer and audience in place of
// `*` in the rules of the findings, or in all authtokens rules where no finding
// is given.
func planNarrowTokenRules(s *site.Site, p Params) (Plan, error) {
	want := map[string]string{"issuer": p.Issuer}
	for _, name := range tokenFields() {
		if v := p.Args[name]; v != "" {
			want[name] = v
		}
		if err := checkField(name, want[name]); err != nil {
			return Plan{}, err
		}
	}
	plan := Plan{
		Why:      "A wildcard in an authtokens rule admits every token that passes the other fields: `*` as the issuer admits those of every issuer that the CE can reach (arc-behaviour S10). Every field is compared exactly (A2).",
		Restarts: []string{arex, arexWS},
		Notes:    []string{"Scope and group stay as they are. The subject, issuer and audience must be exactly those in the tokens: `arclint whoami --token FILE` shows the effect before you run this."},
	}
	edits, missing := narrow(s, p, want)
	if len(missing) > 0 {
		return Plan{}, fmt.Errorf("rules have `*` as %s: say what it must be with --set %s=VALUE (copy it from a token of your users)",
			strings.Join(missing, " and "), strings.Join(missing, "=VALUE --set "))
	}
	if len(edits) == 0 {
		return Plan{}, ErrNothing
	}
	plan.Actions = editsByFile(edits)
	plan.Actions = append(plan.Actions, restartAll())
	return plan, nil
}

func narrow(s *site.Site, p Params, want map[string]string) (edits []source.Edit, missing []string) {
	needed := map[string]bool{}
	for _, b := range s.Conf.Kind("authgroup") {
		for _, o := range b.Options {
			if strings.TrimLeft(o.Name.Text, "+-! ") != "authtokens" || !concerned(p, o) {
				continue
			}
			for i, field := range fields(o.Value.Span) {
				if i >= len(tokenFields()) || field.Text() != "*" {
					continue
				}
				name := tokenFields()[i]
				if want[name] == "" {
					needed[name] = true
					continue
				}
				edits = append(edits, source.Edit{Span: field, New: want[name]})
			}
		}
	}
	for _, name := range tokenFields() {
		if needed[name] {
			missing = append(missing, name)
		}
	}
	return edits, missing
}

// concerned says whether a finding stands on the option's line.
func concerned(p Params, o *arcconf.Option) bool {
	if len(p.Findings) == 0 {
		return true
	}
	for _, f := range p.Findings {
		if f.Span.File == o.Line.File && f.Span.Start >= o.Line.Start && f.Span.Start <= o.Line.End {
			return true
		}
	}
	return false
}

// fields takes a value apart at spaces, as ARC does (arc-behaviour A1).
func fields(value source.Span) []source.Span {
	var found []source.Span
	if value.File == nil {
		return nil
	}
	data, start := value.File.Data, -1
	for i := value.Start; i <= value.End; i++ {
		blank := i == value.End || data[i] == ' '
		switch {
		case !blank && start < 0:
			start = i
		case blank && start >= 0:
			found = append(found, source.Span{File: value.File, Start: start, End: i})
			start = -1
		}
	}
	return found
}

// checkField admits what is one field without quotes.
func checkField(name, value string) error {
	if strings.ContainsAny(value, " \t\r\n\"'") || comment(value) != value {
		return fmt.Errorf("%s %q: blanks, quotes and control characters cannot stand in a field of authtokens", name, value)
	}
	if value == "*" {
		return errors.New(name + " must be a value, not `*`")
	}
	return nil
}

// editsByFile makes one edit of each file, in the order of their first edit.
func editsByFile(edits []source.Edit) []Action {
	var actions []Action
	at := map[*source.File]int{}
	for _, e := range edits {
		i, ok := at[e.Span.File]
		if !ok {
			i = len(actions)
			at[e.Span.File] = i
			actions = append(actions, EditConf{Path: e.Span.Path()})
		}
		conf := actions[i].(EditConf)
		conf.Edits = append(conf.Edits, e)
		actions[i] = conf
	}
	return actions
}
