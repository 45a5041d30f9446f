package report

import (
	"fmt"
	"io"
	"strings"

	"arclint/internal/issuers/probe"
	"arclint/internal/prose"
)

// ProbeJSON writes what issuers serve as an object with a version and an array.
func ProbeJSON(w io.Writer, results []probe.Result) error {
	return JSON(w, struct {
		Version int            `json:"version"`
		Issuers []probe.Result `json:"issuers"`
	}{Version: 1, Issuers: OrEmpty(results)})
}

// Probe writes the same for people.
func (t Text) Probe(results []probe.Result) error {
	var b strings.Builder
	for i, r := range results {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s\n", prose.Safe(r.Issuer))
		for _, s := range r.Servers {
			probeServer(&b, s)
		}
		for _, k := range r.Keys {
			fmt.Fprintf(&b, "  key %q: %s%s\n", k.Kid, prose.Safe(strings.TrimSpace(k.Type+" "+k.Alg)), usableBy(k.Releases))
		}
		for _, p := range r.Problems {
			fmt.Fprintf(&b, "  %s (%s, ARC %s): %s%s\n", p.Code, p.Effect, strings.Join(p.Releases, ", "), prose.Safe(p.Message), sourceOf(p.Source))
		}
		for _, o := range r.ARC {
			fmt.Fprintf(&b, "  ARC %s, if it trusts these chains: %s%s\n", o.Release, o.Verdict, because(o.Because))
		}
	}
	_, err := io.WriteString(t.W, b.String())
	return err
}

func probeServer(b *strings.Builder, s probe.Server) {
	fmt.Fprintf(b, "  %s:%s\n", prose.Safe(s.Host), s.Port)
	for _, c := range s.Chain {
		fmt.Fprintf(b, "    %s\n", prose.Safe(c.Subject))
	}
	if s.Anchor.Subject != "" {
		fmt.Fprintf(b, "    ends in %s (%s)\n", prose.Safe(s.Anchor.Subject), kindOfCA(s.Anchor))
	}
	if !s.NameMatches {
		b.WriteString("    the certificate is for another host\n")
	}
}

func kindOfCA(a probe.Anchor) string {
	switch {
	case a.IGTF && a.Public:
		return "an IGTF CA and a public one"
	case a.IGTF:
		return "an IGTF CA"
	case a.Public:
		return "a public CA, not in IGTF"
	}
	return "neither an IGTF nor a public CA"
}

func usableBy(releases []string) string {
	if len(releases) == 0 {
		return ", usable by no release"
	}
	return ", usable by ARC " + strings.Join(releases, ", ")
}

func sourceOf(source string) string {
	if source == "" {
		return ""
	}
	return " [" + source + "]"
}

func because(reasons []string) string {
	if len(reasons) == 0 {
		return ""
	}
	return " (" + strings.Join(reasons, ", ") + ")"
}
