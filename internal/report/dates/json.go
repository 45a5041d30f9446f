package dates

import (
	"io"
	"time"

	"arclint/internal/expiry"
	"arclint/internal/report"
)

// The types below are the machine contract, version 1; arrays are never null.

type reportJSON struct {
	Version int           `json:"version"`
	Now     string        `json:"now"`    // RFC 3339, as all times
	Before  string        `json:"before"` // of --within; else empty
	Items   []itemJSON    `json:"items"`
	Endless []endlessJSON `json:"endless"` // what carries no date
	Unread  []unreadJSON  `json:"unread"`
}

type endlessJSON struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	Path string `json:"path"`
	Why  string `json:"why"`
}

type itemJSON struct {
	Ends     string `json:"ends"`
	Ended    bool   `json:"ended"`
	DaysLeft int    `json:"days_left"` // whole days, below zero for what has ended
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Path     string `json:"path"`
	ShutOut  bool   `json:"shut_out"` // somebody is, then
	Who      string `json:"who"`      // or why nobody
	Bundle   string `json:"bundle"`   // igtf, system or empty
}

type unreadJSON struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

// JSON writes each item as the machine contract says.
func JSON(w io.Writer, r expiry.Report, o Options) error {
	out := reportJSON{Version: 1, Now: r.Now.UTC().Format(time.RFC3339), Items: []itemJSON{}, Endless: []endlessJSON{}, Unread: []unreadJSON{}}
	if !o.Before.IsZero() {
		out.Before = o.Before.UTC().Format(time.RFC3339)
	}
	for _, i := range r.Items {
		out.Items = append(out.Items, itemJSON{
			Ends: i.Ends.UTC().Format(time.RFC3339), Ended: r.Ended(i), DaysLeft: wholeDays(r.Now, i.Ends),
			Kind: string(i.Kind), Name: i.Name, Path: i.Path, ShutOut: i.ShutOut, Who: i.Who, Bundle: string(i.Bundle),
		})
	}
	for _, e := range r.Endless {
		out.Endless = append(out.Endless, endlessJSON{string(e.Kind), e.Name, e.Path, e.Why})
	}
	for _, u := range r.Unread {
		out.Unread = append(out.Unread, unreadJSON(u))
	}
	return report.JSON(w, out)
}

// wholeDays rounds down: what ended an hour ago has -1 days left. A Duration would
// be too short for the year 9999.
func wholeDays(now, ends time.Time) int {
	const seconds = 24 * 60 * 60
	left := ends.Unix() - now.Unix()
	days := left / seconds
	if left < 0 && left%seconds != 0 {
		days--
	}
	return int(days)
}
