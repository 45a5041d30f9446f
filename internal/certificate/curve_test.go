package certificate

import (
	"crypto/ecdh"
	"crypto/elliptic"
	"math/big"
	"strings"
	"testing"
)

// TestCurves: each curve of the table has its base point on it, of the order that it
// says, and the arithmetic is that of crypto/ecdh.
func TestCurves(t *testing.T) {
	count := 0
	for oid, c := range named() {
		of, ok := c.(curve)
		if !ok {
			continue
		}
		count++
		p := of.Params()
		if !of.IsOnCurve(p.Gx, p.Gy) || !p.P.ProbablyPrime(10) || !p.N.ProbablyPrime(10) {
			t.Errorf("%s, %s: the base point is not on the curve, or its numbers are no primes", oid, p.Name)
		}
		if x, y := of.ScalarBaseMult(p.N.Bytes()); x.Sign() != 0 || y.Sign() != 0 {
			t.Errorf("%s: n times G is not infinity", p.Name)
		}
	}
	if lines := strings.Count(curveTable, "\n") - 1; count != 17 || len(named()) != lines+4 {
		t.Errorf("%d curves with numbers, %d in all, %d lines", count, len(named()), lines)
	}
	k := make([]byte, 32)
	copy(k[27:], []byte{0x12, 0x34, 0x56, 0x78, 0x9a})
	x, y := asCurve(elliptic.P256()).ScalarBaseMult(k)
	key, err := ecdh.P256().NewPrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	if point := key.PublicKey().Bytes(); x.Cmp(new(big.Int).SetBytes(point[1:33])) != 0 || y.Cmp(new(big.Int).SetBytes(point[33:])) != 0 {
		t.Error("P-256: another point than crypto/ecdh's")
	}
	if got := lift(elliptic.P256(), x, y.Bit(0) == 1); got.Cmp(y) != 0 {
		t.Errorf("P-256: y is %v, want %v", got, y)
	}
}
