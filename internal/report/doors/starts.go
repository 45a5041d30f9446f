package doors

import (
	"fmt"
	"strings"

	"arclint/internal/admission"
	"arclint/internal/prose"
)

type noStartJSON struct {
	Path    string `json:"path"`
	Line    int    `json:"line"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
}

// noStartOf is all empty where nothing keeps the service from starting.
func noStartOf(n *admission.NoStart) noStartJSON {
	if n == nil {
		return noStartJSON{}
	}
	return noStartJSON{Path: n.Path, Line: n.Line, Rule: n.Rule, Message: n.Message}
}

// noStartText comes before all else that is said.
func noStartText(b *strings.Builder, n *admission.NoStart) {
	if n != nil {
		fmt.Fprintf(b, "note: %s\n", prose.Safe(noStartSentence(n)))
	}
}

func noStartSentence(n *admission.NoStart) string {
	at := n.Path
	if n.Line > 0 {
		at = fmt.Sprintf("%s:%d", n.Path, n.Line)
	}
	return fmt.Sprintf("the service does not start on this arc.conf, so nobody gets in: %s: %s [%s]; what follows is who would", at, n.Message, n.Rule)
}
