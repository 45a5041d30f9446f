package arcconf

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

var errNotInteger = errors.New("not an arithmetic of integers")

// evalInteger works out sums, differences and products of whole numbers, with
// brackets, and gives the result as Python prints it. All else is an error.
func evalInteger(expression string) (string, error) {
	p := &arithmetic{rest: strings.TrimLeft(expression, " \t")}
	n, err := p.sum(0)
	if err != nil {
		return "", err
	}
	if p.rest != "" {
		return "", errNotInteger
	}
	return strconv.FormatInt(n, 10), nil
}

// arithmetic is a parser by recursive descent. rest never begins with a blank.
type arithmetic struct{ rest string }

const maxDepth = 50

func (p *arithmetic) take(c byte) bool {
	if p.rest == "" || p.rest[0] != c {
		return false
	}
	p.rest = strings.TrimLeft(p.rest[1:], " \t")
	return true
}

func (p *arithmetic) sum(depth int) (int64, error) {
	total, err := p.product(depth)
	for err == nil {
		var sign int64
		switch {
		case p.take('+'):
			sign = 1
		case p.take('-'):
			sign = -1
		default:
			return total, nil
		}
		var n int64
		if n, err = p.product(depth); err == nil {
			total, err = bounded(float64(total)+float64(sign)*float64(n), total+sign*n)
		}
	}
	return 0, err
}

func (p *arithmetic) product(depth int) (int64, error) {
	total, err := p.factor(depth)
	for err == nil && p.take('*') {
		var n int64
		if n, err = p.factor(depth); err == nil {
			total, err = bounded(float64(total)*float64(n), total*n)
		}
	}
	return total, err
}

func (p *arithmetic) factor(depth int) (int64, error) {
	if depth > maxDepth {
		return 0, errNotInteger
	}
	switch {
	case p.take('+'):
		return p.factor(depth + 1)
	case p.take('-'):
		n, err := p.factor(depth + 1)
		return -n, err
	case p.take('('):
		n, err := p.sum(depth + 1)
		if err == nil && !p.take(')') {
			err = errNotInteger
		}
		return n, err
	}
	return p.number()
}

// number takes a decimal number. Python refuses a leading zero.
func (p *arithmetic) number() (int64, error) {
	n := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
	digits := p.rest[:n]
	if n == 0 || n > 15 || n > 1 && digits[0] == '0' && strings.Trim(digits, "0") != "" {
		return 0, errNotInteger
	}
	p.rest = strings.TrimLeft(p.rest[n:], " \t")
	return strconv.ParseInt(digits, 10, 64)
}

// bounded gives exact unless its estimate shows that it may have overflowed.
func bounded(estimate float64, exact int64) (int64, error) {
	if math.Abs(estimate) > 1<<62 {
		return 0, errNotInteger
	}
	return exact, nil
}
