// Package doors writes who gets in: for people, as the JSON of the machine
// contract, and as Markdown. It decides nothing and sorts nothing.
package doors

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/prose"
	"arclint/internal/report"
)

type whoamiJSON struct {
	Version      int           `json:"version"`
	NoStart      noStartJSON   `json:"no_start"`
	NoService    noStartJSON   `json:"no_service"`
	Submit       submitJSON    `json:"submit"`     // whether a job is taken, where jobcreate is asked for
	IfStarted    string        `json:"if_started"` // the decision of a service that starts and serves; "" where this one does
	Decision     string        `json:"decision"`
	Authgroups   []string      `json:"authgroups"`
	Interface    string        `json:"interface"`
	Operation    string        `json:"operation"`
	Account      string        `json:"account"`
	AccountFrom  string        `json:"account_from"`
	AccountState string        `json:"account_state"`
	Status       int           `json:"status"`
	Reason       string        `json:"reason"`
	Signature    string        `json:"signature"`
	TokenRefused string        `json:"token_refused"`
	Depends      []dependsJSON `json:"depends"`
	Queues       []queueJSON   `json:"queues"`
	Trace        []stepJSON    `json:"trace"`
}

// submitJSON is whether a new job is taken: getting in is another question. State is "-"
// where no job is asked for.
type submitJSON struct {
	State  string `json:"state"`
	Reason string `json:"reason"`
}

func submitOf(a admission.Answer) submitJSON {
	r, asked := a.Submission()
	if !asked {
		return submitJSON{State: "-"}
	}
	return submitJSON{State: string(r.State), Reason: r.Why}
}

type dependsJSON struct {
	Kind      string   `json:"kind"`
	On        string   `json:"on"`
	Taken     bool     `json:"taken"`
	Otherwise []string `json:"otherwise"`
	Path      string   `json:"path"`
	Line      int      `json:"line"`
}

type queueJSON struct {
	Queue  string `json:"queue"`
	Open   bool   `json:"open"`
	Reason string `json:"reason"`
	Hangs  string `json:"hangs_on"` // what nobody can know here and changes it
}

type stepJSON struct {
	Path    string `json:"path"`
	Line    int    `json:"line"`
	Rule    string `json:"rule"`
	Result  string `json:"result"`
	Source  string `json:"source"`
	Differs string `json:"differs"`
}

// WhoamiJSON writes an answer as the machine contract says. A step that stands
// in no file has an empty path and line 0; differs is what arc.conf.reference
// says where it was measured otherwise.
func WhoamiJSON(w io.Writer, a admission.Answer) error {
	return report.JSON(w, whoamiJSON{
		Version: 1, NoStart: noStartOf(a.NoStart), NoService: noServiceOf(a.NoStart), Decision: decisionWord(a), Submit: submitOf(a), IfStarted: ifStarted(a), Authgroups: report.OrEmpty(a.Groups), Interface: a.Interface,
		Operation: string(a.Operation), Account: a.Account, AccountFrom: a.AccountFrom, AccountState: string(a.AccountState), Status: a.Status,
		Reason: a.Reason, Signature: string(a.Signature.State), TokenRefused: a.TokenRefused, Depends: dependsOf(a.Depends), Queues: queuesOf(a.Queues),
		Trace: stepsOf(a.Trace),
	})
}

// decisionWord is what becomes of the request: a service that does not start, or serves
// nobody, lets in nobody.
func decisionWord(a admission.Answer) string {
	if a.NoStart != nil {
		return "deny"
	}
	return decisionIfStarted(a)
}

func decisionIfStarted(a admission.Answer) string {
	switch {
	case a.Unknown != "":
		return "unknown"
	case a.Allowed:
		return "allow"
	}
	return "deny"
}

// ifStarted is "" where the service starts and serves, as far as is known.
func ifStarted(a admission.Answer) string {
	if a.NoStart == nil {
		return ""
	}
	return decisionIfStarted(a)
}

func dependsOf(list []access.Dependency) []dependsJSON {
	out := []dependsJSON{}
	for _, d := range list {
		j := dependsJSON{Kind: string(d.Kind), On: d.On, Taken: d.Taken, Otherwise: report.OrEmpty(d.Otherwise)}
		if !d.At.IsZero() {
			j.Path, j.Line = d.At.Path(), d.At.Begin().Line
		}
		out = append(out, j)
	}
	return out
}

func queuesOf(queues access.Queues) []queueJSON {
	out := []queueJSON{}
	for q := range queues.All() {
		out = append(out, queueJSON{Queue: q.Name, Open: q.Open, Reason: q.Why, Hangs: q.Hangs})
	}
	return out
}

func stepsOf(trace []access.Step) []stepJSON {
	out := []stepJSON{}
	for _, s := range trace {
		j := stepJSON{Rule: s.Rule, Result: s.Result, Source: s.Source, Differs: s.Differs}
		if !s.At.IsZero() {
			j.Path, j.Line = s.At.Path(), s.At.Begin().Line
		}
		out = append(out, j)
	}
	return out
}

// WhoamiText writes an answer for people: the decision, what it stands on, and
// every rule that was looked at.
func WhoamiText(w io.Writer, a admission.Answer) error {
	var b strings.Builder
	noStartText(&b, a.NoStart)
	fmt.Fprintf(&b, "%s: %s at %s", decisionWord(a), a.Operation, a.Interface)
	if a.NoStart != nil {
		fmt.Fprintf(&b, "; if the service %s: %s", wouldHaveTo(a.NoStart), decisionIfStarted(a))
	}
	if a.Allowed {
		fmt.Fprintf(&b, " as %s", prose.Safe(a.AccountText()))
	}
	if r, asked := a.Submission(); asked && a.Allowed && a.NoStart == nil && r.State == admission.No {
		b.WriteString(", and the job is refused")
	}
	if len(a.Depends) > 0 {
		b.WriteString(", unless what it depends on is otherwise")
	}
	b.WriteByte('\n')
	detail(&b, "reason", a.Reason)
	if a.TokenRefused != "" {
		detail(&b, "token", "counts as none: "+a.TokenRefused)
	}
	detail(&b, "authgroups", cmp.Or(strings.Join(a.Groups, " "), "none"))
	if a.AccountState != access.AccountNone {
		detail(&b, "account", a.AccountText()+accountRemark(a.AccountState))
	}
	if r, asked := a.Submission(); asked && decisionWord(a) != "deny" {
		text := string(r.State)
		if r.Why != "" {
			text += ": " + r.Why
		}
		detail(&b, "submit", text)
	}
	if a.Allowed && a.Queues.Len() > 0 {
		detail(&b, "queues", cmp.Or(a.OpenQueues(), "none is open"))
		if hang := a.Queues.Hanging(a.Queues.Len()); len(hang) > 0 {
			detail(&b, "unknown", "whether these queues are open: "+strings.Join(hang, " "))
		}
	}
	if a.Signature.State != admission.NoSignature {
		detail(&b, "signature", string(a.Signature.State)+": "+a.Signature.Why)
	}
	for _, d := range a.Depends {
		detail(&b, "depends on", d.On+dependsTail(d))
	}
	b.WriteString("how:\n")
	for _, s := range a.Trace {
		step(&b, "  ", s)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func detail(b *strings.Builder, name, text string) {
	fmt.Fprintf(b, "  %-11s %s\n", name+":", prose.Safe(text))
}

// accountRemark says what is special about an account.
func accountRemark(state access.AccountState) string {
	switch state {
	case access.AccountRoot:
		return " (the superuser)"
	case access.AccountMissing:
		return " (does not exist)"
	case access.AccountUnknown:
		return " (unknown whether it exists)"
	}
	return ""
}

func dependsTail(d access.Dependency) string {
	if len(d.Otherwise) == 0 {
		return ""
	}
	taken, other := "no", "yes"
	if d.Taken {
		taken, other = other, taken
	}
	return fmt.Sprintf(" (taken for %s; if %s: %s)", taken, other, strings.Join(d.Otherwise, " or "))
}

func step(b *strings.Builder, indent string, s access.Step) {
	b.WriteString(indent + "- ")
	if !s.At.IsZero() {
		fmt.Fprintf(b, "%s: ", linePlace(s))
	}
	fmt.Fprintf(b, "%s: %s", prose.Safe(s.Rule), prose.Safe(s.Result))
	if s.Source != "" {
		fmt.Fprintf(b, " [%s]", s.Source)
	}
	b.WriteByte('\n')
	if s.Differs != "" {
		fmt.Fprintf(b, "%s    measured so; %s\n", indent, s.Differs)
	}
}

// linePlace is the file and the line of a step.
func linePlace(s access.Step) string {
	return fmt.Sprintf("%s:%d", prose.Safe(s.At.Path()), s.At.Begin().Line)
}
