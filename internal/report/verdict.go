package report

import (
	"fmt"
	"io"
	"strings"

	"arclint/internal/prose"
	"arclint/internal/trust"
)

type verdictJSON struct {
	Version int        `json:"version"`
	Verdict string     `json:"verdict"`
	Reason  string     `json:"reason"`
	Anchor  string     `json:"anchor"`
	Path    []string   `json:"path"`
	Trace   []stepJSON `json:"trace"`
}

// VerdictJSON writes what the CE does with a chain as the machine contract says.
func VerdictJSON(w io.Writer, v trust.Verdict) error {
	return JSON(w, verdictJSON{
		Version: 1, Verdict: verdictWord(v), Reason: string(v.Reason), Anchor: anchorName(v),
		Path: pathNames(v), Trace: stepsOf(v.Trace),
	})
}

func verdictWord(v trust.Verdict) string {
	switch {
	case !v.Known():
		return "unknown"
	case v.Accepted:
		return "accepted"
	}
	return "refused"
}

func anchorName(v trust.Verdict) string {
	if v.Anchor == nil {
		return ""
	}
	return v.Anchor.SubjectName
}

func pathNames(v trust.Verdict) []string {
	names := []string{}
	for _, c := range v.Path {
		names = append(names, c.SubjectName)
	}
	return names
}

// Verdict writes the same for people: the answer, the path, each step.
func (t Text) Verdict(v trust.Verdict) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n", verdictWord(v), v.Reason)
	for i, name := range pathNames(v) {
		fmt.Fprintf(&b, "  %s%s\n", strings.Repeat("  ", i), prose.Safe(name))
	}
	if v.Anchor != nil {
		fmt.Fprintf(&b, "trust anchor: %s\n", prose.Safe(v.Anchor.SubjectName))
	}
	b.WriteString("how:\n")
	Text{}.traceLines(&b, v.Trace)
	_, err := io.WriteString(t.W, b.String())
	return err
}
