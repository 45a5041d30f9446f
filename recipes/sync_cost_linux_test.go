package recipes_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// cpu is what a run of the program costs, the least of a few. Whether it refuses
// what it reads does not matter here.
func cpu(t *testing.T, program, root string) time.Duration {
	t.Helper()
	least := time.Duration(1 << 62)
	for range 3 {
		cmd := exec.Command(program)
		cmd.Env = []string{"ARCLINT_ROOT=" + root, "PATH=" + os.Getenv("PATH")}
		_ = cmd.Run()
		least = min(least, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	}
	return least
}

// TestSyncCost: from 64 KiB to its limits the program's cost grows no faster
// than its input, whatever the input is made of: from the smallest to the
// largest size by less than that factor, when the start is taken off.
func TestSyncCost(t *testing.T) {
	line := "-----BEGIN CERTIFICATE-----\n"
	for name, c := range map[string]struct {
		bytes bool // the size is that of one file; otherwise it is a number of names
		make  func(dir string, size int) error
	}{
		"BEGIN lines": {true, file(func(n int) string { return strings.Repeat(line, n/len(line)) })},
		"BEGIN of 3 kinds": {true, file(func(n int) string {
			return strings.Repeat(line+"-----BEGIN X509 CERTIFICATE-----\n-----BEGIN TRUSTED CERTIFICATE-----\n", n/95)
		})},
		"endless line":      {true, file(func(n int) string { return line + strings.Repeat("A", n) })},
		"dashes":            {true, file(func(n int) string { return strings.Repeat("-", n) })},
		"short lines":       {true, file(func(n int) string { return line + strings.Repeat("A\n", n/2) + "-----END CERTIFICATE-----\n" })},
		"small blocks":      {true, file(func(n int) string { return strings.Repeat(line+"AAAA\n-----END CERTIFICATE-----\n", n/58) })},
		"many files":        {false, many(func(name string) error { return os.WriteFile(name, []byte("x"), 0o644) })},
		"many links":        {false, many(func(name string) error { return os.Symlink("ExampleGridCA.pem", name) })},
		"links in a circle": {false, many(func(name string) error { return os.Symlink(filepath.Base(name), name) })},
	} {
		t.Run(name, func(t *testing.T) {
			root, _ := syncSite(t)
			program := programOf(t)
			dir := root + "/etc/grid-security/certificates"
			start := cpu(t, program, root)
			smallest, largest := 1<<16, 1<<22-1
			if !c.bytes {
				smallest, largest = 50, 400
				if *rounds >= 2000 {
					smallest, largest = 500, 8000
				}
			}
			cost := func(size int) time.Duration {
				if err := c.make(dir, size); err != nil {
					t.Fatal(err)
				}
				return max(cpu(t, program, root)-start, time.Millisecond)
			}
			low, high := cost(smallest), cost(largest)
			factor := float64(largest) / float64(smallest)
			t.Logf("%d: %v, %d: %v (start %v)", smallest, low, largest, high, start)
			// The start varies; what a small input costs is less than that.
			if float64(high) > factor*float64(low+start/2) {
				t.Errorf("%d times the input costs %v after %v", int(factor), high, low)
			}
		})
	}
}

func file(text func(int) string) func(string, int) error {
	return func(dir string, size int) error {
		return os.WriteFile(dir+"/evil.pem", []byte(text(size)), 0o644)
	}
}

func many(put func(string) error) func(string, int) error {
	return func(dir string, size int) error {
		for n := range size {
			name := fmt.Sprintf("%s/many%06d", dir, n)
			_ = os.Remove(name)
			if err := put(name); err != nil {
				return err
			}
		}
		return nil
	}
}

// TestSyncLimits: what exceeds the limits changes nothing, and says so.
func TestSyncLimits(t *testing.T) {
	root, run := syncSite(t)
	if out, err := run(); err != nil {
		t.Fatal(err, out)
	}
	before := len(farmOf(t, root))
	for n := range 17 {
		file := fmt.Sprintf("%s/etc/grid-security/certificates/large%d", root, n)
		if err := os.WriteFile(file, make([]byte, 4<<20), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := run(); err == nil || !strings.Contains(out, "more than 67108864 bytes") || len(farmOf(t, root)) != before {
		t.Errorf("error %v, want a refusal that changes nothing:\n%s", err, out)
	}
}
