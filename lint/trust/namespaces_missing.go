package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var namespacesMissing = &lint.Rule{
	ID:    "trust/namespaces-missing",
	Title: "A grid CA of this directory has no namespaces file",
	Why: "IGTF gives most CAs a .namespaces file. No ARC release reads it, but VOMS, dCache and other Java services on the same directory do. " +
		"A CA that IGTF does not know and that has none was mostly added by hand.",
	Source:   "arc-behaviour E1",
	Impact:   lint.Hygiene,
	Facts:    []string{"E1"},
	Severity: lint.Note,
	Effect:   "No ARC release reads it. VOMS, dCache and other Java services on this directory do.",
	Action:   "Get the file from the distribution of the CA, if software other than ARC reads this directory.",
	Recipe:   lint.Manual,
	ByHand: `Get the file from the distribution of the CA. If the CA is one of your own,
write HASH.namespaces, with the names that it gives:

    TO Issuer "/DC=org/DC=example/CN=Example CA" \
      PERMIT Subject "/DC=org/DC=example/.*"

If the CA was only added for a try, remove it. Check the directory:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			if !d.usesNamespaces() {
				continue
			}
			for _, c := range d.anchors {
				if maySign(c) && d.namespacesOf(c) == nil && !distributed(c) && !addedPublic(c) && !s.Now.After(c.NotAfter) {
					r.Path(c.File.Path, "there is no .namespaces file for %s, while other CAs here have one", commonName(c.SubjectName)).About(c.SubjectName)
				}
			}
		}
	},
}

// usesNamespaces says whether the directory has such files at all.
func (d *directory) usesNamespaces() bool {
	for _, file := range d.Files {
		if file.Namespaces != nil {
			return true
		}
	}
	return false
}

func (d *directory) namespacesOf(c *gridsec.Certificate) *gridsec.File {
	for _, file := range d.companions(c.File) {
		if file.Namespaces != nil {
			return file
		}
	}
	return nil
}
