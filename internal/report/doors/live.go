package doors

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"arclint/internal/admission"
	"arclint/internal/live"
	"arclint/internal/prose"
	"arclint/internal/report"
)

// LiveRun is what is to be told of a run against a running CE.
type LiveRun struct {
	CE     string
	Report live.Report
	Static []admission.Result // the same cases judged from the site's files; nil where there are none
}

type liveRunJSON struct {
	Version    int               `json:"version"`
	CE         string            `json:"ce"`
	Conclusive bool              `json:"conclusive"`
	Asked      int               `json:"asked"`
	Controls   []controlJSON     `json:"controls"`
	Cases      []liveCaseJSON    `json:"cases"`
	Summary    countLiveOutcomes `json:"summary"`
}

type controlJSON struct {
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
	Reason string `json:"reason"`
}

type liveCaseJSON struct {
	ID        string     `json:"id"`
	Area      string     `json:"area"`
	Title     string     `json:"title"`
	Outcome   string     `json:"outcome"`
	Status    int        `json:"status"`
	ByRelease bool       `json:"by_release"`
	Reason    string     `json:"reason"`
	Blame     []stepJSON `json:"blame"`
}

type countLiveOutcomes struct {
	LetIn        int `json:"let_in"`
	ByRelease    int `json:"by_release"`
	Refused      int `json:"refused"`
	Inconclusive int `json:"inconclusive"`
	NotRun       int `json:"not_run"`
}

// LiveJSON writes what a CE answered to every case.
func LiveJSON(w io.Writer, run LiveRun) error {
	out := liveRunJSON{
		Version: 1, CE: run.CE, Conclusive: run.Report.Conclusive(), Asked: run.Report.Asked,
		Controls: []controlJSON{}, Cases: []liveCaseJSON{}, Summary: countLive(run.Report),
	}
	for _, c := range run.Report.Controls {
		out.Controls = append(out.Controls, controlJSON{Name: c.Name, Passed: c.OK, Reason: c.Why})
	}
	for _, r := range run.Report.Results {
		one := liveCaseJSON{ID: r.ID, Area: r.Area, Title: r.Title, Outcome: string(r.Outcome), Status: r.Status, ByRelease: r.ByRelease, Reason: r.Why, Blame: []stepJSON{}}
		if r.Hole() {
			for _, t := range run.static(r.ID).LetIn {
				one.Blame = append(one.Blame, stepsOf(t.Blame())...)
			}
		}
		out.Cases = append(out.Cases, one)
	}
	return report.JSON(w, out)
}

// static is what the files say of a case, nothing where there are none.
func (run LiveRun) static(id string) admission.Result {
	i := slices.IndexFunc(run.Static, func(r admission.Result) bool { return r.ID == id })
	if i < 0 {
		return admission.Result{}
	}
	return run.Static[i]
}

func countLive(r live.Report) countLiveOutcomes {
	var c countLiveOutcomes
	for _, one := range r.Results {
		switch {
		case one.Hole():
			c.LetIn++
		case one.Outcome == live.LetIn:
			c.ByRelease++
		case one.Outcome == live.Refused:
			c.Refused++
		case one.Outcome == live.Inconclusive:
			c.Inconclusive++
		default:
			c.NotRun++
		}
	}
	return c
}

// LiveText writes the answers for people: what was let in with the lines to
// blame where the files tell, and the rest in short.
func LiveText(w io.Writer, run LiveRun) error {
	var b strings.Builder
	c := countLive(run.Report)
	fmt.Fprintf(&b, "%s: %d let in, %d let in that no line can turn away, %d refused, %d inconclusive, %d not run (%d questions)\n",
		prose.Safe(run.CE), c.LetIn, c.ByRelease, c.Refused, c.Inconclusive, c.NotRun, run.Report.Asked)
	if !run.Report.Conclusive() {
		b.WriteString("inconclusive: this is not a pass\n")
	}
	for _, control := range run.Report.Controls {
		if !control.OK {
			fmt.Fprintf(&b, "the positive control of the kind %s failed: %s\n", control.Name, prose.Safe(control.Why))
		}
	}
	run.letIn(&b, "Let in, and should be turned away", live.Result.Hole)
	run.letIn(&b, "Let in, and no line of arc.conf can turn it away", func(r live.Result) bool { return r.Outcome == live.LetIn && r.ByRelease })
	run.because(&b, "Inconclusive", live.Inconclusive)
	run.because(&b, "Not run", live.NotRun)
	var ids []string
	for _, r := range run.Report.Results {
		if r.Outcome == live.Refused {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) > 0 {
		fmt.Fprintf(&b, "\nRefused\n  %s\n", strings.Join(ids, " "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (run LiveRun) letIn(b *strings.Builder, title string, belongs func(live.Result) bool) {
	if !slices.ContainsFunc(run.Report.Results, belongs) {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, r := range run.Report.Results {
		if !belongs(r) {
			continue
		}
		fmt.Fprintf(b, "  %s: %s\n", r.ID, r.Title)
		if s := run.static(r.ID); r.Hole() && len(s.LetIn) > 0 {
			for _, line := range blame(s) {
				fmt.Fprintf(b, "    %s\n", line)
			}
		}
	}
}

// because lists the cases of an outcome, those with one reason together.
func (run LiveRun) because(b *strings.Builder, title string, outcome live.Outcome) {
	var reasons []string
	ids := map[string][]string{}
	for _, r := range run.Report.Results {
		if r.Outcome != outcome {
			continue
		}
		if ids[r.Why] == nil {
			reasons = append(reasons, r.Why)
		}
		ids[r.Why] = append(ids[r.Why], r.ID)
	}
	if len(reasons) > 0 {
		fmt.Fprintf(b, "\n%s\n", title)
	}
	for _, why := range reasons {
		fmt.Fprintf(b, "  %s: %s\n", prose.Safe(why), strings.Join(ids[why], " "))
	}
}

// The types of JUnit's XML, as far as readers of it agree.
type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Name    string       `xml:"name,attr"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitMessage `xml:"failure"`
	Error   *junitMessage `xml:"error"`
	Skipped *junitMessage `xml:"skipped"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// LiveJUnit writes one suite for each area. What was let in is a failure, what is
// inconclusive an error; what no line of a site can turn away passes and says so.
func LiveJUnit(w io.Writer, run LiveRun) error {
	out := junitSuites{Name: "arclint negtest " + prose.Safe(run.CE)}
	at := map[string]int{}
	for _, r := range run.Report.Results {
		i, ok := at[r.Area]
		if !ok {
			i = len(out.Suites)
			at[r.Area] = i
			out.Suites = append(out.Suites, junitSuite{Name: r.Area})
		}
		run.junit(&out.Suites[i], r)
	}
	data, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, data)
	return err
}

func (run LiveRun) junit(s *junitSuite, r live.Result) {
	c := junitCase{Class: "negtest." + r.Area, Name: r.ID + ": " + prose.Safe(r.Title)}
	s.Tests++
	switch {
	case r.Hole():
		s.Failures++
		c.Failure = &junitMessage{Message: "let in"}
		if static := run.static(r.ID); len(static.LetIn) > 0 {
			c.Failure.Text = strings.Join(blame(static), "\n")
		}
	case r.Outcome == live.LetIn:
		c.Out = "let in, and no line of arc.conf can turn it away"
	case r.Outcome == live.Inconclusive:
		s.Errors++
		c.Error = &junitMessage{Message: prose.Safe(r.Why)}
	case r.Outcome == live.NotRun:
		s.Skipped++
		c.Skipped = &junitMessage{Message: prose.Safe(r.Why)}
	}
	s.Cases = append(s.Cases, c)
}
