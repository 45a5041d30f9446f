package authgroup

import "slices"

// maxNeeds bounds the sets that Needs gives of a part of an expression.
const maxNeeds = 16

// Needs are sets of comparisons with "=". The expression can only be true of a
// token for which at least one of each set holds: of (iss=A | iss=B) & sub=x
// these are {iss=A, iss=B} and {sub=x}. It gives none for an expression that ARC
// cannot evaluate, and for one of which nothing of the kind can be said.
func (e *Expression) Needs() [][]Comparison {
	if !e.Sound() {
		return nil
	}
	return needs(e.root, true)
}

func needs(n node, want bool) [][]Comparison {
	switch n := n.(type) {
	case not:
		return needs(n.of, !want)
	case binary:
		if n.op == '=' && want {
			c, _ := n.comparison()
			return [][]Comparison{{c}}
		}
		if n.op != '&' && n.op != '|' {
			return nil
		}
		left, right := needs(n.left, want), needs(n.right, want)
		if (n.op == '&') == want {
			all := slices.Concat(left, right)
			return all[:min(len(all), maxNeeds)]
		}
		return oneOfTwo(left, right)
	}
	return nil
}

// oneOfTwo is what is needed where only one of two sides must hold.
func oneOfTwo(left, right [][]Comparison) [][]Comparison {
	var all [][]Comparison
	for _, a := range left {
		for _, b := range right {
			if len(all) < maxNeeds {
				all = append(all, slices.Concat(a, b))
			}
		}
	}
	return all
}
