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
	if n == nil || n.Starts {
		return noStartJSON{}
	}
	return placeOf(n)
}

// noServiceOf is all empty where nothing keeps a service that starts from serving.
func noServiceOf(n *admission.NoStart) noStartJSON {
	if n == nil || !n.Starts {
		return noStartJSON{}
	}
	return placeOf(n)
}

func placeOf(n *admission.NoStart) noStartJSON {
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
	what := "the service does not start on this arc.conf"
	if n.Starts {
		what = "the service serves no client"
	}
	return fmt.Sprintf("%s, so nobody gets in: %s: %s [%s]; what follows is who would", what, at, n.Message, n.Rule)
}

// wouldHaveTo is what a service would have to do that does not start, or serves nobody.
func wouldHaveTo(n *admission.NoStart) string {
	if n.Starts {
		return "served clients"
	}
	return "started"
}
