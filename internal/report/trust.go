package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/mattn/go-runewidth"

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
		t.trustReasons(&b, it)
		if trace {
			t.traceLines(&b, it.Trace)
		}
	}
	for _, vo := range vos {
		t.voLines(&b, vo)
	}
	_, err := io.WriteString(t.W, b.String())
	return err
}

// voLines say whose signature makes somebody a member of a VO.
func (t Text) voLines(b *strings.Builder, vo trust.VOTrust) {
	fmt.Fprintf(b, "\nVO %s\n", prose.Safe(vo.VO))
	if vo.Answer != trust.Accepted {
		t.item(b, fmt.Sprintf("attributes: %s: %s", vo.Answer, vo.Why))
	}
	for _, v := range vo.Servers {
		t.item(b, v.Path+": "+admitted(v))
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

// maxIssuer is the width of the issuers' column, so that a row has 80 columns: a longer
// issuer has a line of its own.
const maxIssuer = 34

func trustTable(b *strings.Builder, issuers []trust.IssuerTrust) {
	tw := tabwriter.NewWriter(b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tw, "ISSUER\tKEY FETCH\tCLIENT OF ITS CA\tCAN POSE AS IT")
	for _, it := range issuers {
		issuer := Cell(it.Issuer)
		if runewidth.StringWidth(issuer) > maxIssuer {
			fmt.Fprintln(tw, issuer)
			issuer = ""
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", issuer, it.KeyFetch, it.ClientCertSameCA, posers(it.ImpersonationBy))
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

func (t Text) trustReasons(b *strings.Builder, it trust.IssuerTrust) {
	fmt.Fprintf(b, "\n%s\n", prose.Safe(it.Issuer))
	for _, at := range it.NamedAt {
		fmt.Fprintf(b, "  named at %s\n", place(at.Path(), at))
	}
	t.item(b, "chain of its server: "+chainFrom(it.ChainFrom))
	t.item(b, "trust anchor: "+cmp.Or(it.Anchor, "none"))
	t.item(b, fmt.Sprintf("key fetch: %s: %s", it.KeyFetch, it.Reason))
	t.item(b, fmt.Sprintf("can pose as it: %s: %s", posers(it.ImpersonationBy), it.ImpersonationWhy))
}

// chainFrom says from where the chain of an issuer's server is known.
func chainFrom(from trust.ChainFrom) string {
	switch from {
	case trust.FromEvidence:
		return "as --evidence has it"
	case trust.FromRegistry:
		return "as far as the registry of issuers knows its CA"
	case trust.FromPinned:
		return "not needed: the keys are pinned"
	}
	return "not known"
}

// item writes a line of what is said of an issuer or a VO.
func (t Text) item(b *strings.Builder, text string) {
	t.hang(b, "  ", "    ", prose.Words(prose.Safe(text)))
}

func (t Text) traceLines(b *strings.Builder, trace []trust.Step) {
	for _, s := range trace {
		words := append([]string{"-"}, prose.Words(prose.Safe(s.Text))...)
		if s.Path != "" {
			words = append(words, "("+prose.Safe(s.Path)+")")
		}
		if s.Source != "" {
			words = append(words, prose.Words("["+s.Source+"]")...)
		}
		t.fold(b, indent, words)
	}
}
