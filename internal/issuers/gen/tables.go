package main

import (
	"fmt"
	"slices"

	"arclint/internal/x509name"
)

func releasesTable(igtf, mozilla releases) [][]string {
	rows := [][]string{{"set", "release", "date"}}
	for _, r := range igtf {
		rows = append(rows, []string{"igtf", r.name, r.date})
	}
	for _, r := range mozilla {
		rows = append(rows, []string{"mozilla", r.name, r.date})
	}
	return rows
}

// gridTable lists every IGTF trust anchor of the releases.
func gridTable(grid []authority) [][]string {
	rows := [][]string{{"alias", "subject", "hash", "old_hash", "spki_sha256", "cert_sha256", "last_release", "renewed"}}
	for _, a := range grid {
		renewed := "no"
		if a.succeeded {
			renewed = "yes"
		}
		rows = append(rows, []string{a.alias, a.subject, x509name.Format(a.hash), x509name.Format(a.oldHash), a.spki, a.cert, a.release, renewed})
	}
	return rows
}

// publicTable lists every key of the web's roots once, with its last release,
// and whether the newest IGTF release holds the key too.
func publicTable(public, grid []authority, newestIGTF string) [][]string {
	rows := [][]string{{"subject", "hash", "spki_sha256", "igtf", "last_release"}}
	seen := map[string]int{}
	for _, a := range public {
		row := []string{a.subject, x509name.Format(a.hash), a.spki, "no", a.release}
		if slices.ContainsFunc(grid, func(g authority) bool { return g.spki == a.spki && g.release == newestIGTF }) {
			row[3] = "yes"
		}
		if i, ok := seen[a.spki]; ok {
			rows[i][4] = max(rows[i][4], a.release)
			continue
		}
		seen[a.spki] = len(rows)
		rows = append(rows, row)
	}
	return rows
}

// operators names the roots of a CA that a token issuer is known to use, by
// their file in ca-certificates. Amazon's page on its trust services lists
// these five; Starfield_Root_Certificate_Authority_-_G2 is not Amazon's.
var operators = []struct{ operator, alias string }{
	{"Amazon Trust Services", "Amazon_Root_CA_1"},
	{"Amazon Trust Services", "Amazon_Root_CA_2"},
	{"Amazon Trust Services", "Amazon_Root_CA_3"},
	{"Amazon Trust Services", "Amazon_Root_CA_4"},
	{"Amazon Trust Services", "Starfield_Services_Root_Certificate_Authority_-_G2"},
}

func rootsTable(public []authority) ([][]string, error) {
	rows := [][]string{{"operator", "subject", "hash", "spki_sha256"}}
	for _, o := range operators {
		i := slices.IndexFunc(public, func(a authority) bool { return a.alias == o.alias })
		if i < 0 {
			return nil, fmt.Errorf("root %s of %s is in no release", o.alias, o.operator)
		}
		a := public[i]
		rows = append(rows, []string{o.operator, a.subject, x509name.Format(a.hash), a.spki})
	}
	return rows, nil
}
