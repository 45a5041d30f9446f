package trust

import (
	"slices"
	"strings"
	"time"

	"arclint/internal/site"
	"arclint/lint"
)

var crlNotRenewed = &lint.Rule{
	ID:    "trust/crl-not-renewed",
	Title: "Nothing on this host renews the CRLs",
	Why: "CRLs are valid for days or weeks. When they expire, OpenSSL refuses every certificate of their CAs, all on about one day. " +
		"fetch-crl renews them when a timer or cron runs it. Debian's package installs both and enables neither: " +
		"the entry of cron does nothing without its lock file, and fetch-crl.timer has to be enabled. " +
		"arclint looks for an enabled timer and for an entry of cron that names fetch-crl, or anything with crl in its name or script. " +
		"The finding is a note if a CRL is less than a day old, since something then renews them. It is also a note if a copy of the site does not hold all places. " +
		"If another host keeps the directory, suppress the finding with a reason.",
	Source:   "fetch-crl 3.0.22-2 of Debian: /etc/cron.d/fetch-crl, fetch-crl.timer and postinst; systemctl(1); crontab(5)",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Action:   "Enable fetch-crl.timer.",
	Recipe:   "refresh-crls",
	Check: func(s *site.Site, r *lint.Reporter) {
		dir := renewedHere(s)
		if dir == nil || s.Renewal.Found != "" {
			return
		}
		switch {
		case s.Renewal.None:
			r.Skip("there is neither /etc/cron.d nor /etc/systemd here, so it is not known what renews the CRLs")
			return
		case s.Renewal.Unread != "":
			r.Skip("%s could not be looked at, so it is not known what renews the CRLs", s.Renewal.Unread)
			return
		}
		f := r.Path(dir.Path, "no enabled timer and no entry of cron runs fetch-crl to renew the CRLs").
			Means("%s", whenNotRenewed(s.Renewal)).Lists(s.Renewal.Missing).About("renewal")
		if s.Aged || len(s.Renewal.Missing) > 0 || s.Now.Sub(newestCRL(s)) < 24*time.Hour {
			f.As(lint.Note)
		}
	},
}

// whenNotRenewed says what happens, what is here and does not renew the CRLs, and
// whether arclint saw all.
func whenNotRenewed(r site.Renewal) string {
	text := "When the CRLs expire, ARC refuses the users and hosts of their CAs."
	if r.Idle != "" {
		text += " " + r.Idle + " does not renew them: " + r.Why + "."
	}
	if len(r.Missing) > 0 {
		text += " This copy lacks places where a timer or an entry of cron can be."
	}
	return text
}

// renewedHere is a directory with CRLs that this host has to renew, nil where there
// is none: one to which a link leads, on /cvmfs or another file system, is kept by
// somebody else.
func renewedHere(s *site.Site) *directory {
	list := issuedCRLs(s)
	at := slices.IndexFunc(list, func(i issued) bool { return i.dir.Resolved == i.dir.Path && strings.HasPrefix(i.path(), "/etc/") })
	if at < 0 {
		return nil
	}
	return list[at].dir
}
