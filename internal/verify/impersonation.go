package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"time"

	"arclint/internal/gridsec"
	"arclint/internal/site"
)

// Anchors gives the certificates under which a chain for the purpose can be
// accepted at that time: those that OpenSSL finds, in the order of the
// directories, each once. A self-signed end-entity certificate is none.
func (e *Engine) Anchors(p Purpose, now time.Time) []*gridsec.Certificate {
	var list []*gridsec.Certificate
	for _, f := range e.anchors(p, now) {
		list = append(list, f.Certificate)
	}
	return list
}

func (e *Engine) anchors(p Purpose, now time.Time) []*facts {
	var list []*facts
	c := e.Store.open(e.Profile)
	seen := map[string]bool{}
	for _, f := range e.Store.all() {
		if seen[f.subject] {
			continue
		}
		seen[f.subject] = true
		for _, found := range c.certificates(f.subject, f.Hash) {
			if e.canAnchor(found, p, now.Truncate(time.Second)) {
				list = append(list, found)
			}
		}
	}
	return list
}

// canAnchor makes of a certificate alone the checks that verify makes of the
// last one of a path.
func (e *Engine) canAnchor(f *facts, p Purpose, now time.Time) bool {
	return f.trust(p, true) == trusted &&
		!f.critical && f.ca() != notCA &&
		(f.trust(p, false) == trusted || f.allows(p, true)) &&
		securityBits(f.PublicKey) >= levelBits(e.Profile.Level) &&
		(validAt(f, now) || !f.selfSigned)
}

// impersonation says who holds certificates that the fetch accepts.
func (a *assessor) impersonation() (ImpersonationBy, string) {
	var public []*facts
	for _, f := range a.anchors {
		if a.isPublic(f.Certificate) {
			public = append(public, f)
		}
	}
	switch {
	case len(public) > 0:
		return ByPublic, "the fetch of issuer keys trusts " + count(len(public), "public root") + ": " + few(subjects(public)) +
			", does not compare the certificate with the host name and looks at no signing policy"
	case len(a.anchors) == 0 && a.site.NotCopied(site.GridCADir):
		return ByUnknown, site.GridCADir + " is not in this root"
	case a.unreadable() != "":
		return ByUnknown, a.unreadable()
	case len(a.anchors) > 0:
		return ByGrid, "the fetch of issuer keys trusts " + count(len(a.anchors), "CA") + " and does not compare the certificate with the host name"
	}
	return ByNobody, "the fetch of issuer keys finds no usable trust anchor, so that none succeeds"
}

// unreadable names what could hold anchors and could not be read.
func (a *assessor) unreadable() string {
	for _, d := range a.fetch.Store.dirs {
		if d.Err != nil && !errors.Is(d.Err, fs.ErrNotExist) {
			return d.Path + " could not be read: " + d.Err.Error()
		}
		for _, e := range d.Entries {
			if errors.Is(e.Err, fs.ErrPermission) && hashName.MatchString(e.Name) {
				return e.Path + " could not be read: " + e.Err.Error()
			}
		}
	}
	return ""
}

// hashName is the form of the names that OpenSSL looks up.
var hashName = regexp.MustCompile(`^[0-9a-f]{8}\.[0-9]+$`)

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// few lists at most eight names.
func few(names []string) string {
	const limit = 8
	if len(names) <= limit {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:limit], ", ") + fmt.Sprintf(" and %d more", len(names)-limit)
}
