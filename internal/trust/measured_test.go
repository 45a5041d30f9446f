package trust_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/world"
	"arclint/internal/openssl"
	"arclint/internal/trust"
)

// measurement is a row of testdata/measured.tsv or of testdata/lab.tsv, which the
// lab writes: what real CEs answered.
type measurement struct {
	group, scenario, release string
	issuer, client           string // "accepted", "refused", "-": not asked
	issuerError, clientError string // what OpenSSL or ARC logged, as codes; "-": not logged
}

func measurements(t *testing.T) []measurement {
	t.Helper()
	var rows []measurement
	for _, name := range []string{"testdata/measured.tsv", "testdata/lab.tsv"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
			f := strings.Split(line, "\t")
			if len(f) != 7 {
				t.Fatalf("%s: %q has %d fields, want 7", name, line, len(f))
			}
			rows = append(rows, measurement{f[0], f[1], f[2], f[3], f[4], f[5], f[6]})
		}
	}
	return rows
}

// TestMeasured rebuilds every measured scenario and wants the measured answer.
func TestMeasured(t *testing.T) {
	all := world.Scenarios()
	used := map[string]bool{}
	for _, row := range measurements(t) {
		build, ok := all[row.group][row.scenario]
		if !ok {
			t.Errorf("%s %q has no scenario", row.group, row.scenario)
			continue
		}
		used[row.group+row.scenario] = true
		t.Run(row.release+"/"+row.group+"/"+row.scenario, func(t *testing.T) {
			w := worlds.World()
			build(w)
			row.check(t, w)
		})
	}
	for group, scenarios := range all {
		for name := range scenarios {
			if !used[group+name] {
				t.Errorf("%s %q is a scenario without a row", group, name)
			}
		}
	}
}

func (m measurement) check(t *testing.T, w *world.World) {
	s := load(t, w, m.release)
	for _, q := range []struct {
		purpose trust.Purpose
		want    string
		because string
	}{{trust.Issuer, m.issuer, m.issuerError}, {trust.Client, m.client, m.clientError}} {
		if q.want == "-" {
			continue
		}
		chain := w.Chain
		if q.purpose == trust.Client {
			chain = w.ClientChain()
		}
		got := trust.Chain(s, q.purpose, certificates(t, chain))
		if got.Accepted != (q.want == "accepted") {
			t.Errorf("%s: accepted is %v (%s), measured: %s\n%s", q.purpose, got.Accepted, got.Reason, q.want, story(got))
		}
		if q.because != "-" && !slices.Contains(strings.Split(q.because, "|"), string(got.Reason)) {
			t.Errorf("%s: the reason is %s, measured: %s\n%s", q.purpose, got.Reason, q.because, story(got))
		}
		if got.Accepted != (got.Reason == openssl.OK) || got.Accepted && got.Anchor == nil {
			t.Errorf("%s: accepted is %v, reason %s, anchor %v: they do not fit", q.purpose, got.Accepted, got.Reason, got.Anchor)
		}
	}
}

func story(v trust.Verdict) string {
	var b strings.Builder
	for _, s := range v.Trace {
		b.WriteString("  " + s.Text + "\n")
	}
	return b.String()
}
