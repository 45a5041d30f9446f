package authgroup

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/source"
)

// Expression is an authtokensgen rule of ARC 7 (auth_otokens.cpp, LogicExp;
// arc-behaviour A11). All binary operators have one rank and bind to the left.
type Expression struct {
	Text Field
	Err  error       // why ARC cannot parse it; nil if it can
	At   source.Span // where that is

	// Fatal says that ARC closes the connection of everybody who sends a token:
	// 7.0.0 does so for a syntax error and for any "!".
	Fatal bool

	// ByName says that "~" tests the name of the claim, as 7.0.0 does.
	ByName bool

	Comparisons []Comparison

	root node
}

// Comparison is one "claim = value" or "claim ~ pattern".
type Comparison struct {
	Claim, Value Field
	Regexp       bool
	Negated      bool // under an odd number of "!"
}

// node is a part of an expression: a value, or something true or false.
type node interface{}

type (
	value  struct{ Field }
	not    struct{ of node }
	binary struct {
		op          byte
		left, right node
	}
)

// What is read of an expression at most. ARC has no bounds.
const (
	maxDepth  = 100  // brackets within brackets
	maxTokens = 1000 // operators and operands
)

// ReadExpression reads the value of an authtokensgen rule. What ARC cannot parse
// is kept with its Err.
func ReadExpression(w arcconf.Word, d Dialect) *Expression {
	p := &parser{word: w, dialect: d}
	e := &Expression{Text: fieldOf(w), ByName: d.NamePatterns}
	e.root, e.Err = p.sequence(0)
	e.Fatal = d.BareQuotes && (e.Err != nil || p.negates)
	if e.Err != nil {
		e.At = p.span(p.at)
		return e
	}
	e.compare(e.root, false)
	return e
}

// parser reads an expression. at is the byte that comes next.
type parser struct {
	word    arcconf.Word
	dialect Dialect
	at      int
	tokens  int
	negates bool
}

// span is the place of one byte, or of the end.
func (p *parser) span(at int) source.Span {
	at = min(at, len(p.word.Text))
	return p.word.Sub(at, min(at+1, len(p.word.Text))).Span
}

// token is an operator, or an operand.
type token struct {
	op      byte // 0: an operand
	operand node
	at      int
}

// sequence reads up to the end of the text or, below brackets, of the bracket.
func (p *parser) sequence(depth int) (node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("more than %d brackets within each other", maxDepth)
	}
	var tokens []token
	for {
		for p.at < len(p.word.Text) && isSpace(p.word.Text[p.at]) {
			p.at++
		}
		if p.at == len(p.word.Text) {
			if depth > 0 {
				return nil, errors.New("a bracket is not closed")
			}
			return p.join(tokens)
		}
		c := p.word.Text[p.at]
		if c == ')' && depth > 0 {
			p.at++
			return p.join(tokens)
		}
		t, err := p.token(c, depth)
		if err != nil {
			return nil, err
		}
		if p.tokens++; p.tokens > maxTokens {
			return nil, fmt.Errorf("more than %d operators and values", maxTokens)
		}
		tokens = append(tokens, t)
	}
}

const operators = "!|&^=~"

func (p *parser) token(c byte, depth int) (token, error) {
	t := token{at: p.at}
	var err error
	switch {
	case strings.IndexByte(operators, c) >= 0:
		t.op = c
		p.at++
	case c == '(':
		p.at++
		t.operand, err = p.sequence(depth + 1)
	case c == '"' && p.dialect.BareQuotes:
		t.operand, err = p.quoted700(depth)
	case c == '"':
		t.operand, err = p.quoted()
	default:
		end := " \t" + operators
		if depth > 0 {
			end += ")"
		}
		from := p.at
		p.at = len(p.word.Text)
		if n := strings.IndexAny(p.word.Text[from:], end); n >= 0 {
			p.at = from + n
		}
		t.operand = value{fieldOf(p.word.Sub(from, p.at))}
	}
	return t, err
}

// quoted reads a string up to the next quote without a backslash before it. An
// empty string does not end for ARC, which reads on.
func (p *parser) quoted() (node, error) {
	var text []byte
	from, at := p.at, p.at+1
	for {
		n := strings.IndexByte(p.word.Text[at:], '"')
		if n < 0 {
			p.at = from
			return nil, errors.New("a string is not closed")
		}
		text = append(text, p.word.Text[at:at+n]...)
		at += n + 1
		switch {
		case n == 0:
			p.at = from
			return nil, errors.New("a string is empty")
		case text[n-1] != '\\':
			p.at = at
			return value{Field{Text: string(text), Span: p.word.Sub(from, at).Span, Quoted: true}}, nil
		}
		text[n-1] = '"'
	}
}

// quoted700 reads a string as 7.0.0 does: nothing escapes a quote, and below
// brackets a closing bracket ends the string as well.
func (p *parser) quoted700(depth int) (node, error) {
	end := `"`
	if depth > 0 {
		end += ")"
	}
	from := p.at
	n := strings.IndexAny(p.word.Text[from+1:], end)
	if n < 0 {
		return nil, errors.New("a string is not closed")
	}
	p.at = from + 1 + n + 1
	inner := p.word.Sub(from+1, from+1+n)
	return value{Field{Text: inner.Text, Span: p.word.Sub(from, p.at).Span, Quoted: true}}, nil
}

// join makes a tree of the tokens of one level.
func (p *parser) join(tokens []token) (node, error) {
	left, rest, err := p.operand(tokens)
	if err != nil {
		return nil, err
	}
	for len(rest) > 0 {
		op := rest[0]
		if op.op == 0 || op.op == '!' {
			p.at = op.at
			return nil, errors.New("an operator is missing")
		}
		var right node
		if right, rest, err = p.operand(rest[1:]); err != nil {
			return nil, err
		}
		left = binary{op: op.op, left: left, right: right}
	}
	return left, nil
}

// operand takes "!" and one operand from the front.
func (p *parser) operand(tokens []token) (node, []token, error) {
	n := slices.IndexFunc(tokens, func(t token) bool { return t.op != '!' })
	switch {
	case n < 0:
		return nil, nil, errors.New("a value is missing")
	case tokens[n].op != 0:
		p.at = tokens[n].at
		return nil, nil, errors.New("a value is missing before this operator")
	}
	operand := tokens[n].operand
	p.negates = p.negates || n > 0
	if n%2 == 1 {
		operand = not{operand}
	}
	return operand, tokens[n+1:], nil
}

// compare collects the comparisons of a tree.
func (e *Expression) compare(n node, negated bool) {
	switch n := n.(type) {
	case not:
		e.compare(n.of, !negated)
	case binary:
		if c, ok := n.comparison(); ok {
			c.Negated = negated
			e.Comparisons = append(e.Comparisons, c)
			return
		}
		e.compare(n.left, negated)
		e.compare(n.right, negated)
	}
}

// ErrUndefined is what ARC meets where a comparison stands in the place of a
// value, or the other way round: the group fails.
var ErrUndefined = errors.New("the expression compares a comparison: brackets are missing")

// Sound says whether every comparison has values on both sides, and every
// other operator comparisons.
func (e *Expression) Sound() bool { return e.Err == nil && sound(e.root) }

func sound(n node) bool {
	switch n := n.(type) {
	case not:
		return sound(n.of)
	case binary:
		if n.op == '=' || n.op == '~' {
			_, ok := n.comparison()
			return ok
		}
		return sound(n.left) && sound(n.right)
	}
	return false
}

// Truth evaluates the expression as far as ARC does: not the right side of "|"
// and "&" where the left side decides. holds says whether a comparison is true
// of a token; its Negated is not set. The error is ErrUndefined.
func (e *Expression) Truth(holds func(Comparison) bool) (bool, error) { return truth(e.root, holds) }

func truth(n node, holds func(Comparison) bool) (bool, error) {
	switch n := n.(type) {
	case not:
		ok, err := truth(n.of, holds)
		return !ok, err
	case binary:
		if c, ok := n.comparison(); ok {
			return holds(c), nil
		}
		if n.op == '=' || n.op == '~' {
			return false, ErrUndefined
		}
		left, err := truth(n.left, holds)
		if err != nil || n.op == '|' && left || n.op == '&' && !left {
			return left, err
		}
		right, err := truth(n.right, holds)
		if n.op == '^' {
			return left != right, err
		}
		return right, err
	}
	return false, ErrUndefined
}

// comparison gives "claim = value" and "claim ~ pattern"; ok is false for every
// other operator, and where a side is no value.
func (b binary) comparison() (c Comparison, ok bool) {
	claim, left := b.left.(value)
	wanted, right := b.right.(value)
	if b.op != '=' && b.op != '~' || !left || !right {
		return Comparison{}, false
	}
	return Comparison{Claim: claim.Field, Value: wanted.Field, Regexp: b.op == '~'}, true
}

// Pins says whether the expression can only be true of a token whose claim of
// that name has one of the values written in it.
func (e *Expression) Pins(claim string) bool {
	return e.pins(func(c Comparison) bool { return c.Claim.Text == claim })
}

// pins says whether the expression can only be true where one of the comparisons is.
func (e *Expression) pins(of func(Comparison) bool) bool {
	if e.Err != nil {
		return false
	}
	pinned, _ := pins(e.root, of)
	return pinned
}

// pins says it of a part that is to be true, and of one that is to be false.
func pins(n node, of func(Comparison) bool) (whenTrue, whenFalse bool) {
	switch n := n.(type) {
	case not:
		whenTrue, whenFalse = pins(n.of, of)
		return whenFalse, whenTrue
	case binary:
		if c, ok := n.comparison(); ok {
			return of(c), false
		}
		leftTrue, leftFalse := pins(n.left, of)
		rightTrue, rightFalse := pins(n.right, of)
		switch n.op {
		case '&':
			return leftTrue || rightTrue, leftFalse && rightFalse
		case '|':
			return leftTrue && rightTrue, leftFalse || rightFalse
		case '^':
			return (leftTrue || rightFalse) && (leftFalse || rightTrue), (leftTrue || rightTrue) && (leftFalse || rightFalse)
		}
	}
	return false, false
}

// PatternError is what is wrong with a pattern that no release can use: such a
// comparison is never true, and ARC does not say so.
func (c Comparison) PatternError() error {
	var bad *syntax.Error
	if _, err := syntax.Parse(c.Value.Text, syntax.POSIX); c.Regexp && errors.As(err, &bad) {
		switch bad.Code {
		case syntax.ErrMissingParen, syntax.ErrUnexpectedParen, syntax.ErrMissingBracket:
			return errors.New(string(bad.Code))
		}
	}
	return nil
}
