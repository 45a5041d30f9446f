package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

var changelogHead = regexp.MustCompile(`^nordugrid-arc \((?:\d+:)?([0-9.]+)[^)]*\)`)

// packagedVersion reads the release from the first line of a Debian changelog.
func packagedVersion(dir string) (string, error) {
	path := filepath.Join(dir, "changelog.Debian.gz")
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	line, err := bufio.NewReader(text).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	m := changelogHead.FindStringSubmatch(line)
	if m == nil {
		return "", fmt.Errorf("%s: first line is %q, want nordugrid-arc (VERSION)", path, line)
	}
	return m[1], nil
}
