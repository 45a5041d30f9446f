package dates

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"arclint/fixtures/golden"
	"arclint/internal/expiry"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func after(days float64) time.Time { return now.Add(time.Duration(days * float64(day))) }

// exampleReport has what is awkward to write: what ended, names that are long, not
// ASCII or hostile, groups, and the end of what has none.
func exampleReport() expiry.Report {
	const dir = "/etc/grid-security/certificates/"
	long := "/C=XX/O=" + strings.Repeat("Größe, Maß; \\ und ", 6) + "/CN=CA\x1b[2J"
	r := expiry.Report{Now: now, Items: []expiry.Item{
		{Ends: after(-2), Kind: expiry.CRL, Name: "/CN=Ended CA", Path: dir + "0a0a0a0a.r0", ShutOut: true, Who: "users, hosts and issuer servers with certificates of it"},
		{Ends: after(-0.1), Kind: expiry.CRL, Name: "/CN=Ended CA", Path: dir + "0a0a0a0a.r0", ShutOut: true, Who: "users"},
		{Ends: after(1), Kind: expiry.CRL, Name: "/CN=IGTF CA 1", Path: dir + "0b0b0b0b.r0", ShutOut: true, Who: "users", Bundle: expiry.IGTF},
		{Ends: after(3), Kind: expiry.HostCertificate, Name: long, Path: dir + strings.Repeat("sub/", 20) + strings.Repeat("x", 90), ShutOut: true, Who: "every client"},
	}, Endless: []expiry.Endless{{Kind: expiry.CRL, Name: "/CN=No\x1bEnd", Path: dir + "0d0d0d0d.r0", Why: "no nextUpdate: however old it is, it counts"}}, Unread: []expiry.Unread{{Path: dir + "bad\x1b.pem", Reason: "permission denied"}}}
	for n := range 4 {
		r.Items = append(r.Items, expiry.Item{Ends: after(20 + 10*float64(n)), Kind: expiry.CRL, Name: fmt.Sprintf("/CN=IGTF CA %d", n+2), Path: fmt.Sprintf("%s0c0c0c0%d.r0", dir, n), ShutOut: true, Who: "users", Bundle: expiry.IGTF})
	}
	r.Items = append(r.Items, expiry.Item{Ends: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), Kind: expiry.Anchor, Name: "/CN=For Ever", Path: dir + "ever.pem", Who: "nobody: no lookup finds it"})
	return r
}

func TestText(t *testing.T) {
	golden.CheckWriter(t, "testdata/text.txt", func(w io.Writer) error { return Text(w, exampleReport(), Options{}) })
	golden.CheckWriter(t, "testdata/within.txt", func(w io.Writer) error {
		return Text(w, exampleReport().Within(40*day), Options{All: true, Before: after(40)})
	})
	golden.CheckWriter(t, "testdata/none.txt", func(w io.Writer) error { return Text(w, expiry.Report{Now: now}, Options{}) })
}

// TestWidth: no line is wider than a terminal of 80 columns.
func TestWidth(t *testing.T) {
	var b strings.Builder
	if err := Text(&b, exampleReport(), Options{All: true}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestJSON(t *testing.T) {
	golden.CheckWriter(t, "testdata/report.json", func(w io.Writer) error { return JSON(w, exampleReport(), Options{Before: after(40)}) })
	golden.CheckWriter(t, "testdata/none.json", func(w io.Writer) error { return JSON(w, expiry.Report{Now: now}, Options{}) })
}

// TestSchema: the members of the contract, and no others, in each item.
func TestSchema(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, exampleReport(), Options{}); err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	var items, unread []map[string]any
	if err := json.Unmarshal(b.Bytes(), &all); err != nil {
		t.Fatal(err)
	}
	for name, list := range map[string]*[]map[string]any{"items": &items, "unread": &unread} {
		if err := json.Unmarshal(all[name], list); err != nil {
			t.Fatal(name, err)
		}
	}
	keys := func(m map[string]any) []string {
		var names []string
		for k := range m {
			names = append(names, k)
		}
		slices.Sort(names)
		return names
	}
	for _, i := range items {
		if got, want := keys(i), []string{"bundle", "days_left", "ended", "ends", "kind", "name", "path", "shut_out", "who"}; !slices.Equal(got, want) {
			t.Errorf("an item has %q, the contract has %q", got, want)
		}
		ends, err := time.Parse(time.RFC3339, i["ends"].(string))
		if err == nil && (ends.Before(now) != i["ended"].(bool) || ends.Before(now) != (i["days_left"].(float64) < 0)) {
			t.Errorf("%v: ends, ended and days_left do not agree", i)
		}
	}
	if len(items) != 9 || len(unread) != 1 || string(all["version"]) != "1" {
		t.Errorf("%d items, %d unread, version %s", len(items), len(unread), all["version"])
	}
}

func TestLeft(t *testing.T) {
	for days, want := range map[float64]string{-3.5: "-3 days", -0.5: "-12 hours", 0: "0 hours", 1.5: "36 hours", 2: "2 days", 400.9: "400 days", 36600: ">100 years"} {
		if got := left(now, after(days)); got != want {
			t.Errorf("%v days: %q, not %q", days, got, want)
		}
	}
}
