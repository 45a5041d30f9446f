package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"arclint/fixtures"
	"arclint/fixtures/growth"
)

// growing are the commands whose cost must grow with arc.conf and not faster. Of
// an arc.conf that the shapes of growth write, recipe repairs the gravest finding,
// and whoami asks for a subject, which some of the shapes name.
func growing(n int) [][]string {
	return [][]string{
		{"check"}, {"access"}, {"access", "--format", "json"}, {"trust"}, {"negtest", "--static"},
		{"whoami", "--subject", fmt.Sprintf("/DC=org/DC=example/CN=User %d", n-1)}, {"recipe", "--format", "diff"},
	}
}

// BenchmarkGrowth runs the commands that look at who gets in on configurations
// of 1,000 to 64,000 rules (growth.Shape.OfSize) of several shapes, each as a
// process of the program: `make bench-growth`. cpu-s is the CPU time of it and
// peak-MB the most memory that it held. us/rule stays where the cost grows with
// the rules, and doubles from line to line where it grows with their product.
func BenchmarkGrowth(b *testing.B) {
	program := builtProgram(b)
	base, err := fixtures.Base("7.2.0")
	must(b, err)
	for _, shape := range growth.Shapes() {
		b.Run(shape.Name, func(b *testing.B) {
			for n := 1000; n <= 64000; n *= 2 {
				root := filepath.Join(b.TempDir(), "ce")
				must(b, writeTree(root, base.Tree))
				must(b, shape.Write(root, n))
				for _, command := range growing(shape.OfSize(n)) {
					args := slices.Concat(command, []string{"--root", root, "--now", base.Now.Format(time.RFC3339)})
					b.Run(fmt.Sprintf("%s/%d", nameOf(command), n), func(b *testing.B) { grow(b, program, args, n, "us/rule") })
				}
			}
		})
	}
}

func nameOf(command []string) string {
	if slices.Contains(command, "json") {
		return command[0] + "-json"
	}
	return command[0]
}

// grow gives the time of the cheapest run, also for each of what there is many of,
// and the memory of the dearest.
func grow(b *testing.B, program string, args []string, many int, unit string) {
	var least time.Duration
	var most int64
	for b.Loop() {
		c := exec.Command(program, args...)
		must(b, c.Start())
		peak := watchMemory(c.Process.Pid)
		var exit *exec.ExitError
		if err := c.Wait(); err != nil && (!errors.As(err, &exit) || exit.ExitCode() > exitFindings) {
			b.Fatalf("%q: %v", args, err)
		}
		cpu := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
		least = min(cmp.Or(least, cpu), cpu)
		most = max(most, peak())
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(least.Seconds(), "cpu-s")
	b.ReportMetric(float64(least.Microseconds())/float64(many), unit)
	b.ReportMetric(float64(most)/1024, "peak-MB")
}

// watchMemory looks at how much memory a process has held, in KiB, until what it
// gives is called. The maximum that wait4 tells is of no use: it counts what this
// process held when it made the other one.
func watchMemory(pid int) (peak func() int64) {
	stop, most := make(chan struct{}), make(chan int64)
	go func() {
		var held int64
		for {
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // gone: what it held last counts
			if _, line, ok := bytes.Cut(status, []byte("VmHWM:")); ok {
				var now int64
				_, _ = fmt.Sscan(string(line), &now)
				held = max(held, now)
			}
			select {
			case <-stop:
				most <- held
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	return func() int64 { close(stop); return <-most }
}
