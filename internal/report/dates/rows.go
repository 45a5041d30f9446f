// Package dates writes what of a site ends and who is shut out then: as a table,
// as JSON, and as a calendar. It decides nothing but what stands in one line.
package dates

import (
	"fmt"
	"time"

	"arclint/internal/expiry"
	"arclint/internal/prose"
)

// row is a line of the table or an event of the calendar: one item, or several of a
// bundle that somebody else renews.
type row struct {
	expiry.Item        // the first that ends
	more        int    // how many stand behind it
	last        string // the day of the last of them
}

const (
	day = 24 * time.Hour
	// Until then each item has a row of its own. IGTF publishes successors of CAs a
	// month ahead; a CRL that ends in two days was not renewed.
	soonCA, soonCRL = 30 * day, 2 * day
	// fewest is how many make a group.
	fewest = 3
	// maxSpan is where days are counted no more.
	maxSpan = 100 * 365 * day
)

// group is what is put together.
type group struct {
	kind   expiry.Kind
	bundle expiry.Bundle
}

// groupOf says which group an item belongs to; ok is false for what has a row of
// its own.
func groupOf(r expiry.Report, i expiry.Item) (g group, ok bool) {
	soon := soonCA
	if i.Kind == expiry.CRL {
		soon = soonCRL
	}
	return group{i.Kind, i.Bundle}, i.Bundle != expiry.NoBundle && i.Ends.After(r.Now.Add(soon))
}

// rowsOf are the rows in the order of the dates. With all each item has one.
func rowsOf(r expiry.Report, all bool) []row {
	size := map[group]int{}
	for _, i := range r.Items {
		if g, ok := groupOf(r, i); ok {
			size[g]++
		}
	}
	var rows []row
	at := map[group]int{}
	for _, i := range r.Items {
		g, ok := groupOf(r, i)
		if all || !ok || size[g] < fewest {
			rows = append(rows, row{Item: i})
			continue
		}
		if n, begun := at[g]; begun {
			rows[n].more++
			rows[n].last = i.Ends.UTC().Format(time.DateOnly)
			continue
		}
		at[g] = len(rows)
		rows = append(rows, row{Item: i})
	}
	return rows
}

// title is what ends, for the table.
func (r row) title() string {
	if r.more == 0 {
		return r.headline()
	}
	return fmt.Sprintf("%s: this is the first, the last ends on %s", r.set(), r.last)
}

// headline is what ends on that day.
func (r row) headline() string {
	if r.more == 0 {
		return kindName(r.Kind) + " " + r.Name
	}
	return "the first of " + r.set()
}

// set is the group.
func (r row) set() string {
	noun := "CA"
	if r.Kind == expiry.CRL {
		noun = "CRL"
	}
	return prose.Plural(r.more+1, noun) + " of " + owner(r.Bundle)
}

func kindName(k expiry.Kind) string {
	switch k {
	case expiry.HostCertificate:
		return "host certificate"
	case expiry.HostChain:
		return "CA sent with the host certificate,"
	case expiry.Anchor:
		return "CA"
	case expiry.CRL:
		return "CRL of"
	case expiry.VOMSCertificate:
		return "VOMS certificate"
	case expiry.PinnedKey:
		return "pinned key of"
	case expiry.Evidence:
		return "sent by an issuer's server,"
	}
	return string(k)
}

func owner(b expiry.Bundle) string {
	if b == expiry.System {
		return "the operating system"
	}
	return "IGTF"
}

// left says how long it is until then, in the width of its column.
func left(now, ends time.Time) string {
	switch span := ends.Sub(now); {
	case span > maxSpan:
		return ">100 years" // a Duration ends at 292
	case span < -day:
		return "-" + prose.Plural(int(-span/day), "day")
	case span < 0:
		return "-" + prose.Plural(int(-span/time.Hour), "hour")
	case span < 2*day:
		return prose.Plural(int(span/time.Hour), "hour")
	default:
		return prose.Plural(int(span/day), "day")
	}
}
