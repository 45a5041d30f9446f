// Gotest runs `go test` and ends with the list of the tests that were skipped,
// each with its reason:
//
//	go run ./internal/gotest [ARGUMENTS OF go test]
//
// What it prints of the tests is what `go test` prints. With CI=true in the
// environment a skipped test fails the run: .ci/run installs what all tests
// need.
package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
)

func main() {
	os.Exit(run(os.Args[1:], os.Getenv("CI") == "true", os.Stdout, os.Stderr))
}

// run gives the exit code: that of go test, or 1 where a test was skipped in CI.
func run(args []string, ci bool, stdout, stderr io.Writer) int {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = stderr
	events, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(stderr, "gotest:", err)
		return 1
	}
	r := &results{out: stdout, packages: map[string]*pkg{}}
	if err := r.read(events); err != nil {
		fmt.Fprintln(stderr, "gotest:", err)
		return 1
	}
	err = cmd.Wait()
	r.listSkips(ci)
	switch {
	case cmd.ProcessState.ExitCode() > 0:
		return cmd.ProcessState.ExitCode()
	case err != nil, ci && len(r.skips) > 0:
		return 1
	}
	return 0
}
