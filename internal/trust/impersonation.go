package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/pattern"
	"arclint/internal/prose"
	"arclint/internal/site"
)

// impersonation says who holds certificates that the fetch accepts.
func (a *assessor) impersonation() (ImpersonationBy, string) {
	var public []*gridsec.Certificate
	for _, c := range a.anchors {
		if a.isPublic(c) {
			public = append(public, c)
		}
	}
	switch {
	case len(public) > 0:
		return ByPublic, "the fetch of issuer keys trusts " + prose.Plural(len(public), "public root") + ": " + few(subjects(public)) +
			", does not compare the certificate with the host name and looks at no signing policy"
	case len(a.anchors) == 0 && a.site.NotCopied(site.GridCADir):
		return ByUnknown, site.GridCADir + " is not in this root"
	case a.hidden != "":
		return ByUnknown, a.hidden
	case len(a.anchors) > 0:
		return ByGrid, "the fetch of issuer keys trusts " + prose.Plural(len(a.anchors), "CA") + " and does not compare the certificate with the host name"
	}
	return ByNobody, "the fetch of issuer keys finds no usable trust anchor, so that none succeeds"
}

// unreadable names what could hold anchors and could not be read.
func (a *assessor) unreadable() string {
	for _, d := range a.fetch.Store.Dirs() {
		if d.Err != nil && !errors.Is(d.Err, fs.ErrNotExist) {
			return d.Path + " could not be read: " + d.Err.Error()
		}
		for _, e := range d.Entries {
			if e.Unseen() && hashName().MatchString(e.Name) {
				return e.Path + " could not be read: " + e.Err.Error()
			}
		}
	}
	return ""
}

// hashName is the form of the names that OpenSSL looks up.
var hashName = pattern.OnDemand(`^[0-9a-f]{8}\.[0-9]+$`)

// few lists at most eight names.
func few(names []string) string {
	const limit = 8
	if len(names) <= limit {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:limit], ", ") + fmt.Sprintf(" and %d more", len(names)-limit)
}
