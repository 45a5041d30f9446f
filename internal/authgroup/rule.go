package authgroup

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/source"
)

// Group is one [authgroup:name] block.
type Group struct {
	Block *arcconf.Block
	Name  string // as the header says; a Rename may change it
	Rules []*Rule

	renamed *Rename
}

// Rule is one line of an authgroup: what it asks, and what a yes means.
type Rule struct {
	Option   *arcconf.Option
	Group    *Group
	Keyword  Field // without the signs before it
	Negative bool  // "-": who matches leaves the group's rules as a stranger
	Inverted bool  // "!": matches whom the rule itself does not match
	Test     Test
}

// Test is what a rule asks: one of Subject, File, VOMS, Tokens, Expression,
// Groups, UserLists, Plugin, All, Rename, Computed or Unknown, all of them pointers.
type Test interface{ isTest() }

func (*Subject) isTest()    {}
func (*File) isTest()       {}
func (*VOMS) isTest()       {}
func (*Tokens) isTest()     {}
func (*Expression) isTest() {}
func (*Groups) isTest()     {}
func (*UserLists) isTest()  {}
func (*Plugin) isTest()     {}
func (*All) isTest()        {}
func (*Rename) isTest()     {}
func (*Unknown) isTest()    {}
func (*Computed) isTest()   {}

// The tests.
type (
	// Subject compares the subject of the certificate, or issuer/sub of a token
	// where there is no certificate (arc-behaviour A10, F3).
	Subject struct{ DN Field }

	// File looks for the subject in a list (arc-behaviour A7, A10).
	File struct{ Path Field }

	// VOMS compares one attribute of the credential. Missing names the first
	// field that is not there, Extra what stands behind the last.
	VOMS struct {
		VO, Group, Role, Capability Field
		Extra                       []Field
		Missing                     string
	}

	// Tokens compares five claims of a token (arc-behaviour A1 to A7). Missing
	// names the first field that is not there; Extra is what stands behind the
	// last and means nothing.
	Tokens struct {
		Subject, Issuer, Audience, Scope, Group Field
		Extra                                   []Field
		Missing                                 string
	}

	// Groups asks for membership of authgroups further up (arc-behaviour B3).
	Groups struct{ Names []Field }

	// UserLists asks for [userlist:name] blocks, which only 6.x has (arc-behaviour B7).
	UserLists struct{ Names []Field }

	// Plugin runs a command, which nobody can do for it here.
	Plugin struct {
		Timeout Field
		Command []Field
		At      source.Span // all of it
	}

	// All matches everybody or nobody.
	All struct{ Argument Field }

	// Rename is no test: "name = other" gives the group another name
	// (arc-behaviour A8).
	Rename struct{ To Field }

	// Unknown is a rule that ARC has no code for. It ends the group
	// (arc-behaviour A7, A8).
	Unknown struct{}
)

// Yes says whether the rule is all=yes.
func (t *All) Yes() bool { return t.Argument.Text == "yes" }

// Fields are the five fields in their order; those that are missing are zero.
func (t *Tokens) Fields() []Field {
	return []Field{t.Subject, t.Issuer, t.Audience, t.Scope, t.Group}
}

// Tabbed says whether a tab stands in the issuer: no URL has one. It was meant to
// part two fields, and does not (arc-behaviour A1).
func (t *Tokens) Tabbed() bool { return strings.Contains(t.Issuer.Text, "\t") }

// readRule reads one option of an authgroup as AuthUser::evaluate does
// (hed/shc/legacy/auth.cpp).
func readRule(l line, g *Group, d Dialect) *Rule {
	o := l.Option
	r := &Rule{Option: o, Group: g}
	signs := 0
	r.Negative, r.Inverted, signs = readSigns(o.Name.Text)
	r.Keyword = fieldOf(o.Name.Sub(signs, len(o.Name.Text)))
	r.Test = readTest(r, l.value, d)
	_, unknown := r.Test.(*Unknown)
	_, expression := r.Test.(*Expression)
	switch { // of the parts of an expression, each needs a place of its own
	case l.hidden != "" && !unknown:
		r.Test = &Computed{Keyword: r.Keyword.Text, At: o.Value.Span, Why: string(l.hidden)}
	case expression && l.value.Computed:
		r.Test = &Computed{Keyword: r.Keyword.Text, At: o.Value.Span, Why: "parts of the expression are those of other options"}
	}
	return r
}

// readSigns takes one "-" or "+" and then one "!" from the front. What follows
// is the keyword, a further sign included: no release knows a rule "+authtokens".
func readSigns(name string) (negative, inverted bool, length int) {
	switch {
	case strings.HasPrefix(name, "-"):
		negative, length = true, 1
	case strings.HasPrefix(name, "+"):
		length = 1
	}
	if strings.HasPrefix(name[length:], "!") {
		inverted, length = true, length+1
	}
	return negative, inverted, length
}

// Inverts says whether a rule of that name has a "!" among the signs before it.
func Inverts(name string) bool {
	_, inverted, _ := readSigns(name)
	return inverted
}

// Keyword is the name of a rule without the signs that ARC takes from it.
func Keyword(name string) string {
	_, _, signs := readSigns(name)
	return name[signs:]
}

func readTest(r *Rule, value arcconf.Word, d Dialect) Test {
	keyword := r.Keyword.Text
	if keyword != "" && (keyword[0] == '/' || keyword[0] == '"') {
		// A line that is a bare subject counts as subject=. Its "=" was taken
		// for the one of an option, so that it matches nobody.
		return &Subject{DN: Field{Text: keyword + " " + value.Text, Span: r.Option.Line}}
	}
	switch keyword {
	case "all":
		return &All{Argument: fieldOf(value)}
	case "authgroup":
		return &Groups{Names: split(value, false)}
	case "subject":
		return &Subject{DN: fieldOf(value)}
	case "file":
		return &File{Path: fieldOf(value)}
	case "voms":
		return readVOMS(value)
	case "authtokens":
		return readTokens(value)
	case "userlist":
		return &UserLists{Names: split(value, false)}
	case "plugin":
		return readPlugin(value)
	case "name":
		if r.Option.Name.Text == "name" {
			return &Rename{To: fieldOf(value)}
		}
	case "authtokensgen":
		if d.Expressions {
			return ReadExpression(value, d)
		}
	}
	return &Unknown{}
}

// assign puts fields into places and names the first place without one.
func assign(fields []Field, places []*Field, names []string) (extra []Field, missing string) {
	for i, place := range places {
		if i == len(fields) {
			return nil, names[i]
		}
		*place = fields[i]
	}
	return fields[len(places):], ""
}

func readTokens(value arcconf.Word) *Tokens {
	t := &Tokens{}
	t.Extra, t.Missing = assign(split(value, true),
		[]*Field{&t.Subject, &t.Issuer, &t.Audience, &t.Scope, &t.Group},
		[]string{"subject", "issuer", "audience", "scope", "group"})
	return t
}

func readVOMS(value arcconf.Word) *VOMS {
	t := &VOMS{}
	t.Extra, t.Missing = assign(split(value, false),
		[]*Field{&t.VO, &t.Group, &t.Role, &t.Capability},
		[]string{"VO", "group", "role", "capability"})
	return t
}

func readPlugin(value arcconf.Word) *Plugin {
	t := &Plugin{At: value.Span}
	if fields := words(value); len(fields) > 0 {
		t.Timeout, t.Command = fields[0], fields[1:]
	}
	return t
}

// Limitless says whether what stands before the command is no time limit, or there is no
// command: ARC runs nothing then (arc-behaviour B13).
func (t *Plugin) Limitless() bool {
	limit := strings.TrimPrefix(t.Timeout.Text, "+")
	return limit == "" || limit[0] < '0' || limit[0] > '9' || len(t.Command) == 0 && strings.Trim(limit, "0123456789") == ""
}

// Fields are the four fields in their order; those that are missing are zero.
func (t *VOMS) Fields() []Field { return []Field{t.VO, t.Group, t.Role, t.Capability} }

// Sound says whether the rule has its four fields and no more.
func (t *VOMS) Sound() bool { return t.Missing == "" && len(t.Extra) == 0 }

// Everybody says whether the rule decides about everybody, whoever they are:
// all=yes or !all=no. No rule after it in its group is asked.
func (r *Rule) Everybody() bool {
	t, ok := r.Test.(*All)
	return ok && (t.Yes() && !r.Inverted || t.Argument.Text == "no" && r.Inverted)
}

// Positive says whether the rule can make somebody a member.
func (r *Rule) Positive() bool {
	if r.Negative {
		return false
	}
	switch t := r.Test.(type) {
	case *Unknown, *Rename:
		return false
	case *Computed:
		return t.Keyword != "name"
	case *All:
		return r.Everybody()
	case *UserLists:
		return len(t.Names) > 0 || r.Inverted
	}
	return true
}
