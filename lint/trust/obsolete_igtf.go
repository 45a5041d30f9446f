package trust

import (
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/lint"
)

var obsoleteIGTF = &lint.Rule{
	ID:    "trust/obsolete-igtf",
	Title: "A CA of this directory was dropped by IGTF",
	Why: "IGTF drops a CA when it closes, loses its accreditation or is replaced. One that is still installed is trusted although nobody looks after it any more: " +
		"the IGTF release on this CE is old, or the CA was left behind by hand.",
	Source:   "igtf-policy packages of Debian compared (1.133, 1.134, 1.146)",
	Severity: lint.Warning,
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			var dropped []*gridsec.Certificate
			for _, c := range anchors(dir) {
				ca, known := issuers.FindGridCA(issuers.FingerprintOf(c.Raw))
				if known && ca.Fate == issuers.Dropped && !slices.Contains(dropped, c) {
					dropped = append(dropped, c)
				}
			}
			if len(dropped) > 0 {
				reportDropped(r, dir, dropped)
			}
		}
	},
}

func reportDropped(r *lint.Reporter, dir *gridsec.Dir, dropped []*gridsec.Certificate) {
	newest := issuers.IGTFReleases()[len(issuers.IGTFReleases())-1]
	for _, release := range issuers.IGTFReleases() {
		if release.Date > newest.Date {
			newest = release
		}
	}
	var names []string
	for _, c := range dropped {
		names = append(names, commonName(c.SubjectName))
	}
	installed := ""
	if v := installedIGTF(dir); v != "" {
		installed = ", IGTF " + v + " is installed here"
	}
	f := r.Path(dir.Path, "IGTF %s (%s) no longer has %d of these CAs (%s)%s, want a current release: they are trusted and nobody looks after them",
		newest.Name, newest.Date, len(dropped), strings.Join(names, ", "), installed).About("dropped CAs")
	for _, c := range dropped {
		f.RelatePath(c.File.Path, "%s", c.SubjectName)
	}
}

// installedIGTF is the release that most .info files of the directory name.
func installedIGTF(dir *gridsec.Dir) string {
	counts := map[string]int{}
	best := ""
	for _, file := range dir.Files {
		if file.CAInfo == nil || file.CAInfo.Version.Text == "" {
			continue
		}
		v := file.CAInfo.Version.Text
		counts[v]++
		if counts[v] > counts[best] || counts[v] == counts[best] && v > best {
			best = v
		}
	}
	return best
}
