//go:build lab

package lab_test

import (
	"sync"
	"testing"
)

// comparison collects what TestChecks counts, by release.
type comparison struct {
	roll
	mu   sync.Mutex
	rows map[string]*checker
}

func newComparison() *comparison { return &comparison{rows: map[string]*checker{}} }

func (c *comparison) add(t *testing.T, ch *checker) {
	c.sign(t, ch.ce)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows[ch.ce.Measured] = ch
}

func (c *comparison) compare(t *testing.T) {}
