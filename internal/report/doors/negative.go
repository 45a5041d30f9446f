package doors

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"arclint/internal/admission"
	"arclint/internal/prose"
	"arclint/internal/report"
	"arclint/internal/site"
)

type negativeJSON struct {
	Version   int          `json:"version"`
	Stopped   string       `json:"stopped"`
	NoStart   noStartJSON  `json:"no_start"`
	NoService noStartJSON  `json:"no_service"`
	Unknown   string       `json:"unknown"`
	Bases     int          `json:"bases"`
	More      bool         `json:"more"`
	Cases     []caseJSON   `json:"cases"`
	Live      []liveJSON   `json:"live_only"`
	Summary   countOutcome `json:"summary"`
}

type caseJSON struct {
	ID        string      `json:"id"`
	Area      string      `json:"area"`
	Title     string      `json:"title"`
	Outcome   string      `json:"outcome"`
	ByRelease bool        `json:"by_release"`
	Facts     string      `json:"facts"`
	Tried     int         `json:"tried"`
	LetIn     []trialJSON `json:"let_in"`
	Unknown   []trialJSON `json:"unknown"`
}

type trialJSON struct {
	Proof   proofJSON     `json:"proof"`
	Account string        `json:"account"`
	Submit  submitJSON    `json:"submit"`
	Barred  bool          `json:"barred"`
	Depends []dependsJSON `json:"depends"`
	Blame   []stepJSON    `json:"blame"`
}

type liveJSON struct {
	ID    string `json:"id"`
	Area  string `json:"area"`
	Title string `json:"title"`
}

type countOutcome struct {
	LetIn     int `json:"let_in"`
	ByRelease int `json:"by_release"`
	Refused   int `json:"refused"`
	Unknown   int `json:"unknown"`
	NotArisen int `json:"does_not_arise"`
}

// NegativeJSON writes what became of every case.
func NegativeJSON(w io.Writer, n admission.Negative) error {
	out := negativeJSON{Version: 1, Stopped: n.Stopped, NoStart: noStartOf(n.NoStart), NoService: noServiceOf(n.NoStart), Unknown: n.Unknown, Bases: n.Bases, More: n.More, Cases: []caseJSON{}, Live: []liveJSON{}, Summary: count(n)}
	for _, r := range n.Results {
		out.Cases = append(out.Cases, caseOf(r))
	}
	for _, c := range n.Live {
		out.Live = append(out.Live, liveJSON{ID: c.ID, Area: c.Area, Title: c.Title})
	}
	return report.JSON(w, out)
}

func caseOf(r admission.Result) caseJSON {
	c := caseJSON{
		ID: r.ID, Area: r.Area, Title: r.Title, Outcome: r.Outcome(), ByRelease: r.ByRelease,
		Facts: r.Facts, Tried: r.Tried, LetIn: trialsOf(r.LetIn), Unknown: trialsOf(r.Unknown),
	}
	return c
}

func trialsOf(trials []admission.Trial) []trialJSON {
	out := []trialJSON{}
	for _, t := range trials {
		out = append(out, trialJSON{
			Proof:   proofJSON{Claims: t.Proof.Claims, Subject: t.Proof.Subject, FQANs: report.OrEmpty(t.Proof.FQANs)},
			Account: t.Decision.Account, Submit: submitJSON{cmp.Or(string(t.Submit.State), "-"), t.Submit.Why}, Barred: t.Barred, Depends: dependsOf(t.Hangs), Blame: stepsOf(t.Blame()),
		})
	}
	return out
}

func count(n admission.Negative) countOutcome {
	var c countOutcome
	for _, r := range n.Results {
		switch {
		case r.Hole():
			c.LetIn++
		case len(r.LetIn) > 0:
			c.ByRelease++
		case r.Outcome() == "unknown":
			c.Unknown++
		case r.Tried == 0:
			c.NotArisen++
		default:
			c.Refused++
		}
	}
	return c
}

// NegativeText writes the cases for people: what is let in with the line to
// blame and a proof, and the rest in short.
func NegativeText(w io.Writer, s *site.Site, n admission.Negative) error {
	var b strings.Builder
	c := count(n)
	noStartText(&b, n.NoStart)
	fmt.Fprintf(&b, "%d of %d cases are let in by lines of arc.conf, %d by what ARC does not look at (judged as ARC %s, %s)\n",
		c.LetIn, len(n.Results), c.ByRelease, s.Release.Measured, prose.Safe(s.Release.Explain()))
	if n.Unknown != "" {
		fmt.Fprintf(&b, "unknown: %s\n", prose.Safe(n.Unknown))
	}
	if n.NoJobs != "" {
		fmt.Fprintf(&b, "who is let in gets no job: %s\n", prose.Safe(n.NoJobs))
	}
	if n.Stopped != "" {
		fmt.Fprintf(&b, "nothing gets in: the service does not start: %s\n", prose.Safe(n.Stopped))
	}
	if n.More {
		fmt.Fprintf(&b, "only the first %d ways in were tried\n", n.Bases)
	}
	section(&b, n, "Let in, and lines of arc.conf are to blame", func(r admission.Result) bool { return r.Hole() })
	section(&b, n, "Let in by this release, which does not look at it", func(r admission.Result) bool { return len(r.LetIn) > 0 && r.ByRelease })
	hanging(&b, n)
	list(&b, n, "Refused", "refused")
	list(&b, n, "Does not arise at this site", "does not arise")
	b.WriteString("\nLive only: files do not tell, ask a running CE\n")
	for _, c := range n.Live {
		fmt.Fprintf(&b, "  %-16s %s\n", c.ID, c.Title)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// section shows the cases that belong, those with the same lines to blame
// together.
func section(b *strings.Builder, n admission.Negative, title string, belongs func(admission.Result) bool) {
	if !slices.ContainsFunc(n.Results, belongs) {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	shown := map[string]bool{}
	for _, first := range n.Results {
		key := strings.Join(blame(first), "\n")
		if !belongs(first) || shown[key] {
			continue
		}
		shown[key] = true
		b.WriteByte('\n')
		for _, line := range blame(first) {
			fmt.Fprintf(b, "  %s\n", line)
		}
		for _, r := range n.Results {
			if belongs(r) && strings.Join(blame(r), "\n") == key {
				caseText(b, n, r, r.LetIn[0])
			}
		}
	}
}

// blame are the lines that let the requests of a case in, each once.
func blame(r admission.Result) []string {
	if r.ByRelease {
		return nil
	}
	return blameOf(r.LetIn)
}

func blameOf(trials []admission.Trial) []string {
	var lines []string
	for _, t := range trials {
		for _, s := range t.Blame() {
			line := fmt.Sprintf("%s: %s", linePlace(s), prose.Safe(s.Rule))
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// caseText shows a request of a case.
func caseText(b *strings.Builder, n admission.Negative, r admission.Result, first admission.Trial) {
	account := first.Decision.AccountText()
	if account = " becomes " + account; !first.Decision.Allowed {
		account = ""
	}
	fmt.Fprintf(b, "    %s: %s [arc-behaviour %s]\n", r.ID, r.Title, r.Facts)
	if account != "" && first.Submit.State == admission.No && n.NoJobs == "" {
		account += ", and its job is refused: " + first.Submit.Why
	}
	fmt.Fprintf(b, "      proof: %s%s\n", prose.Safe(proof(first.Proof)), prose.Safe(account))
}

// hanging shows the cases whose answer nobody can know here, those that hang on the
// same together, with the lines that would let them in.
func hanging(b *strings.Builder, n admission.Negative) {
	of := map[string][]admission.Result{}
	var order []string
	for _, r := range n.Results {
		if r.Outcome() != "unknown" {
			continue
		}
		key := on(r.Unknown[0])
		if len(of[key]) == 0 {
			order = append(order, key)
		}
		of[key] = append(of[key], r)
	}
	if len(order) > 0 {
		b.WriteString("\nUnknown, since it hangs on what files do not tell, or on what the CE cannot check now\n")
	}
	for _, key := range order {
		fmt.Fprintf(b, "\n  hangs on %s\n", prose.Safe(key))
		var trials []admission.Trial
		for _, r := range of[key] {
			trials = append(trials, r.Unknown...)
		}
		for _, line := range blameOf(trials) {
			fmt.Fprintf(b, "  %s\n", line)
		}
		for _, r := range of[key] {
			caseText(b, n, r, r.Unknown[0])
		}
	}
}

// on is what a request hangs on.
func on(t admission.Trial) string {
	var list []string
	for _, d := range t.Hangs {
		list = append(list, d.On)
	}
	return strings.Join(list, ", and on ")
}

func list(b *strings.Builder, n admission.Negative, title, outcome string) {
	var ids []string
	for _, r := range n.Results {
		if r.Outcome() == outcome {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) > 0 {
		fmt.Fprintf(b, "\n%s\n  %s\n", title, strings.Join(ids, " "))
	}
}
