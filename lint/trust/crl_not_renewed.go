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
	Why: "CRLs live for days or weeks. When they end, OpenSSL refuses every certificate of their CAs, all on about one day. fetch-crl renews them when a timer or cron runs it. Debian's package brings both and enables neither: " +
		"the entry of cron does nothing without its lock file, and fetch-crl.timer has to be enabled. arclint looks for a timer that is enabled and for an entry of cron that names fetch-crl, or anything with crl in its name or script. " +
		"It is a note where a CRL is not a day old, since something then renews them, or where a copy of the site does not hold all places. Where another host keeps the directory, suppress it with a reason.",
	Source:   "fetch-crl 3.0.22-2 of Debian: /etc/cron.d/fetch-crl, fetch-crl.timer and postinst; systemctl(1); crontab(5)",
	Severity: lint.Warning,
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
		message := "nothing here renews the CRLs: neither an enabled timer of systemd nor an entry of cron runs fetch-crl"
		if s.Renewal.Idle != "" {
			message += " (" + s.Renewal.Idle + ": " + s.Renewal.Why + ")"
		}
		message += ". When they end, the users and hosts of their CAs are refused. Enable fetch-crl.timer"
		if len(s.Renewal.Missing) > 0 {
			message += "; not in this copy: " + strings.Join(s.Renewal.Missing, ", ")
		}
		f := r.Path(dir.Path, "%s", message).About("renewal")
		if s.Aged || len(s.Renewal.Missing) > 0 || s.Now.Sub(newestCRL(s)) < 24*time.Hour {
			f.As(lint.Note)
		}
	},
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
