package dates

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"arclint/internal/expiry"
	"arclint/internal/prose"
)

// Calendar writes an event for each row (RFC 5545), for a calendar that reads the
// file anew: an event keeps its UID when the date moves. ce names the site.
func Calendar(w io.Writer, r expiry.Report, o Options, ce string) error {
	c := calendar{ce: ce, stamp: stamp(r.Now), used: map[string]int{}}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//arclint//expiry//EN")
	c.line("CALSCALE", "GREGORIAN")
	c.text("X-WR-CALNAME", "What ends on "+ce)
	for _, row := range rowsOf(r, o.All) {
		c.event(row)
	}
	c.line("END", "VCALENDAR")
	_, err := io.WriteString(w, c.b.String())
	return err
}

type calendar struct {
	b     strings.Builder
	ce    string
	stamp string
	used  map[string]int // how many events have had a UID
}

func (c *calendar) event(r row) {
	c.line("BEGIN", "VEVENT")
	c.line("UID", c.uid(r))
	c.line("DTSTAMP", c.stamp)
	c.line("DTSTART", stamp(r.Ends))
	c.text("SUMMARY", c.ce+": "+r.headline()+" ends")
	first := ""
	if r.more > 0 {
		first = "first: " + r.Name + "\n"
	}
	c.text("DESCRIPTION", first+r.Path+"\nshut out: "+r.Who)
	c.line("TRANSP", "TRANSPARENT")
	c.line("END", "VEVENT")
}

// uid is the same for one thing in every run, whenever it ends: its kind, its path
// and its name, on this CE (RFC 7986 section 5.3 wants nothing else to be seen in it).
func (c *calendar) uid(r row) string {
	thing := []string{c.ce, string(r.Kind), r.Path, r.Name}
	if r.more > 0 {
		thing = []string{c.ce, string(r.Kind), "of " + string(r.Bundle)}
	}
	sum := sha256.Sum256([]byte(strings.Join(thing, "\x00")))
	id := hex.EncodeToString(sum[:16])
	c.used[id]++
	if n := c.used[id]; n > 1 {
		id += fmt.Sprintf("-%d", n)
	}
	return id
}

// stamp is a time as RFC 5545 section 3.3.5 writes it in UTC. Its year has four
// digits, as that of a certificate.
func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// text writes a property whose value is a text (RFC 5545 section 3.3.11).
func (c *calendar) text(name, value string) {
	var lines []string
	for line := range strings.SplitSeq(value, "\n") {
		lines = append(lines, prose.Safe(line))
	}
	c.line(name, strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(strings.Join(lines, "\n")))
}

// octets is how long a line may be, without its end (RFC 5545 section 3.1).
const octets = 75

// line writes a content line, folded between characters.
func (c *calendar) line(name, value string) {
	rest, room := name+":"+value, octets
	for len(rest) > room {
		cut := room
		for cut > 1 && !utf8.RuneStart(rest[cut]) {
			cut--
		}
		c.b.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], octets-1
	}
	c.b.WriteString(rest + "\r\n")
}
