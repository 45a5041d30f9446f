package main

import (
	"os"
	"runtime/debug"
)

// fewCollections lets the heap grow to five times what is in use, where Go lets
// it double: a check of a whole CE then ends before its first collection.
func fewCollections() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}
