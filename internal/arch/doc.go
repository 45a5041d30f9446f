// Package arch has only tests: they hold the house to its plan.
package arch
