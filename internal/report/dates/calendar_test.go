package dates

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"arclint/fixtures/golden"
	"arclint/internal/expiry"
)

func TestCalendar(t *testing.T) {
	golden.CheckWriter(t, "testdata/report.ics", func(w io.Writer) error { return Calendar(w, exampleReport(), Options{}, "ce.example.org") })
	golden.CheckWriter(t, "testdata/none.ics", func(w io.Writer) error { return Calendar(w, expiry.Report{Now: now}, Options{}, "/") })
}

// TestCalendarRead reads it back by the rules of RFC 5545, without a line of the
// writer.
func TestCalendarRead(t *testing.T) {
	r := exampleReport()
	events := readCalendar(t, written(t, r))
	if len(events) != len(r.Items) {
		t.Fatalf("%d events of %d items", len(events), len(r.Items))
	}
	uids := map[string]bool{}
	for n, e := range events {
		uid := e["UID"]
		if uid == "" || uids[uid] {
			t.Errorf("event %d: UID %q is missing or used twice", n, uid)
		}
		uids[uid] = true
		if e["DTSTAMP"] != "20261123T120000Z" {
			t.Errorf("event %d: DTSTAMP %s", n, e["DTSTAMP"])
		}
		start, err := time.Parse("20060102T150405Z", e["DTSTART"])
		if want := r.Items[n].Ends; err != nil || !start.Equal(want) {
			t.Errorf("event %d: DTSTART %s, ends %s", n, e["DTSTART"], want)
		}
		name := strings.ReplaceAll(r.Items[n].Name, "\x1b", `\x1B`)
		if text := unescape(t, e["SUMMARY"]); !strings.HasPrefix(text, "ce.example.org: ") || !strings.Contains(text, name) {
			t.Errorf("event %d: %q does not name %q", n, text, name)
		}
		lines := strings.Split(unescape(t, e["DESCRIPTION"]), "\n")
		if len(lines) != 2 || lines[0] != r.Items[n].Path || lines[1] != "shut out: "+r.Items[n].Who {
			t.Errorf("event %d: %q", n, lines)
		}
	}
}

// TestStableUID: an event keeps its UID when the date moves, and so the calendar
// moves it.
func TestStableUID(t *testing.T) {
	r := exampleReport()
	before := readCalendar(t, written(t, r))
	r.Now = r.Now.Add(day)
	for i := range r.Items {
		r.Items[i].Ends = r.Items[i].Ends.Add(30 * day)
	}
	for n, e := range readCalendar(t, written(t, r)) {
		if e["UID"] != before[n]["UID"] {
			t.Errorf("event %d: UID %s became %s", n, before[n]["UID"], e["UID"])
		}
	}
}

func written(t *testing.T, r expiry.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Calendar(&b, r, Options{All: true}, "ce.example.org"); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// readCalendar gives the properties of each event, values as they were written.
func readCalendar(t *testing.T, data []byte) []map[string]string {
	t.Helper()
	lines := bytes.Split(data, []byte("\r\n"))
	if last := lines[len(lines)-1]; len(last) > 0 || bytes.Count(data, []byte("\n")) != len(lines)-1 || bytes.Count(data, []byte("\r")) != len(lines)-1 {
		t.Fatal("a line does not end with CR LF")
	}
	var unfolded []string
	for _, line := range lines[:len(lines)-1] {
		if len(line) > 75 || !utf8.Valid(line) || bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			t.Errorf("%d octets, or half a character, or a control: %q", len(line), line)
		}
		if rest, folded := bytes.CutPrefix(line, []byte(" ")); folded && len(unfolded) > 0 {
			unfolded[len(unfolded)-1] += string(rest)
			continue
		}
		unfolded = append(unfolded, string(line))
	}
	if unfolded[0] != "BEGIN:VCALENDAR" || unfolded[1] != "VERSION:2.0" || !strings.HasPrefix(unfolded[2], "PRODID:") || unfolded[len(unfolded)-1] != "END:VCALENDAR" {
		t.Fatalf("is no calendar: %q", unfolded)
	}
	return eventsIn(t, unfolded[3:len(unfolded)-1])
}

func eventsIn(t *testing.T, lines []string) (events []map[string]string) {
	t.Helper()
	var open map[string]string
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		switch {
		case !ok || name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "":
			t.Errorf("%q is no property", line)
		case line == "BEGIN:VEVENT" && open == nil:
			open = map[string]string{}
		case line == "END:VEVENT" && open != nil:
			events, open = append(events, open), nil
		case open != nil && open[name] != "":
			t.Errorf("%s stands twice in an event", name)
		case open != nil:
			open[name] = value
		}
	}
	if open != nil {
		t.Error("an event does not end")
	}
	return events
}

// unescape reads a text, in which a comma, a semicolon and a backslash must not
// stand alone.
func unescape(t *testing.T, value string) string {
	t.Helper()
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == ',' || c == ';':
			t.Errorf("%q has a bare %c", value, c)
		case c != '\\':
			b.WriteByte(c)
		case i+1 == len(value):
			t.Errorf("%q ends with a backslash", value)
		default:
			i++
			switch value[i] {
			case 'n', 'N':
				b.WriteByte('\n')
			case '\\', ',', ';':
				b.WriteByte(value[i])
			default:
				t.Errorf("%q has an unknown escape", value)
			}
		}
	}
	return b.String()
}
