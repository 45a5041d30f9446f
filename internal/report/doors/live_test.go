package doors

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"arclint/fixtures/golden"
	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/live"
)

// liveRun has each outcome once or twice, and a reason that a server could have
// written.
func liveRun(t testing.TB) LiveRun {
	s := load(t, "7.2.0", conf("authtokens=* https://i.example.org * compute.read *"))
	run := LiveRun{CE: "https://ce.example.org:443/arex\x1b[2J", Static: admission.StaticFor(s, admission.Made{}, access.JobInfo).Results}
	run.Report.Asked = 12
	run.Report.Controls = []live.Control{{Name: "token", OK: true}, {Name: "certificate", Why: "the CE answered 403 Forbidden"}}
	outcomes := map[string]live.Result{
		"exp-past": {Outcome: live.Refused, Status: 403}, "exp-missing": {Outcome: live.LetIn, Status: 200}, "aud-other": {Outcome: live.LetIn, Status: 200},
		"alg-none": {Outcome: live.Refused}, "dn-longer": {Outcome: live.Inconclusive, Status: 403, Why: "the positive control failed: <\x1b[31m&\x00>"},
		"issuer-expired": {Outcome: live.NotRun, Why: "it needs the throw-away issuer"},
	}
	for _, c := range admission.All(live.Operation) {
		if r, ok := outcomes[c.ID]; ok {
			r.Case = c
			run.Report.Results = append(run.Report.Results, r)
		}
	}
	return run
}

// TestLive: the three forms of one run.
func TestLive(t *testing.T) {
	run := liveRun(t)
	for name, write := range map[string]func(io.Writer, LiveRun) error{"live.txt": LiveText, "live.json": LiveJSON, "live.xml": LiveJUnit} {
		var b bytes.Buffer
		if err := write(&b, run); err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "testdata/"+name, b.Bytes())
		for room := range b.Len() {
			if err := write(golden.Room(room), run); !errors.Is(err, golden.ErrFull) {
				t.Fatalf("%s: %d bytes fit: error %v", name, room, err)
			}
		}
		if name == "live.xml" && xml.Unmarshal(b.Bytes(), &junitSuites{}) != nil {
			t.Error("no XML")
		}
	}
}
