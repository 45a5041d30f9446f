package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var namespacesMissing = &lint.Rule{
	ID:    "trust/namespaces-missing",
	Title: "A grid CA of this directory has no namespaces file",
	Why: "IGTF gives each CA a .namespaces file. No ARC release reads it, but VOMS, dCache and other Java services on the same directory do. " +
		"A CA without one was mostly added by hand.",
	Source:   "arc-behaviour E1",
	Facts:    []string{"E1"},
	Severity: lint.Note,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			if !usesNamespaces(dir) {
				continue
			}
			for _, c := range anchors(dir) {
				if maySign(c) && namespacesOf(dir, c) == nil {
					r.Path(c.File.Path, "%s has no .namespaces file while other CAs here have one, want it if software other than ARC reads this directory", c.SubjectName).About(c.SubjectName)
				}
			}
		}
	},
}

// usesNamespaces says whether the directory has such files at all.
func usesNamespaces(dir *gridsec.Dir) bool {
	for _, file := range dir.Files {
		if file.Namespaces != nil {
			return true
		}
	}
	return false
}

func namespacesOf(dir *gridsec.Dir, c *gridsec.Certificate) *gridsec.File {
	for _, file := range companions(dir, c.File) {
		if file.Namespaces != nil {
			return file
		}
	}
	return nil
}
