package arcref

import (
	"math/bits"
	"strings"
)

const (
	maxEdits  = 2
	maxLength = 256 // bytes; a longer name is no typo of anything
)

// Suggest gives the name of a list that name was probably meant to be: the one
// with the fewest edits (a character inserted, left out, replaced, or swapped
// with its neighbour), at most 2, and the alphabetically first of equally near
// ones. Letter case does not count, so that a name in the wrong case is always
// found. Otherwise names of fewer than 6 characters may differ by 1 edit, and
// of fewer than 3 by none, as everything is near them. name itself is never
// suggested.
func Suggest(name string, among []string) (string, bool) {
	if name == "" || len(name) > maxLength {
		return "", false
	}
	folded := []rune(strings.ToLower(name))
	has := letters(folded)
	best, fewest := "", editsAllowed(len(folded))+1
	for _, candidate := range among {
		if candidate == "" || candidate == name || len(candidate) > maxLength {
			continue
		}
		other := []rune(strings.ToLower(candidate))
		if has.lacks(letters(other)) > maxEdits {
			continue
		}
		d := edits(folded, other)
		if d < fewest || d == fewest && best != "" && candidate < best {
			best, fewest = candidate, d
		}
	}
	return best, best != ""
}

// letterSet has a bit for some of the letters each.
type letterSet uint64

func letters(text []rune) letterSet {
	var set letterSet
	for _, r := range text {
		set |= 1 << (uint32(r) % 64)
	}
	return set
}

// lacks is the least number of edits for which one text has letters that the
// other has not: each edit brings or takes away one at most.
func (s letterSet) lacks(other letterSet) int {
	return max(bits.OnesCount64(uint64(s&^other)), bits.OnesCount64(uint64(other&^s)))
}

func editsAllowed(length int) int {
	switch {
	case length < 3:
		return 0
	case length < 6:
		return 1
	}
	return maxEdits
}

// IsTypo says whether one slip of the keyboard, or letter case, made name of
// near: then near may be written in its place. What differs in more is only
// alike (ARC 5 had slapadd where ARC 7 has slapd), and so are names that differ
// in a digit.
func IsTypo(name, near string) bool {
	return digits(name) == digits(near) && edits([]rune(strings.ToLower(name)), []rune(strings.ToLower(near))) <= 1
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// edits is the optimal string alignment distance, or some number above maxEdits
// where it is more.
func edits(a, b []rune) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if max(len(a)-len(b), len(b)-len(a)) > maxEdits {
		return maxEdits + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before, last, row = last, row, before
		row[0] = i + 1
		least := row[0]
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > maxEdits {
			return maxEdits + 1 // the row before it has maxEdits at least, so that a swap is one too many
		}
	}
	return row[len(b)]
}
