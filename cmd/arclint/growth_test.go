package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"arclint/fixtures"
	"arclint/fixtures/growth"
)

// BenchmarkGrowth runs the commands that look at who gets in on configurations
// of 1,000 to 64,000 rules of several shapes (`make bench-growth`). ns/rule stays
// where the cost grows with the rules, and doubles from line to line where it
// grows with their product.
func BenchmarkGrowth(b *testing.B) {
	tuneMemory()
	base, err := fixtures.Base("7.2.0")
	must(b, err)
	for _, shape := range growth.Shapes() {
		b.Run(shape.Name, func(b *testing.B) {
			for n := 1000; n <= 64000; n *= 2 {
				root := filepath.Join(b.TempDir(), "ce")
				must(b, writeTree(root, base.Tree))
				must(b, shape.Write(root, n))
				flags := []string{"--root", root, "--now", base.Now.Format(time.RFC3339)}
				for _, command := range [][]string{{"check"}, {"access"}, {"trust"}, {"negtest", "--static"}} {
					args := slices.Concat([]string{"arclint"}, command, flags)
					b.Run(fmt.Sprintf("%s/%d", command[0], n), func(b *testing.B) { grow(b, args, n) })
				}
			}
		})
	}
}

func grow(b *testing.B, args []string, n int) {
	for b.Loop() {
		if code := run(args, io.Discard, io.Discard); code > exitFindings {
			b.Fatalf("exit %d", code)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/rule")
}
