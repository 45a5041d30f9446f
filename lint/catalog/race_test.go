//go:build race

package catalog_test

// rarer is how many times fewer sites are drawn: the race detector makes each ten
// times as slow, and what it looks for shows in a tenth of them.
const rarer = 10
