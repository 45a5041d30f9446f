package authgroup

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// maxExpressionWays bounds the ways of an expression that are told apart.
const maxExpressionWays = 16

// Ways are the ways in which the expression can be true, each as the comparisons
// that must hold together: Negated ones must not. It gives at most 16, and none
// for an expression that ARC cannot evaluate.
func (e *Expression) Ways() [][]Comparison {
	if e.Err != nil {
		return nil
	}
	ways, _ := e.ways()
	return ways
}

// WaysTo are those in which the expression is true, or false where that is wanted.
func (e *Expression) WaysTo(want bool) [][]Comparison {
	if e.Err != nil {
		return nil
	}
	return (&wayfinder{left: 4 * maxTokens}).of(e.root, want)
}

// ways says as well whether these are all.
func (e *Expression) ways() (all [][]Comparison, complete bool) {
	w := &wayfinder{left: 4 * maxTokens}
	all = w.of(e.root, true)
	return all, w.left >= 0 && len(all) < maxExpressionWays
}

// needs says whether the comparison holds in one of the ways in which the
// expression is true, or false where that is wanted: "^" asks both for it and
// for its contrary.
func (e *Expression) needs(c Comparison, want bool) bool {
	if c.Negated != want {
		return true
	}
	w := &wayfinder{left: 4 * maxTokens}
	for _, way := range w.of(e.root, want) {
		for _, other := range way {
			if other.Value.Span == c.Value.Span && !other.Negated {
				return true
			}
		}
	}
	return false
}

// Contradicts names a claim by which no token can make the expression true: it
// would need two values of a claim that has one (RFC 7519 sections 4.1.1 and
// 4.1.2), or must have and not have the same. list says that one whose sub is a list
// can all the same: ARC takes such a token, and a list as iss for none.
func (e *Expression) Contradicts() (claim Field, list, ok bool) {
	if !e.Sound() {
		return Field{}, false, false
	}
	all, complete := e.ways()
	for _, way := range all {
		at, twice, found := contradiction(way)
		if !found {
			return Field{}, false, false
		}
		if !list {
			claim, list = at, twice
		}
	}
	return claim, list, len(all) > 0 && complete
}

// contradiction is the first one in a way that no list resolves, else the first.
func contradiction(way []Comparison) (claim Field, list, ok bool) {
	for i, b := range way {
		for _, a := range way[:i] {
			if a.Claim.Text != b.Claim.Text || a.Regexp != b.Regexp {
				continue
			}
			same, both := a.Value.Text == b.Value.Text, !a.Regexp && !a.Negated && !b.Negated
			switch {
			case same && a.Negated != b.Negated, !same && both && b.Claim.Text == "iss":
				return b.Claim, false, true
			case !same && both && b.Claim.Text == "sub" && !ok:
				claim, list, ok = b.Claim, true, true
			}
		}
	}
	return claim, list, ok
}

// wayfinder bounds the nodes that are visited: "^" visits its sides twice.
type wayfinder struct{ left int }

func (w *wayfinder) of(n node, want bool) [][]Comparison {
	if w.left--; w.left < 0 {
		return nil
	}
	switch n := n.(type) {
	case not:
		return w.of(n.of, !want)
	case binary:
		return w.binary(n, want)
	}
	return nil
}

func (w *wayfinder) binary(n binary, want bool) [][]Comparison {
	switch n.op {
	case '=', '~':
		c, ok := n.comparison()
		if !ok {
			return nil
		}
		c.Negated = !want
		return [][]Comparison{{c}}
	case '^':
		return either(
			together(w.of(n.left, want), w.of(n.right, false)),
			together(w.of(n.left, !want), w.of(n.right, true)))
	}
	if (n.op == '&') == want {
		return together(w.of(n.left, want), w.of(n.right, want))
	}
	return either(w.of(n.left, want), w.of(n.right, want))
}

func either(a, b [][]Comparison) [][]Comparison {
	all := slices.Concat(a, b)
	return all[:min(len(all), maxExpressionWays)]
}

func together(a, b [][]Comparison) [][]Comparison {
	var all [][]Comparison
	for _, left := range a {
		for _, right := range b {
			if len(all) == maxExpressionWays {
				return all
			}
			all = append(all, slices.Concat(left, right))
		}
	}
	return all
}

// Example is a value for which the comparison may hold: the value itself, or a
// short text that the pattern matches. ok is false for a pattern that cannot be
// read. Whether ARC lets it through is for Evaluate to say.
func (c Comparison) Example() (text string, ok bool) {
	if !c.Regexp {
		return c.Value.Text, true
	}
	re, err := syntax.Parse(c.Value.Text, syntax.POSIX)
	if err != nil {
		return "", false
	}
	var b strings.Builder
	example(&b, re, 0)
	return b.String(), true
}

const maxExample = 1000 // bytes, and repetitions in each other

func example(b *strings.Builder, re *syntax.Regexp, depth int) {
	if depth > maxDepth || b.Len() > maxExample {
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		b.WriteRune(oneOf(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpAlternate:
		example(b, re.Sub[0], depth+1)
	case syntax.OpRepeat:
		for range min(max(re.Min, 1), maxExample) {
			example(b, re.Sub[0], depth+1)
		}
	case syntax.OpCapture, syntax.OpStar, syntax.OpPlus, syntax.OpConcat:
		for _, sub := range re.Sub {
			example(b, sub, depth+1)
		}
	}
}

// oneOf is a letter of the class, or its first character.
func oneOf(ranges []rune) rune {
	for i := 0; i+1 < len(ranges); i += 2 {
		for _, r := range []rune{'x', 'a', 'A', '1'} {
			if ranges[i] <= r && r <= ranges[i+1] {
				return r
			}
		}
	}
	for i := 0; i+1 < len(ranges); i += 2 {
		if unicode.IsPrint(ranges[i]) {
			return ranges[i]
		}
	}
	return 'x'
}

// PassesWithout says whether the expression can be true of a token that lacks the
// claim of a comparison under "!": a missing claim is one for which it
// does not (arc-behaviour A11), and nothing beside it asks for the claim.
func (e *Expression) PassesWithout(c Comparison) bool {
	if !c.Negated {
		return false
	}
	all, complete := e.ways()
	for _, way := range all {
		refused, asked := false, false
		for _, other := range way {
			refused = refused || other.Negated && other.Value.Span == c.Value.Span
			asked = asked || !other.Negated && other.Claim.Text == c.Claim.Text
		}
		if refused && !asked {
			return true
		}
	}
	return !complete
}
