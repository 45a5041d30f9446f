package trust

import (
	"strconv"
	"strings"
	"time"

	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var igtfAge = &lint.Rule{
	ID:    "trust/igtf-age",
	Title: "The IGTF distribution on this CE is old",
	Why: "IGTF publishes a release about every month, with new and renewed CAs and without those that lost their accreditation. Until it is installed, ARC refuses the users of the new CAs, and still trusts those that left. " +
		"EGI asks its sites to install one within a week. arclint compares with the newest release that was known when it was built.",
	Source:   "IGTF .info format (version); igtf-policy packages of Debian compared",
	Impact:   lint.Hygiene,
	Severity: lint.Note,
	Effect:   "ARC refuses users of CAs that are new since then, and still trusts CAs that lost their accreditation since then.",
	Action:   "Install a current IGTF release.",
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			newest := newestIGTF()
			at, version := d.oldestIGTF()
			if version == "" || compareDotted(version, newest.Name) >= 0 {
				continue
			}
			f := r.At(at, "IGTF %s is installed; %s came out on %s", version, newest.Name, newest.Date).About("IGTF release")
			if published, err := time.Parse(time.DateOnly, newest.Date); err == nil && s.Now.Sub(published) > year {
				f.As(lint.Warning).Headlined("%s, more than a year ago", f.Headline)
			}
		}
	},
}

const year = 365 * 24 * time.Hour

// oldestIGTF is the oldest release that the .info files of installed CAs name,
// and a place that does.
func (d *directory) oldestIGTF() (at source.Span, version string) {
	for _, c := range d.anchors {
		if !distributed(c) {
			continue // a site may give a CA of its own any version
		}
		for _, file := range d.companions(c.File) {
			if file.CAInfo == nil || file.CAInfo.Version.Text == "" {
				continue
			}
			if v := file.CAInfo.Version; version == "" || compareDotted(v.Text, version) < 0 {
				at, version = v.Span, v.Text
			}
		}
	}
	return at, version
}

// compareDotted compares release numbers such as 1.9 and 1.146 part by part.
func compareDotted(a, b string) int {
	for a != "" || b != "" {
		var headA, headB string
		headA, a, _ = strings.Cut(a, ".")
		headB, b, _ = strings.Cut(b, ".")
		numA, _ := strconv.Atoi(headA)
		numB, _ := strconv.Atoi(headB)
		if numA != numB {
			return numA - numB
		}
	}
	return 0
}
