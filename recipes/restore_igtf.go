package recipes

import (
	"fmt"
	"strings"

	"arclint/internal/site"
)

var restoreIGTF = Recipe{
	ID:    "restore-igtf",
	Title: "install the packages of the grid CAs again",
	Plan:  planRestoreIGTF,
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
		Why: "Files of the grid CA distribution are missing or were changed. Its packages put them back as they were released, signed by the distribution.",
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
