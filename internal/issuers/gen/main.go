// Command gen writes the tables of internal/issuers/data from the unpacked
// Debian packages igtf-policy-* and ca-certificates and from a table of token
// issuers:
//
//	go run ./internal/issuers/gen -out internal/issuers/data \
//	    -issuers issuers.tsv \
//	    -igtf 1.133,2025-03-05,bookworm/usr/share/igtf-policy \
//	    -igtf 1.134,2025-03-12,trixie/usr/share/igtf-policy \
//	    -igtf 1.146,2026-09-07,sid/usr/share/igtf-policy \
//	    -mozilla 20230311+deb12u1,2025-06-13,bookworm/usr/share/ca-certificates/mozilla \
//	    ...
//	go run ./internal/issuers/gen -out internal/issuers/data \
//	    -voms opensciencegrid/osg-vo-config,osg-vo-config,vomsdir \
//	    -voms WLCG-AuthZ-WG/wlcg-authz-docs,wlcg-authz-docs,docs/voms-config,wlcg
//
// The last are clones of the repositories in which VOs publish the names of their
// VOMS servers, with the folder in which the files stand.
// Releases are given oldest first, with the date of the package's changelog.
// Without -issuers that table stays as it is. The tables are committed; a run
// on the same packages changes nothing.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// release is one release of a package, unpacked in dir.
type release struct {
	name, date, dir string
}

// releases is a flag that may be repeated, oldest release first.
type releases []release

func (r *releases) String() string { return fmt.Sprint(*r) }

func (r *releases) Set(value string) error {
	parts := strings.SplitN(value, ",", 3)
	if len(parts) != 3 {
		return fmt.Errorf("%q, want RELEASE,DATE,DIR", value)
	}
	*r = append(*r, release{name: parts[0], date: parts[1], dir: parts[2]})
	return nil
}

func main() {
	var igtf, mozilla releases
	out := flag.String("out", "", "directory to write the tables to")
	issuers := flag.String("issuers", "", "table of token issuers, with sources and dates")
	flag.Var(&igtf, "igtf", "RELEASE,DATE,DIR of igtf-policy; repeat, oldest first")
	flag.Var(&mozilla, "mozilla", "RELEASE,DATE,DIR of ca-certificates/mozilla; repeat, oldest first")
	var voms published
	flag.Var(&voms, "voms", "NAME,REPOSITORY,FOLDER[,VO] of published .lsc files, with its history; repeat")
	flag.Parse()
	if *out != "" && len(voms) > 0 {
		if err := generateVOMS(*out, voms); err != nil {
			fmt.Fprintln(os.Stderr, "gen:", err)
			os.Exit(1)
		}
		return
	}
	if *out == "" || len(igtf) == 0 || len(mozilla) == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := generate(*out, *issuers, igtf, mozilla); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate writes every table, or none that its sources do not give.
func generate(out, issuers string, igtf, mozilla releases) error {
	grid, err := lastSeen(igtf)
	if err != nil {
		return err
	}
	public, err := lastSeen(mozilla)
	if err != nil {
		return err
	}
	roots, err := rootsTable(public)
	if err != nil {
		return err
	}
	tables := map[string][][]string{
		"releases.tsv": releasesTable(igtf, mozilla),
		"igtf.tsv":     gridTable(grid),
		"webtrust.tsv": publicTable(public, grid, igtf[len(igtf)-1].name),
		"roots.tsv":    roots,
	}
	if issuers != "" {
		if tables["issuers.tsv"], err = issuersTable(issuers); err != nil {
			return err
		}
	}
	for name, rows := range tables {
		if err := write(filepath.Join(out, name), rows); err != nil {
			return err
		}
	}
	return nil
}

func generateVOMS(out string, from published) error {
	rows, err := vomsTable(from)
	if err != nil {
		return err
	}
	return write(filepath.Join(out, "voms.tsv"), rows)
}

// write puts the rows into a file, of which the first is the header.
func write(path string, rows [][]string) error {
	var text strings.Builder
	for _, row := range rows {
		for _, cell := range row {
			if strings.ContainsAny(cell, "\t\n") {
				return fmt.Errorf("%s: cell %q holds a tab or a newline", path, cell)
			}
		}
		text.WriteString(strings.Join(row, "\t") + "\n")
	}
	return os.WriteFile(path, []byte(text.String()), 0o644)
}
