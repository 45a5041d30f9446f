package certificate

import (
	"crypto/elliptic"
	_ "embed"
	"math/big"
	"strconv"
	"strings"
	"sync"
)

// The curves that OpenSSL knows and crypto/elliptic does not.
//
//go:embed curves.tsv
var curveTable string

// curve is y² = x³ + ax + b over a prime field, for any a. It is slow, and it is for
// public keys alone: how long it takes depends on the numbers.
type curve struct {
	*elliptic.CurveParams
	a *big.Int
}

// named are the curves by OID: an elliptic.Curve, or the Strength of its keys.
var named = sync.OnceValue(func() map[string]any {
	curves := map[string]any{
		"1.3.132.0.33": elliptic.P224(), "1.2.840.10045.3.1.7": elliptic.P256(), "1.3.132.0.34": elliptic.P384(), "1.3.132.0.35": elliptic.P521(),
	}
	for line := range strings.Lines(curveTable) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		switch len(fields) {
		case 3:
			bits, _ := strconv.Atoi(fields[2]) // a test reads them
			curves[fields[0]] = Strength(bits / 2)
		case 8:
			curves[fields[0]] = newCurve(fields[1], fields[2:])
		}
	}
	return curves
})

func newCurve(name string, digits []string) elliptic.Curve {
	var n [6]*big.Int
	for i := range n {
		n[i], _ = new(big.Int).SetString(digits[i], 16) // a test reads them
	}
	return curve{&elliptic.CurveParams{Name: name, P: n[0], B: n[2], Gx: n[3], Gy: n[4], N: n[5], BitSize: n[0].BitLen()}, n[1]}
}

func (c curve) Params() *elliptic.CurveParams { return c.CurveParams }

// right is x³ + ax + b.
func (c curve) right(x *big.Int) *big.Int {
	y := new(big.Int).Mul(x, x)
	y.Add(y, c.a).Mul(y, x).Add(y, c.B)
	return y.Mod(y, c.P)
}

func (c curve) IsOnCurve(x, y *big.Int) bool {
	left := new(big.Int).Mul(y, y)
	return x.Sign() >= 0 && y.Sign() >= 0 && x.Cmp(c.P) < 0 && y.Cmp(c.P) < 0 && left.Mod(left, c.P).Cmp(c.right(x)) == 0
}

// Add adds two points; (0, 0) stands for the point at infinity.
func (c curve) Add(x1, y1, x2, y2 *big.Int) (x, y *big.Int) {
	switch {
	case x1.Sign() == 0 && y1.Sign() == 0:
		return new(big.Int).Set(x2), new(big.Int).Set(y2)
	case x2.Sign() == 0 && y2.Sign() == 0:
		return new(big.Int).Set(x1), new(big.Int).Set(y1)
	case x1.Cmp(x2) != 0:
		return c.third(x1, y1, x2, new(big.Int).Sub(y2, y1), new(big.Int).Sub(x2, x1))
	case y1.Cmp(y2) != 0:
		return new(big.Int), new(big.Int)
	}
	return c.Double(x1, y1)
}

// Double adds a point to itself.
func (c curve) Double(x1, y1 *big.Int) (x, y *big.Int) {
	if y1.Sign() == 0 {
		return new(big.Int), new(big.Int)
	}
	rise := new(big.Int).Mul(x1, x1)
	rise.Mul(rise, big.NewInt(3)).Add(rise, c.a)
	return c.third(x1, y1, x1, rise, new(big.Int).Lsh(y1, 1))
}

// third is where the line of that slope through two points meets the curve again,
// mirrored.
func (c curve) third(x1, y1, x2, rise, run *big.Int) (x, y *big.Int) {
	run.Mod(run, c.P)
	slope := new(big.Int).ModInverse(run, c.P)
	if slope == nil {
		return new(big.Int), new(big.Int) // p is no prime
	}
	slope.Mul(slope, rise).Mod(slope, c.P)
	x = new(big.Int).Mul(slope, slope)
	x.Sub(x, x1).Sub(x, x2).Mod(x, c.P)
	y = new(big.Int).Sub(x1, x)
	y.Mul(y, slope).Sub(y, y1).Mod(y, c.P)
	return x, y
}

// ScalarMult gives k times a point; k is big-endian.
func (c curve) ScalarMult(x1, y1 *big.Int, k []byte) (x, y *big.Int) {
	x, y = new(big.Int), new(big.Int)
	for _, octet := range k {
		for bit := 7; bit >= 0; bit-- {
			x, y = c.Double(x, y)
			if octet>>bit&1 == 1 {
				x, y = c.Add(x, y, x1, y1)
			}
		}
	}
	return x, y
}

// ScalarBaseMult gives k times G.
func (c curve) ScalarBaseMult(k []byte) (x, y *big.Int) { return c.ScalarMult(c.Gx, c.Gy, k) }

// asCurve is the curve with the arithmetic of this package: crypto/elliptic knows those
// of NIST alone, whose a is -3.
func asCurve(of elliptic.Curve) curve {
	if c, ok := of.(curve); ok {
		return c
	}
	p := of.Params()
	return curve{p, new(big.Int).Sub(p.P, big.NewInt(3))}
}

// lift gives the point with that x whose y is odd, or even.
func lift(of elliptic.Curve, x *big.Int, odd bool) (y *big.Int) {
	c := asCurve(of)
	if x.Cmp(c.P) >= 0 {
		return nil
	}
	y = new(big.Int).ModSqrt(c.right(x), c.P)
	if y != nil && y.Bit(0) == 1 != odd {
		y.Sub(c.P, y)
	}
	if y == nil || y.Cmp(c.P) >= 0 || y.Bit(0) == 1 != odd {
		return nil
	}
	return y
}
