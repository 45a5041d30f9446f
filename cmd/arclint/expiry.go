package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"arclint/internal/expiry"
	"arclint/internal/prose"
	"arclint/internal/report/dates"
	"arclint/internal/site"
	"arclint/internal/trust"
)

func expiryCommand() *cli.Command {
	return &cli.Command{
		Name:  "expiry",
		Usage: "show what ends when, and who is shut out then",
		Description: "Sorted by date: the host certificate, the CAs where this CE looks, the CRLs, certificates in\n" +
			"vomsdir, pinned keys that carry a date, and what issuers serve (--evidence). Many CAs of one\n" +
			"distribution, and their CRLs, share a line until the first of them ends soon; --verbose gives\n" +
			"each its own. JSON always has all. What could not be read is listed at the end.\n\n" +
			"   arclint expiry\n" +
			"   arclint expiry --within 30d\n" +
			"   arclint expiry --root ce.tar.gz --now 2026-11-23T12:00:00Z\n" +
			"   arclint expiry --format ical >/var/www/html/ce.ics   for a calendar that reads it anew\n" +
			"   arclint expiry --format json --example dune\n\n" +
			"Exit: 0, 2 usage, 3 the site could not be read. `arclint check --within 30d` makes findings of it.",
		Flags: siteFlags(
			formatFlag("text", "json", "ical"),
			withinFlag("show only what ends within the `TIME` from now: 30d, 4w, 12h"),
		),
		Action: showExpiry,
	}
}

func showExpiry(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	format, err := formatOf(c, "text", "json", "ical")
	if err != nil {
		return err
	}
	o, err := openRoot(c)
	if err != nil {
		return err
	}
	o.confine(c)
	s, err := o.loadUsed()
	if err != nil {
		return err
	}
	r, options := expiry.Of(s), dates.Options{All: c.Bool("verbose")}
	if c.IsSet("within") {
		r, options.Before = r.Within(s.Within), s.Now.Add(s.Within)
	}
	switch format {
	case "json":
		return dates.JSON(c.App.Writer, r, options)
	case "ical":
		tellUnread(c, r.Unread) // a calendar has no place for it
		return dates.Calendar(c.App.Writer, r, options, ceName(s))
	}
	return dates.Text(c.App.Writer, r, options)
}

func tellUnread(c *cli.Context, unread []expiry.Unread) {
	for i, u := range unread {
		if i == maxTold {
			_, _ = fmt.Fprintf(c.App.ErrWriter, "arclint: not read: %d more; `arclint expiry` names them\n", len(unread)-i)
			return
		}
		_, _ = fmt.Fprintf(c.App.ErrWriter, "arclint: not read: %s: %s\n", prose.Safe(u.Path), prose.Safe(u.Reason))
	}
}

// ceName is the name of the CE for people: that of arc.conf, else of its
// certificate, else where it was read.
func ceName(s *site.Site) string {
	name, _, _ := s.Written("common", "hostname")
	if chain, _ := trust.HostChain(s); name == "" && len(chain) > 0 {
		name = chain[0].SubjectName
	}
	return cmp.Or(name, s.Root)
}

func withinFlag(usage string) cli.Flag { return &cli.StringFlag{Name: "within", Usage: usage} }

// withinOf is the time of --within, zero where it is not given.
func withinOf(c *cli.Context) (time.Duration, error) {
	if !c.IsSet("within") {
		return 0, nil
	}
	text := strings.TrimSpace(c.String("within"))
	span, ok := parseSpan(text)
	if !ok {
		return 0, usageError("--within %q is no time; write days, weeks or hours such as 30d, 4w, 12h", text)
	}
	return span, nil
}

// maxSpan keeps a time that is added to a clock in the range of one.
const maxSpan = 100 * 365 * 24 * time.Hour

// parseSpan reads numbers with a unit each: 30d, 1w2d, 12h.
func parseSpan(text string) (span time.Duration, ok bool) {
	units := map[byte]time.Duration{'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	for text != "" {
		digits := strings.TrimLeft(text, "0123456789")
		if digits == "" {
			return 0, false
		}
		n, err := strconv.ParseUint(text[:len(text)-len(digits)], 10, 32)
		unit := units[digits[0]]
		if err != nil || unit == 0 || n > uint64(maxSpan/unit) {
			return 0, false
		}
		span += time.Duration(n) * unit
		text, ok = digits[1:], true
		if span > maxSpan {
			return 0, false
		}
	}
	return span, ok
}
