package doors

import (
	"strings"
	"testing"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/site"
)

// TestNoStart: that the service does not start comes before all else.
func TestNoStart(t *testing.T) {
	release, err := site.NewRelease("7.2.0", "")
	if err != nil {
		t.Fatal(err)
	}
	s := &site.Site{Release: release}
	n := &admission.NoStart{Path: "/etc/arc.conf", Line: 7, Rule: "conf/example", Message: "why\x1b[2J"}
	for name, write := range map[string]func(*strings.Builder) error{
		"access":   func(b *strings.Builder) error { return AccessText(b, s, admission.Access{NoStart: n}) },
		"markdown": func(b *strings.Builder) error { return AccessMarkdown(b, s, admission.Access{NoStart: n}) },
		"negtest":  func(b *strings.Builder) error { return NegativeText(b, s, admission.Negative{NoStart: n}) },
		"whoami":   func(b *strings.Builder) error { return WhoamiText(b, admission.Answer{NoStart: n}) },
	} {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(b.String(), "\n")
		if !strings.HasPrefix(strings.ToLower(first), "note: the service does not start on this arc.conf, so nobody gets in: /etc/arc.conf:7: why") || strings.Contains(first, "\x1b") {
			t.Errorf("%s begins with %q", name, first)
		}
	}
	n.Starts = true
	var text strings.Builder
	if err := WhoamiText(&text, admission.Answer{NoStart: n, Decision: access.Decision{Allowed: true}}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(text.String(), "note: the service serves no client, so nobody gets in: /etc/arc.conf:7: why") || !strings.Contains(text.String(), "\ndeny: ") {
		t.Errorf("a service that serves nobody: %s", text.String())
	}
	var b strings.Builder
	if err := AccessJSON(&b, admission.Access{NoStart: n}); err != nil || !strings.Contains(b.String(), `"rule": "conf/example"`) {
		t.Errorf("%v, %s", err, b.String())
	}
}
