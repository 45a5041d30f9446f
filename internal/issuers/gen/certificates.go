package main

import (
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"arclint/internal/x509name"
)

// authority is one CA certificate and the newest release that holds it.
type authority struct {
	alias     string // file name without extension
	subject   string
	hash      uint32
	oldHash   uint32
	spki      string // SHA-256, hex
	cert      string // SHA-256, hex
	release   string
	succeeded bool // a newer certificate of the same subject is in the newest release
}

// lastSeen reads the releases, oldest first, and gives each certificate the
// last one that holds it. The order is that of the subjects.
func lastSeen(all releases) ([]authority, error) {
	byCert := map[string]authority{}
	newest := map[string]bool{} // subjects of the newest release
	for i, r := range all {
		found, err := readDir(r.dir)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no certificate", r.dir)
		}
		for _, a := range found {
			a.release = r.name
			byCert[a.cert] = a
			if i == len(all)-1 {
				newest[a.subject] = true
			}
		}
	}
	list := slices.SortedFunc(maps.Values(byCert), func(a, b authority) int {
		return cmp.Or(cmp.Compare(a.subject, b.subject), cmp.Compare(a.cert, b.cert))
	})
	for i, a := range list {
		list[i].succeeded = a.release != all[len(all)-1].name && newest[a.subject]
	}
	return list, nil
}

// readDir reads the certificates below dir; hash links are not followed.
func readDir(dir string) ([]authority, error) {
	var found []authority
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		ext := filepath.Ext(path)
		if !d.Type().IsRegular() || (ext != ".pem" && ext != ".crt") {
			return nil
		}
		a, err := readFile(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		a.alias = strings.TrimSuffix(filepath.Base(path), ext)
		found = append(found, a)
		return nil
	})
	return found, err
}

// readFile reads the one certificate of a file.
func readFile(path string) (authority, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return authority{}, err
	}
	block, rest := pem.Decode(data)
	if block == nil || block.Type != "CERTIFICATE" {
		return authority{}, fmt.Errorf("no PEM certificate")
	}
	if next, _ := pem.Decode(rest); next != nil {
		return authority{}, fmt.Errorf("more than one PEM block")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return authority{}, err
	}
	subject, err := x509name.OneLine(cert.RawSubject)
	if err != nil {
		return authority{}, err
	}
	hash, err := x509name.Hash(cert.RawSubject)
	if err != nil {
		return authority{}, err
	}
	return authority{
		subject: subject,
		hash:    hash,
		oldHash: x509name.OldHash(cert.RawSubject),
		spki:    fingerprint(cert.RawSubjectPublicKeyInfo),
		cert:    fingerprint(cert.Raw),
	}, nil
}

func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}
