package doors

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/authgroup"
	"arclint/internal/prose"
	"arclint/internal/report"
	"arclint/internal/site"
)

type accessJSON struct {
	Version   int         `json:"version"`
	Stopped   string      `json:"stopped"`
	NoStart   noStartJSON `json:"no_start"`
	NoService noStartJSON `json:"no_service"`
	Unknown   string      `json:"unknown"`
	Notes     []string    `json:"notes"`
	Doors     []doorJSON  `json:"doors"`
	Unseen    []string    `json:"unseen"`
}

type doorJSON struct {
	Who          string          `json:"who"`
	Headline     string          `json:"headline"`
	Width        string          `json:"width"`
	Shown        string          `json:"shown"`
	Open         bool            `json:"open"`
	Issuer       string          `json:"issuer"`
	Group        string          `json:"group"`
	Authgroups   []string        `json:"authgroups"`
	Account      string          `json:"account"`
	AccountFrom  string          `json:"account_from"`
	AccountState string          `json:"account_state"`
	Check        string          `json:"check"`
	CheckReason  string          `json:"check_reason"`
	Interfaces   []interfaceJSON `json:"interfaces"`
	Rule         placeJSON       `json:"rule"`
	Because      []stepJSON      `json:"because"`
	Depends      []dependsJSON   `json:"depends"`
	Proof        proofJSON       `json:"proof"`
	LeftOff      *leftOff        `json:"left_off,omitempty"` // of authgroups and interfaces
}

type interfaceJSON struct {
	Interface string    `json:"interface"`
	Submit    rightJSON `json:"submit"`
	Read      rightJSON `json:"read"`
	Cancel    rightJSON `json:"cancel"`
}

type rightJSON struct {
	State  string `json:"state"`
	Scope  string `json:"scope"`
	Reason string `json:"reason"`
	Claims string `json:"claims"`
}

type placeJSON struct {
	Path string `json:"path"`
	Line int    `json:"line"`
	Text string `json:"text"`
}

type proofJSON struct {
	Claims  string   `json:"claims"`
	Subject string   `json:"subject"`
	FQANs   []string `json:"fqans"`
}

// AccessJSON writes who gets in, the widest way in first.
func AccessJSON(w io.Writer, a admission.Access) error {
	out := accessJSON{Version: 1, Stopped: a.Stopped, NoStart: noStartOf(a.NoStart), NoService: noServiceOf(a.NoStart), Unknown: a.Unknown, Notes: report.OrEmpty(a.Notes), Doors: []doorJSON{}, Unseen: report.OrEmpty(a.Unseen)}
	most := listed(a)
	if text := notListed(a, most); text != "" {
		out.Unseen = append(slices.Clip(out.Unseen), text)
	}
	return report.JSONList(w, out, "doors", func(yield func(doorJSON) bool) {
		for _, d := range a.Doors {
			if !yield(doorOf(d, most, a.NoStart)) {
				return
			}
		}
	})
}

func doorOf(d admission.Door, most int, n *admission.NoStart) doorJSON {
	at := d.Rule.Option.Line
	return doorJSON{
		Who: d.Who, Headline: d.Headline(), Width: d.Width.String(), Shown: d.Shown, Open: d.Open() && !d.Barred() && n == nil, Issuer: d.Issuer, Group: d.Group,
		Authgroups: report.OrEmpty(d.Decision.Groups[:min(len(d.Decision.Groups), most)]), Account: d.Decision.Account, AccountFrom: d.Decision.AccountFrom, AccountState: string(d.Decision.AccountState),
		Check: string(d.Check), CheckReason: d.CheckWhy, Interfaces: interfacesOf(d, most), LeftOff: leftOffOf(d, most),
		Rule:    placeJSON{Path: at.Path(), Line: at.Begin().Line, Text: ruleText(d)},
		Because: stepsOf(d.Decision.Because), Depends: dependsOf(d.Decision.Depends),
		Proof: proofJSON{Claims: d.Proof.Claims, Subject: d.Proof.Subject, FQANs: report.OrEmpty(d.Proof.FQANs)},
	}
}

// interfacesOf are the job interface and, for submission, the first queues.
func interfacesOf(d admission.Door, most int) []interfaceJSON {
	out := []interfaceJSON{{
		Interface: authgroup.JobsBlock, Submit: rightOf(d.Submit), Read: rightOf(d.Read), Cancel: rightOf(d.Cancel),
	}}
	for q := range d.Queues.First(most) {
		submit := rightJSON{State: string(admission.No), Reason: q.Why}
		switch {
		case q.Hangs != "":
			submit = rightJSON{State: string(admission.Unknown), Scope: d.Submit.Scope, Reason: q.Hangs, Claims: d.Submit.Claims}
		case q.Open:
			submit = rightOf(d.Submit)
		}
		out = append(out, interfaceJSON{
			Interface: "queue:" + q.Name, Submit: submit,
			Read: rightJSON{State: "-"}, Cancel: rightJSON{State: "-"},
		})
	}
	return out
}

func rightOf(r admission.Right) rightJSON {
	return rightJSON{State: string(r.State), Scope: r.Scope, Reason: r.Why, Claims: r.Claims}
}

func ruleText(d admission.Door) string { return strings.TrimSpace(d.Rule.Option.Line.Text()) }

// AccessText writes who gets in for people: a table of the open doors, the
// reasons of each, and the rules that let nobody in.
func AccessText(w io.Writer, s *site.Site, a admission.Access) error {
	var b strings.Builder
	noStartText(&b, a.NoStart)
	open, closed := split(a.Doors)
	most := listed(a)
	fmt.Fprintf(&b, "Who gets in, the widest way in first (judged as ARC %s, %s)\n", s.Release.Measured, prose.Safe(s.Release.Explain()))
	for _, note := range a.Notes {
		fmt.Fprintf(&b, "note: %s\n", prose.Safe(note))
	}
	switch {
	case a.Unknown != "":
		fmt.Fprintf(&b, "\nunknown: %s\n", prose.Safe(a.Unknown))
	case a.Stopped != "":
		fmt.Fprintf(&b, "\nnobody: the service does not start: %s\n", prose.Safe(a.Stopped))
	case len(open) == 0:
		b.WriteString("\nnobody\n")
	default:
		table(&b, open, a.NoStart)
	}
	for i, d := range open {
		doorText(&b, i+1, d, most)
	}
	if len(closed) > 0 {
		b.WriteString("\nRules that let nobody in\n")
	}
	for _, d := range closed {
		fmt.Fprintf(&b, "  %s:%d: %s\n    %s\n", prose.Safe(d.Rule.Option.Line.Path()), d.Rule.Option.Line.Begin().Line, prose.Safe(ruleText(d)), prose.Safe(d.Headline()))
	}
	if text := notListed(a, most); text != "" {
		a.Unseen = append(slices.Clip(a.Unseen), text)
	}
	if len(a.Unseen) > 0 {
		b.WriteString("\nNot worked out\n")
	}
	for _, text := range a.Unseen {
		fmt.Fprintf(&b, "  %s\n", prose.Safe(text))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// split takes the doors that are open at the front apart from the others.
func split(doors []admission.Door) (open, closed []admission.Door) {
	for i, d := range doors {
		if !d.Open() {
			return doors[:i], doors[i:]
		}
	}
	return doors, nil
}

func table(b *strings.Builder, open []admission.Door, n *admission.NoStart) {
	b.WriteByte('\n')
	tw := tabwriter.NewWriter(b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tw, "#\tGROUP\tWHAT IS SHOWN\tSUBMIT\tREAD\tCANCEL\tACCOUNT\tNOW")
	for i, d := range open {
		fmt.Fprintf(tw, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", i+1, report.Cell(cmp.Or(d.Group, "-")), report.Cell(d.Shown), d.Submit.State, d.Read.State, d.Cancel.State, report.Cell(account(d)), now(d, n))
	}
	_ = tw.Flush() // strings.Builder does not fail
}

// account is the account of a door in the width of a column.
func account(d admission.Door) string {
	if d.Decision.AccountState == access.AccountRoot {
		return d.Account() + " (SUPERUSER)"
	}
	return cmp.Or(d.Decision.AccountFrom, d.Account())
}

// now says whether the door can be gone through as the site stands.
func now(d admission.Door, n *admission.NoStart) string {
	switch {
	case n != nil && n.Starts:
		return "shut: serves nobody"
	case n != nil:
		return "shut: does not start"
	case d.Barred():
		return "shut: no " + d.CheckBy
	case d.Submit.State != admission.Yes && d.Read.State != admission.Yes && d.Cancel.State != admission.Yes:
		return "unknown"
	case d.Issuer != "*" && d.Check == "unknown":
		return d.CheckBy + " unknown"
	}
	return "open"
}

func doorText(b *strings.Builder, n int, d admission.Door, most int) {
	fmt.Fprintf(b, "\n%d. %s\n", n, prose.Safe(d.Headline()))
	for _, line := range facts(d, most) {
		fmt.Fprintf(b, "   %s\n", prose.Safe(line))
	}
	for _, s := range d.Decision.Because {
		step(b, "   ", s)
	}
	operation := ""
	if d.Operation != access.JobCreate && d.Operation != "" {
		operation = " for the operation " + string(d.Operation)
	}
	fmt.Fprintf(b, "   proof%s: %s\n", operation, prose.Safe(proof(d.Proof)))
}

// facts are what is to be said of a door, a line each. At most so many queues are
// named.
func facts(d admission.Door, most int) []string {
	var lines []string
	if d.Beside() {
		at := d.Rule.Option.Line
		lines = append(lines, fmt.Sprintf("not by %s:%d, the rule that names it, but by other lines that take it first", at.Path(), at.Begin().Line))
	}
	if d.Decision.AccountState == access.AccountRoot {
		lines = append(lines, "jobs run as the superuser (arc-behaviour S7; the reference says that a request that is mapped to root fails)")
	}
	lines = append(lines, fmt.Sprintf("at %s: submit %s, read %s, cancel %s", authgroup.JobsBlock, right(d.Submit), right(d.Read), right(d.Cancel)))
	if d.Queues.Len() > 0 {
		open := strings.Join(d.Queues.Open(most), " ")
		if more := d.Queues.OpenCount() - most; more > 0 {
			open += fmt.Sprintf(" and %d more", more)
		}
		lines = append(lines, "queues: "+cmp.Or(open, "none"))
		if hang := d.Queues.Hanging(most); len(hang) > 0 {
			lines = append(lines, "unknown queues: "+strings.Join(hang, " "))
		}
	}
	if d.Check != "" {
		text := fmt.Sprintf("can the CE check it: %s: %s", d.Check, d.CheckWhy)
		if d.Anyway() {
			text += "; the token counts as none, and its bearer gets in all the same"
		}
		lines = append(lines, text)
	}
	for _, on := range d.Decision.Depends {
		lines = append(lines, "depends on "+on.On+dependsTail(on))
	}
	return lines
}

func right(r admission.Right) string {
	switch {
	case r.State == admission.Yes && r.Scope != "":
		return fmt.Sprintf("yes (needs scope %s)", strings.ReplaceAll(r.Scope, " ", " or "))
	case r.State == admission.No:
		return fmt.Sprintf("no (%s)", r.Why)
	}
	return string(r.State)
}

func proof(p admission.Proof) string {
	var parts []string
	if p.Claims != "" {
		parts = append(parts, "token "+p.Claims)
	}
	if p.Subject != "" {
		parts = append(parts, "certificate "+p.Subject)
	}
	for _, f := range p.FQANs {
		parts = append(parts, "attribute "+f)
	}
	if len(parts) == 0 {
		return "a request without certificate and token"
	}
	return strings.Join(parts, ", ")
}
