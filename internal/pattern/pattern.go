// Package pattern holds regular expressions back until somebody asks for them:
// a run of the program compiles those that it uses.
package pattern

import (
	"regexp"
	"sync"
)

// OnDemand gives the compiled expression; it is compiled at the first call. It
// panics there where regexp.MustCompile does at the start.
func OnDemand(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
