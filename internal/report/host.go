package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"arclint/internal/prose"
	"arclint/internal/trust"
)

type hostJSON struct {
	Version   int            `json:"version"`
	Path      string         `json:"path"`
	Reason    string         `json:"reason"` // why nothing is known; else empty
	Subject   string         `json:"subject"`
	Issuer    string         `json:"issuer"`
	NotAfter  string         `json:"not_after"` // RFC 3339
	Served    []string       `json:"served"`    // subjects
	Names     []hostNameJSON `json:"names"`
	Clients   []viewJSON     `json:"clients"`
	ClientUse bool           `json:"client_use"`
}

type hostNameJSON struct {
	Name          string    `json:"name"`
	NamedAt       placeJSON `json:"named_at"`
	InCertificate bool      `json:"in_certificate"`
}

type viewJSON struct {
	Client string     `json:"client"`
	CAs    string     `json:"cas"`
	Answer string     `json:"answer"`
	Reason string     `json:"reason"`
	Anchor string     `json:"anchor"`
	Trace  []stepJSON `json:"trace"`
}

// HostJSON writes what others make of the host certificate as the machine contract
// says.
func HostJSON(w io.Writer, r trust.HostReport) error {
	out := hostJSON{Version: 1, Path: r.Path, Reason: r.Unread, Served: []string{}, Names: []hostNameJSON{}, Clients: []viewJSON{}, ClientUse: r.ClientUse}
	if c := r.Certificate; c != nil {
		out.Subject, out.Issuer, out.NotAfter = c.SubjectName, c.IssuerName, c.NotAfter.UTC().Format(time.RFC3339)
	}
	for _, c := range r.Served {
		out.Served = append(out.Served, c.SubjectName)
	}
	for _, n := range r.Names {
		out.Names = append(out.Names, hostNameJSON{n.Name, placeJSON{n.At.Path(), n.At.Begin().Line}, n.Carried})
	}
	for _, v := range r.Views {
		out.Clients = append(out.Clients, viewJSON{v.Client, v.CAs, string(v.Answer), v.Reason, v.Anchor, stepsOf(v.Trace)})
	}
	return JSON(w, out)
}

// Host writes the same for people: who accepts this CE, and why. Where trace is
// set, each step of the reasoning follows.
func (t Text) Host(r trust.HostReport, trace bool) error {
	var b strings.Builder
	if r.Certificate == nil {
		fmt.Fprintf(&b, "%s: not checked: %s\n", prose.Safe(r.Path), prose.Safe(r.Unread))
	} else {
		writeHost(&b, r, trace)
	}
	_, err := io.WriteString(t.W, b.String())
	return err
}

func writeHost(b *strings.Builder, r trust.HostReport, trace bool) {
	fmt.Fprintf(b, "%s: %s, until %s\n", prose.Safe(r.Path), prose.Safe(r.Certificate.SubjectName), r.Certificate.NotAfter.UTC().Format("2006-01-02"))
	b.WriteString("\nThe CE sends:\n")
	for _, c := range r.Served {
		fmt.Fprintf(b, "  %s\n", prose.Safe(c.SubjectName))
	}
	b.WriteString("\nNames by which clients come:\n")
	for _, n := range r.Names {
		answer := "in the certificate"
		if !n.Carried {
			answer = "NOT in the certificate: clients that use it refuse the CE"
		}
		fmt.Fprintf(b, "  %s: %s\n", prose.Safe(n.Name), answer)
	}
	if len(r.Names) == 0 {
		b.WriteString("  not known: arc.conf has neither hostname nor wsurl\n")
	}
	b.WriteByte('\n')
	tw := tabwriter.NewWriter(b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tw, "CLIENT\tTHIS CE IS\tANCHOR\tIT TRUSTS")
	for _, v := range r.Views {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", v.Client, v.Answer, Cell(cmp.Or(v.Anchor, "-")), Cell(v.CAs))
	}
	_ = tw.Flush() // strings.Builder does not fail
	writeReasons(b, r, trace)
}

// writeReasons says why, once for the kinds of clients that have one reason.
func writeReasons(b *strings.Builder, r trust.HostReport, trace bool) {
	var who string
	for i, v := range r.Views {
		if v.Answer == trust.Accepted && !trace {
			continue
		}
		if who += v.Client; !trace && i+1 < len(r.Views) && r.Views[i+1].Answer == v.Answer && r.Views[i+1].Reason == v.Reason {
			who += ", "
			continue
		}
		fmt.Fprintf(b, "\n%s: %s: %s\n", who, v.Answer, prose.Safe(v.Reason))
		who = ""
		if trace {
			Text{}.traceLines(b, v.Trace)
		}
	}
	if !r.ClientUse {
		b.WriteString("\nAccounting services refuse it: it may not be used by a TLS client.\n")
	}
}
