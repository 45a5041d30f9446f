package trust

import (
	"fmt"
	"time"

	"arclint/internal/site"
	"arclint/lint"
)

// lastCall is the time before its nextUpdate at which a CRL should have been
// renewed: fetch-crl runs every six hours.
const lastCall = 48 * time.Hour

// reissued is the time before its nextUpdate until which the CA has issued the next
// one (IGTF Classic Authentication Profile: at least seven days), less the day in
// which it is fetched.
const reissued = 6 * 24 * time.Hour

// ahead is how long before its end a CRL is reported.
func ahead(s *site.Site, i issued) time.Duration {
	life := i.crl.NextUpdate.Sub(i.crl.ThisUpdate)
	return max(min(lastCall, life/3), min(s.Within, reissued, life/5))
}

var crlEnding = &lint.Rule{
	ID:    "trust/crl-ending",
	Title: "A CRL expires within two days",
	Why: "CAs issue a new CRL days before the old one expires, and fetch-crl fetches it within hours. " +
		"A CRL that has two days left, or the last third of a shorter life, was not renewed in time. " +
		"When it expires, OpenSSL refuses every certificate that the CA gave to a user or host. " +
		"If other CRLs here are newer, fetch-crl runs, and the address of this CA gives nothing new. " +
		"`arclint check --within 1w` looks up to six days ahead, since CAs of IGTF issue the next CRL seven days before. Before that, it is normal that nothing new is there. " +
		"For a copy of a site the rule speaks only if the time of the copy is known.",
	Source:   "arc-behaviour D9, S9; RFC 5280 section 5.1.2.5; fetch-crl(8)",
	Impact:   lint.Outage,
	Facts:    []string{"D9", "S9"},
	Severity: lint.Warning,
	Recipe:   "refresh-crls",
	Check: func(s *site.Site, r *lint.Reporter) {
		ending := endingCRLs(s)
		if newest := newestCRL(s); len(ending) > 0 && s.Aged && s.Now.Sub(newest) > lastCall {
			r.Skip("the newest CRL of this copy is from %s, so it is not known whether CRLs are renewed; give --now with the time of the copy", newest.UTC().Format(day))
			return
		}
		for _, d := range trustDirs(s) {
			reportEnding(s, r, d, ending[d])
		}
	},
}

// endingCRLs are, by directory, the last CRLs of CAs that end soon.
func endingCRLs(s *site.Site) map[*directory][]issued {
	type place struct {
		dir  *directory
		hash uint32
	}
	last, endless := map[place]time.Time{}, map[place]bool{}
	counts := func(i issued) bool { return current(s, i.crl) && (i.signed || i.doubt != "" || i.ca == nil) }
	for _, i := range issuedCRLs(s) {
		if at := (place{i.dir, i.crl.IssuerHash}); counts(i) {
			endless[at] = endless[at] || i.crl.NextUpdate.IsZero()
			if i.crl.NextUpdate.After(last[at]) {
				last[at] = i.crl.NextUpdate
			}
		}
	}
	ending := map[*directory][]issued{}
	for _, i := range issuedCRLs(s) {
		at := place{i.dir, i.crl.IssuerHash}
		left := i.crl.NextUpdate.Sub(s.Now)
		if !counts(i) || endless[at] || !i.crl.NextUpdate.Equal(last[at]) || left > ahead(s, i) || i.ca != nil && s.Now.After(i.ca.NotAfter) {
			continue
		}
		ending[i.dir] = append(ending[i.dir], i)
		endless[at] = true // a second copy of it says nothing new
	}
	return ending
}

// newestCRL is when the newest CRL was issued, of all that are in force.
func newestCRL(s *site.Site) time.Time {
	return site.Once(s, newestKey{}, func() (newest time.Time) {
		for _, i := range issuedCRLs(s) {
			if current(s, i.crl) && i.crl.ThisUpdate.After(newest) {
				newest = i.crl.ThisUpdate
			}
		}
		return newest
	})
}

type newestKey struct{}

// reportEnding says it once for a directory: what keeps one CRL from being renewed
// mostly keeps others too.
func reportEnding(s *site.Site, r *lint.Reporter, d *directory, ending []issued) {
	const most = 3 // that have a finding each
	if len(ending) <= most {
		for _, i := range ending {
			why, action := whyEnding(s, i)
			r.Path(i.path(), "the CRL of %s expires in %s", commonName(i.crl.IssuerName), hours(i, s)).
				Means("From %s on, ARC refuses the users and hosts of this CA. %s", minute(i.crl.NextUpdate), why).Do("%s", action).
				About(i.crl.IssuerName).With("path", i.path())
		}
		return
	}
	first := ending[0]
	for _, i := range ending {
		if i.crl.NextUpdate.Before(first.crl.NextUpdate) {
			first = i
		}
	}
	why, action := whyEnding(s, first)
	f := r.Path(d.Path, "%d CRLs expire soon, the first in %s", len(ending), hours(first, s)).
		Means("When a CRL expires, ARC refuses the users and hosts of its CA: from %s on for the first. %s", minute(first.crl.NextUpdate), why).Do("%s", action).
		About("CRLs")
	for _, i := range ending {
		f.RelatePath(i.path(), "of %s, expires on %s", commonName(i.crl.IssuerName), minute(i.crl.NextUpdate))
	}
}

// whyEnding tells a host that fetches nothing from a CA that publishes nothing: in
// the first case no CRL is younger than a day or two.
func whyEnding(s *site.Site, i issued) (why, action string) {
	newest := newestCRL(s)
	if newest.After(i.crl.ThisUpdate) && s.Now.Sub(newest) < lastCall {
		return fmt.Sprintf("Another CRL here is from %s, so fetch-crl runs; this one is from %s.", newest.UTC().Format(day), i.crl.ThisUpdate.UTC().Format(day)),
			"See what fetch-crl says about this CA."
	}
	return fmt.Sprintf("No CRL here was issued after %s.", newest.UTC().Format(day)), "See whether fetch-crl runs on this host."
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func hours(i issued, s *site.Site) string {
	left := int(i.crl.NextUpdate.Sub(s.Now) / time.Hour)
	if left == 1 {
		return "1 hour"
	}
	return fmt.Sprintf("%d hours", left)
}
