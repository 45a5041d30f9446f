package main

import (
	"fmt"
	"strings"
)

// listSkips prints the skipped tests by their reasons, in the order in which
// these were met.
func (r *results) listSkips(ci bool) {
	if len(r.skips) == 0 {
		fmt.Fprintln(r.out, "No test was skipped.")
		return
	}
	var reasons []string
	tests := map[string][]string{}
	for _, s := range r.skips {
		if tests[s.reason] == nil {
			reasons = append(reasons, s.reason)
		}
		tests[s.reason] = append(tests[s.reason], s.pkg+" "+s.test)
	}
	fmt.Fprintf(r.out, "\nSkipped tests: %d\n", len(r.skips))
	for _, reason := range reasons {
		fmt.Fprintf(r.out, "  %s\n", strings.ReplaceAll(reason, "\n", "\n  "))
		for _, test := range tests[reason] {
			fmt.Fprintf(r.out, "    %s\n", test)
		}
	}
	if ci {
		fmt.Fprintln(r.out, "CI fails: .ci/run is to install what these tests need.")
	}
}
