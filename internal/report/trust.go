package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"arclint/internal/prose"
	"arclint/internal/source"
	"arclint/internal/trust"
)

type trustJSON struct {
	Version int          `json:"version"`
	Issuers []issuerJSON `json:"issuers"`
	VOs     []voJSON     `json:"vos"`
}

type voJSON struct {
	VO         string       `json:"vo"`
	Attributes string       `json:"attributes"`
	Reason     string       `json:"reason"`
	Servers    []serverJSON `json:"servers"`
}

type serverJSON struct {
	Host   string   `json:"host"`
	Path   string   `json:"path"`
	Admits string   `json:"admits"`
	Reason string   `json:"reason"`
	Names  []string `json:"names"`
}

type issuerJSON struct {
	Issuer           string            `json:"issuer"`
	NamedAt          []placeJSON       `json:"named_at"`
	ChainFrom        string            `json:"chain_from"`
	KeyFetch         string            `json:"key_fetch"`
	Reason           string            `json:"reason"`
	Anchor           string            `json:"anchor"`
	ClientCertSameCA string            `json:"client_cert_same_ca"`
	Impersonation    impersonationJSON `json:"impersonation"`
	Trace            []stepJSON        `json:"trace"`
}

type placeJSON struct {
	Path string `json:"path"`
	Line int    `json:"line"`
}

type impersonationJSON struct {
	By     string `json:"by"`
	Reason string `json:"reason"`
}

type stepJSON struct {
	Text   string `json:"text"`
	Source string `json:"source"`
	Path   string `json:"path"`
}

// TrustJSON writes what is known of every issuer and of every VO as the machine contract
// says.
func TrustJSON(w io.Writer, issuers []trust.IssuerTrust, vos []trust.VOTrust) error {
	out := trustJSON{Version: 1, Issuers: []issuerJSON{}, VOs: vosOf(vos)}
	for _, it := range issuers {
		out.Issuers = append(out.Issuers, issuerJSON{
			Issuer: it.Issuer, NamedAt: placesOf(it.NamedAt), ChainFrom: string(it.ChainFrom), KeyFetch: string(it.KeyFetch),
			Reason: it.Reason, Anchor: it.Anchor, ClientCertSameCA: string(it.ClientCertSameCA),
			Impersonation: impersonationJSON{By: string(it.ImpersonationBy), Reason: it.ImpersonationWhy}, Trace: stepsOf(it.Trace),
		})
	}
	return JSON(w, out)
}

func vosOf(vos []trust.VOTrust) []voJSON {
	out := []voJSON{}
	for _, vo := range vos {
		j := voJSON{VO: vo.VO, Attributes: string(vo.Answer), Reason: vo.Why, Servers: []serverJSON{}}
		for _, v := range vo.Servers {
			j.Servers = append(j.Servers, serverJSON{Host: v.Host, Path: v.Path, Admits: string(v.Admits), Reason: v.Why, Names: OrEmpty(v.Names)})
		}
		out = append(out, j)
	}
	return out
}

func placesOf(spans []source.Span) []placeJSON {
	places := []placeJSON{}
	for _, s := range spans {
		places = append(places, placeJSON{Path: s.Path(), Line: s.Begin().Line})
	}
	return places
}

func stepsOf(trace []trust.Step) []stepJSON {
	steps := []stepJSON{}
	for _, s := range trace {
		steps = append(steps, stepJSON(s))
	}
	return steps
}

// Trust writes the table of issuers for people, and below it the reasons.
// Where trace is set, each step of the reasoning follows. The VOs come last.
func (t Text) Trust(issuers []trust.IssuerTrust, vos []trust.VOTrust, trace bool) error {
	var b strings.Builder
	if len(issuers) == 0 {
		b.WriteString("no token issuer is named in arc.conf and none is pinned\n")
	} else {
		trustTable(&b, issuers)
	}
	for _, it := range issuers {
		trustReasons(&b, it)
		if trace {
			traceLines(&b, it.Trace)
		}
	}
	for _, vo := range vos {
		voLines(&b, vo)
	}
	_, err := io.WriteString(t.W, b.String())
	return err
}

// voLines say whose signature makes somebody a member of a VO.
func voLines(b *strings.Builder, vo trust.VOTrust) {
	fmt.Fprintf(b, "\nVO %s\n", prose.Safe(vo.VO))
	if vo.Answer != trust.Accepted {
		fmt.Fprintf(b, "  attributes: %s: %s\n", vo.Answer, prose.Safe(vo.Why))
	}
	for _, v := range vo.Servers {
		fmt.Fprintf(b, "  %s: %s\n", prose.Safe(v.Path), prose.Safe(admitted(v)))
	}
}

func admitted(v trust.VOMSServer) string {
	switch v.Admits {
	case trust.AdmitsNamed:
		return "admits attributes that " + v.Names[0] + " signs, with a certificate of " + v.Names[1]
	case trust.AdmitsPattern:
		return "admits attributes of every server that " + v.Names[0] + " matches, with its CA"
	case trust.AdmitsAny:
		return "has a chain of one line: admits attributes that anybody signs who has a certificate of a CA trusted for clients"
	case trust.AdmitsUnknown:
		return "was not read"
	}
	return "admits nobody: " + cmp.Or(v.Why, "no chain in it can be that of a server")
}

func trustTable(b *strings.Builder, issuers []trust.IssuerTrust) {
	tw := tabwriter.NewWriter(b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tw, "ISSUER\tCHAIN FROM\tKEY FETCH\tANCHOR\tCLIENT CERT OF THAT CA\tCAN POSE AS IT")
	for _, it := range issuers {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\n", Cell(it.Issuer), it.ChainFrom, it.KeyFetch,
			Cell(cmp.Or(it.Anchor, "-")), it.ClientCertSameCA, posers(it.ImpersonationBy))
	}
	// strings.Builder does not fail.
	_ = tw.Flush()
}

// Cell shows text of the site in a table, where a tab would be a column more.
func Cell(text string) string { return strings.ReplaceAll(prose.Safe(text), "\t", `\x09`) }

func posers(by trust.ImpersonationBy) string {
	switch by {
	case trust.ByPublic:
		return "any public CA"
	case trust.ByGrid:
		return "grid CAs"
	case trust.ByNobody:
		return "nobody"
	}
	return "unknown"
}

func trustReasons(b *strings.Builder, it trust.IssuerTrust) {
	fmt.Fprintf(b, "\n%s\n", prose.Safe(it.Issuer))
	for _, at := range it.NamedAt {
		fmt.Fprintf(b, "  named at %s\n", place(at.Path(), at))
	}
	fmt.Fprintf(b, "  key fetch: %s: %s\n", it.KeyFetch, prose.Safe(it.Reason))
	fmt.Fprintf(b, "  can pose as it: %s: %s\n", posers(it.ImpersonationBy), prose.Safe(it.ImpersonationWhy))
}

func traceLines(b *strings.Builder, trace []trust.Step) {
	for _, s := range trace {
		fmt.Fprintf(b, "    - %s", prose.Safe(s.Text))
		if s.Path != "" {
			fmt.Fprintf(b, " (%s)", prose.Safe(s.Path))
		}
		if s.Source != "" {
			fmt.Fprintf(b, " [%s]", s.Source)
		}
		b.WriteByte('\n')
	}
}
