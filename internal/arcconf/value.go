package arcconf

import (
	"fmt"
	"strings"

	"arclint/internal/pattern"
)

// Defaults knows the default of an option in a kind of block ("authgroup" for
// [authgroup:a]), verbatim. ok is false where there is none ("undefined").
type Defaults interface {
	Default(kind, option string) (value string, ok bool)
}

// Origin says where a value comes from.
type Origin string

// The origins.
const (
	Admin      Origin = "admin"      // written in arc.conf or arc.conf.d
	Default    Origin = "default"    // not written, ARC's default
	Absent     Origin = "absent"     // ARC holds no value
	Unresolved Origin = "unresolved" // ARC computes it in a way that arclint does not repeat
)

// Value is what ARC holds for an option after config.py has worked on it.
type Value struct {
	Text   string  // of an Unresolved value: as written, before anything was put in
	Option *Option // nil: from the default, or absent
	Origin Origin
	Reason string // why the value is Absent or Unresolved
}

// Value is the first of Values, or a Value that is Absent and says why. Where
// an option that may stand once stands several times, which one counts is not
// defined (arc-behaviour C7).
func (d *Document) Value(block, option string, defaults Defaults) Value {
	values, reason := d.values(block, option, defaults)
	if len(values) == 0 {
		return Value{Origin: Absent, Reason: reason}
	}
	return values[0]
}

// Values gives what ARC holds for an option in a block, in ARC's order: what
// was written or else the default, with $VAR{[block]option} and $EVAL{} worked
// out as config.py does, and the names of log levels turned into numbers. ARC
// does that to written values as well (arc-behaviour C11). A block that does not
// exist has no defaults. defaults may be nil.
//
// $EXEC{} is never run and $EVAL{} only understood where it is arithmetic of
// integers: all else is Unresolved.
//
// The benchmark of [lrms] comes in the form NAME:NUMBER in which 7.x hands it
// on; 6.17 keeps the blank that it rejects later (Validator.py).
func (d *Document) Values(block, option string, defaults Defaults) []Value {
	values, _ := d.values(block, option, defaults)
	return values
}

func (d *Document) values(block, option string, defaults Defaults) (found []Value, reason string) {
	b := d.Block(block)
	if b == nil {
		return nil, fmt.Sprintf("there is no block [%s]", block)
	}
	e := &evaluator{doc: d, block: b, defaults: defaults, known: map[string]reference{}}
	raw := e.raw(b, option)
	if len(raw) == 0 {
		return nil, fmt.Sprintf("[%s] has no %s, and ARC has no default for it", b.Name, option)
	}
	for _, v := range raw {
		values, why := e.evaluate(v)
		found = append(found, values...)
		if len(values) == 0 {
			reason = why
		}
	}
	return found, reason
}

// The references of config.py, which it replaces kind by kind in this order.
var (
	execRef = pattern.OnDemand(`\$EXEC\{([^{}]+)\}`)
	varRef  = pattern.OnDemand(`\$VAR\{(?:\[([^\[\]]+)\])?([^{}\[\]]+)\}`)
	evalRef = pattern.OnDemand(`\$EVAL\{([^{}]+)\}`)
	anyRef  = pattern.OnDemand(`\$(?:EXEC|EVAL|VAR)\{[^{}]+\}`)
)

// What a hostile arc.conf may make one call of Values do. ARC's defaults have up
// to three references in a value.
const (
	maxReferences = 64      // in one value, and different ones in all
	maxExpansion  = 1 << 20 // bytes of all texts with something put in
)

// Lines works out the values of lines that are written, which ARC evaluates one by
// one (arc-behaviour C11). The bounds hold for all lines that are asked of it.
type Lines struct{ evaluator }

// LinesOf makes one for a document. defaults may be nil.
func LinesOf(d *Document, defaults Defaults) *Lines {
	return &Lines{evaluator{doc: d, defaults: defaults, known: map[string]reference{}}}
}

// Of gives what a line of the block becomes: one value of most, none where it refers
// to an option without a value, several where that one has several.
func (l *Lines) Of(b *Block, o *Option) []Value {
	l.block = b
	found, _ := l.evaluate(Value{Text: o.Value.Text, Option: o, Origin: Admin})
	return found
}

// Evaluates says whether ARC puts something else in the place of a part of the text.
func Evaluates(text string) bool { return len(firstRef(text)) > 0 }

// Plain is the text before the first part that ARC replaces.
func Plain(text string) string {
	if at := firstRef(text); len(at) > 0 {
		return text[:at[0]]
	}
	return text
}

func firstRef(text string) []int {
	if !strings.Contains(text, "$E") && !strings.Contains(text, "$V") {
		return nil
	}
	return anyRef().FindStringIndex(text)
}

// evaluator works out the values of one option of one block.
type evaluator struct {
	doc      *Document
	block    *Block
	defaults Defaults
	known    map[string]reference // by the text of the reference
	expanded int                  // bytes
}

// reference is what a $VAR{} stands for: texts, or the reason why there are none.
type reference struct {
	texts              []string
	absent, unresolved string
}

// raw is what config.py holds before it replaces references.
func (e *evaluator) raw(b *Block, option string) []Value {
	var found []Value
	for _, o := range b.All(option) {
		found = append(found, Value{Text: o.Value.Text, Option: o, Origin: Admin})
	}
	if len(found) == 0 && e.defaults != nil {
		if text, ok := e.defaults.Default(b.Kind, option); ok {
			found = append(found, Value{Text: text, Origin: Default})
		}
	}
	if len(found) > 0 {
		found[0].Text = normalize(b.Name, option, found[0].Text)
	}
	return found
}

// normalize does what config.py does to the first value of two options.
func normalize(block, option, text string) string {
	switch {
	case option == "loglevel":
		return logLevel(text)
	case option == "benchmark" && block == "lrms":
		return benchmark(text)
	}
	return text
}

func logLevel(name string) string {
	for i, known := range [...]string{"FATAL", "ERROR", "WARNING", "INFO", "VERBOSE", "DEBUG"} {
		if name == known {
			return fmt.Sprint(i)
		}
	}
	return name
}

// benchmark joins the first and the last of the words that a colon or a blank
// separates.
func benchmark(text string) string {
	first, last := text, text
	isSeparator := func(r rune) bool { return r == ':' || isSpace(r) }
	if n := strings.IndexFunc(text, isSeparator); n >= 0 {
		first = text[:n]
		last = text[len(strings.TrimRightFunc(text, func(r rune) bool { return !isSeparator(r) })):]
	}
	return first + ":" + last
}

// evaluate gives the values that v becomes: none where a reference has no
// value, several where a reference has several.
func (e *evaluator) evaluate(v Value) (found []Value, reason string) {
	if !strings.Contains(v.Text, "$") {
		return []Value{v}, ""
	}
	if why := runsCommand(v.Text); why != "" {
		return []Value{v.unresolved(why)}, ""
	}
	r := e.substitute(v.Text)
	if r.unresolved != "" {
		return []Value{v.unresolved(r.unresolved)}, ""
	}
	for _, text := range r.texts {
		found = append(found, v.calculated(text))
	}
	return found, r.absent
}

func (v Value) unresolved(why string) Value {
	v.Origin, v.Reason = Unresolved, why
	return v
}

// calculated is v with that text and its $EVAL{} worked out.
func (v Value) calculated(text string) Value {
	matches := evalRef().FindAllStringSubmatch(text, maxReferences+1)
	if len(matches) > maxReferences {
		return v.unresolved(fmt.Sprintf("it has more than %d expressions", maxReferences))
	}
	for _, m := range matches {
		n, err := evalInteger(m[1])
		if err != nil {
			return v.unresolved(fmt.Sprintf("ARC evaluates %s as Python code: %v", m[0], err))
		}
		text = strings.ReplaceAll(text, m[0], n)
	}
	if len(matches) > 0 && evalRef().MatchString(text) {
		return v.unresolved("it has an expression within an expression")
	}
	v.Text = text
	return v
}

func runsCommand(text string) string {
	if m := execRef().FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("ARC runs the command %q to know it", m[1])
	}
	return ""
}

// substitute replaces the $VAR{} of a text. A reference to an option with
// several values gives a text for each; one to nothing takes the value away.
func (e *evaluator) substitute(text string) reference {
	matches := varRef().FindAllStringSubmatch(text, maxReferences+1)
	if len(matches) > maxReferences {
		return reference{unresolved: fmt.Sprintf("it has more than %d references", maxReferences)}
	}
	texts := []string{text}
	for _, m := range matches {
		r := e.refer(m[0], m[1], m[2])
		if r.texts == nil {
			return r
		}
		if texts = e.insert(texts, m[0], r.texts); texts == nil {
			return reference{unresolved: fmt.Sprintf("%s expands to more than %d bytes", m[0], maxExpansion)}
		}
	}
	return reference{texts: texts}
}

// insert puts every one of values in the place of ref in every one of texts. It
// gives nil where that becomes too much.
func (e *evaluator) insert(texts []string, ref string, values []string) []string {
	var found []string
	for _, t := range texts {
		places := strings.Count(t, ref)
		for _, v := range values {
			e.expanded += 1 + len(t) + places*len(v)
			if e.expanded > maxExpansion {
				return nil
			}
			found = append(found, strings.ReplaceAll(t, ref, v))
		}
	}
	return found
}

// refer looks a reference up, or remembers it.
func (e *evaluator) refer(ref, block, option string) reference {
	key := ref
	if block == "" {
		key = e.block.Name + " " + ref
	}
	r, ok := e.known[key]
	switch {
	case ok:
		return r
	case len(e.known) == maxReferences:
		return reference{unresolved: fmt.Sprintf("the option has more than %d different references", maxReferences)}
	}
	r = e.lookUp(ref, block, option)
	e.known[key] = r
	return r
}

// lookUp gives what a reference stands for. config.py replaces references once,
// in the order of its own table of blocks: what a reference to a reference
// becomes depends on that order, so that it is unresolved here.
func (e *evaluator) lookUp(ref, block, option string) reference {
	b := e.block
	if block != "" {
		b = e.doc.exactly(block)
	}
	if b == nil {
		return reference{absent: fmt.Sprintf("%s refers to a block that does not exist", ref)}
	}
	var r reference
	for _, v := range e.raw(b, option) {
		if why := runsCommand(v.Text); why != "" {
			return reference{unresolved: fmt.Sprintf("it refers to %s: %s", ref, why)}
		}
		if varRef().MatchString(v.Text) {
			return reference{unresolved: fmt.Sprintf("%s refers to a value that is a reference itself", ref)}
		}
		r.texts = append(r.texts, v.Text)
	}
	if r.texts == nil {
		r.absent = fmt.Sprintf("%s refers to an option that has no value", ref)
	}
	return r
}
