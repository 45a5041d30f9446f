//go:build !(linux && amd64)

package recipes_test

import "testing"

// TestInterrupted needs a tracer, which there is for one system alone.
func TestInterrupted(t *testing.T) {
	t.Skip("scripts are interrupted on linux/amd64 alone: run the tests there")
}
