//go:build !race

package catalog_test

const rarer = 1
