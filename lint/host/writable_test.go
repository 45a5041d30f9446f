package host_test

import (
	"fmt"
	"strings"
	"testing"

	"arclint/fixtures/golden"
	"arclint/internal/site"
	"arclint/lint/catalog"
)

// TestWritableTable: docs/writable.md lists what decides, and the rules that it
// names are there.
func TestWritableTable(t *testing.T) {
	rules := map[string]bool{}
	for _, r := range catalog.All() {
		rules[r.ID] = true
	}
	var b strings.Builder
	b.WriteString(`# Who may write what decides

Made by ` + "`UPDATE=1 go test ./lint/host`" + `. Whoever can write one of these, or a directory above it, decides what the second column says. Of every directory above,
those on the way of links too, ` + "`host/writable`" + ` speaks; the sticky bit is enough there.

| what | decides | rule |
| --- | --- | --- |
`)
	for _, kind := range site.DecidingKinds() {
		rule := kind.Rule
		if rule == "" {
			rule = "host/writable"
		}
		if !rules[rule] {
			t.Errorf("no rule %s", rule)
		}
		fmt.Fprintf(&b, "| %s | %s | `%s` |\n", kind.What, kind.Decides, rule)
	}
	golden.Check(t, "../../docs/writable.md", b.String())
}
