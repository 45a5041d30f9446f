// Gen makes the tables of package arcref from arc.conf.reference files:
//
//	go run ./internal/arcref/gen [-o DIR] [VERSION=]FILE...
//
// Debian and Ubuntu hold the file in the package libarccommon4 (ARC 7) or
// libarccommon3 and libarccommon3v5 (ARC 6), as
// /usr/share/doc/PACKAGE/arc.conf.reference. Without VERSION the release is
// read from changelog.Debian.gz beside the file. Unpacking a package
// (dpkg-deb -x) is enough.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"arclint/internal/arcref"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("gen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("o", filepath.FromSlash("internal/arcref/tables"), "directory of the tables")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return fmt.Errorf("no file is given, want [VERSION=]FILE")
	}
	for _, arg := range flags.Args() {
		version, path, err := splitArg(arg)
		if err != nil {
			return err
		}
		table, err := makeTable(version, path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(*dir, version+".tsv"), table, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func splitArg(arg string) (version, path string, err error) {
	if version, path, ok := strings.Cut(arg, "="); ok {
		return version, path, nil
	}
	version, err = packagedVersion(filepath.Dir(arg))
	return version, arg, err
}

func makeTable(version, path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	ref, err := arcref.ParseReference(version, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var table bytes.Buffer
	if err := arcref.WriteTable(&table, ref); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return table.Bytes(), nil
}
