package main

import (
	"math"
	"os"
	"runtime/debug"
)

// memoryLimit holds the whole program below 512 MB whatever a site says, with
// the budget of a site (internal/site) and that of an archive (internal/rootfs):
// near it, Go collects more often.
const memoryLimit = 400 << 20

// tuneMemory lets the heap grow to five times what is in use, where Go lets it
// double: a check of a whole CE then ends before its first collection. That of
// BenchmarkProcess takes 20.8 ms of CPU time, and 22.4 ms with GOGC=100. GOGC and GOMEMLIMIT of the environment count, as in other programs.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(memoryLimit)
	}
}
