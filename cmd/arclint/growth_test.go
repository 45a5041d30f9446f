package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	fewCollections()
	base, err := fixtures.Base("7.2.0")
	must(b, err)
	for _, shape := range growth.Shapes() {
		for n := 1000; n <= 64000; n *= 2 {
			root := filepath.Join(b.TempDir(), "ce")
			must(b, writeTree(root, base.Tree))
			must(b, os.WriteFile(filepath.Join(root, "etc/arc.conf"), shape.Conf(n), 0o644))
			must(b, growth.WriteLists(filepath.Join(root, "etc/grid-security")))
			for _, command := range [][]string{{"check"}, {"access"}, {"trust"}, {"negtest", "--static"}} {
				args := append([]string{"arclint"}, command...)
				args = append(args, "--root", root, "--now", base.Now.Format(time.RFC3339))
				b.Run(fmt.Sprintf("%s/%s/%d", shape.Name, command[0], n), func(b *testing.B) {
					for b.Loop() {
						if code := run(args, io.Discard, io.Discard); code > exitFindings {
							b.Fatalf("exit %d", code)
						}
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/rule")
				})
			}
		}
	}
}
