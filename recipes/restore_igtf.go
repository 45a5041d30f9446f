package recipes

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var restoreIGTF = Recipe{
	ID:    "restore-igtf",
	Title: "install the packages of the grid CAs again",
	Keys:  []string{"packages"},
	Plan:  planRestoreIGTF,
	Can:   isOfDistribution,
}

// planRestoreIGTF reinstalls the packages named by the argument "packages"
// (separated by blanks), else those that the family's systems usually have.
func planRestoreIGTF(s *site.Site, p Params) (Plan, error) {
	packages := strings.Fields(p.Args["packages"])
	install := []string{"apt-get", "install", "--reinstall", "--yes", "--no-install-recommends"}
	if s.OSFamily == site.RHEL {
		install = []string{"dnf", "--assumeyes", "reinstall"}
	}
	if len(packages) == 0 {
		packages = []string{"igtf-policy-classic", "igtf-policy-mics", "igtf-policy-slcs"}
		if s.OSFamily == site.RHEL {
			packages = []string{"ca-policy-egi-core"}
		}
	}
	for _, name := range packages {
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+._-") != "" || strings.HasPrefix(name, "-") {
			return Plan{}, fmt.Errorf("%q is no package name", name)
		}
	}
	return Plan{
		Meant: Meant{Tokens: true, CAs: true},
		Why:   "Files of the grid CA distribution are missing or were changed. Its packages put them back as they were released, signed by the distribution.",
		Actions: []Action{
			Run{Argv: append(install, packages...), Why: "put the CA files back as they were released", Expect: "each CA of the distribution in " + site.GridCADir + " again"},
			Run{Argv: []string{"fetch-crl", "--quiet"}, Why: "fetch the CRLs of the CAs that came back", Expect: "a fresh HASH.r0 for each CA"},
		},
		Verify: []Check{Fresh{site.GridCADir}},
		Notes: []string{
			"Which packages the site uses is not known from its CA files. To name others: --set packages=\"NAME NAME\".",
			"On Debian, CAs that the site excludes (debconf igtf-policy-*/exclude_ca) stay excluded.",
			"A rollback does not undo what the package manager did.",
		},
	}, nil
}

// isOfDistribution says whether the finding speaks of what the packages bring:
// the grid CA directory as a whole or a file of a CA that has an .info file
// there. They put nothing into another directory of x509_cert_dir.
func isOfDistribution(s *site.Site, f lint.Finding) bool {
	for _, d := range trustDirs(s) {
		switch {
		case f.Path == d.Path:
			return sameDir(d, s.GridDir)
		case path.Dir(f.Path) == d.Path || path.Dir(f.Path) == d.Resolved:
			return sameDir(d, s.GridDir) && distributed(d, f.Path)
		}
	}
	return !slices.ContainsFunc(s.ClientDirs, func(d *gridsec.Dir) bool { return f.Path == d.Path && !sameDir(d, s.GridDir) })
}

func sameDir(a, b *gridsec.Dir) bool {
	return a == b || b != nil && a.Resolved != "" && a.Resolved == b.Resolved
}

// distributed says whether a CA of the distribution has the file: one of its
// names has an .info file beside it.
func distributed(d *gridsec.Dir, file string) bool {
	names := []string{path.Base(file)}
	for _, e := range d.Entries {
		if e.Path == file && e.Target != "" {
			names = append(names, path.Base(e.Target))
		}
		if e.File != nil && (e.Path == file || e.File.Path == file) {
			names = append(names, e.File.Names...)
		}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		e := entryOf(d, strings.TrimSuffix(name, path.Ext(name))+".info")
		return e != nil && e.Err == nil
	})
}
