package recipes

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
)

// findRoots gives the roots of the system's own store under which the issuer's
// TLS chain stands, as the evidence shows it: the nearest ones to the server's
// certificate. Without evidence for the issuer's host, or where the chain ends
// in no CA of the system, there are none.
func findRoots(s *site.Site, issuer string) []*gridsec.Certificate {
	u, err := parseIssuer(issuer)
	if err != nil {
		return nil
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	e := s.Evidence.For(u.Hostname(), port)
	if e == nil {
		return nil
	}
	for _, c := range e.Chain {
		if roots := signers(systemCertificates(s), c); len(roots) > 0 {
			return roots
		}
	}
	return nil
}

func signers(store []*gridsec.Certificate, c *gridsec.Certificate) []*gridsec.Certificate {
	var found []*gridsec.Certificate
	for _, ca := range store {
		if ca.SubjectName == c.IssuerName && c.IssuedBy(ca) && !holds(found, ca) {
			found = append(found, ca)
		}
	}
	return found
}

func holds(list []*gridsec.Certificate, c *gridsec.Certificate) bool {
	return slices.ContainsFunc(list, func(o *gridsec.Certificate) bool { return bytes.Equal(o.Raw, c.Raw) })
}

func systemCertificates(s *site.Site) []*gridsec.Certificate {
	if s.System == nil {
		return nil
	}
	all := certificatesOf(s.System.Dir)
	if s.System.File != nil {
		all = append(all, s.System.File.Certificates...)
	}
	return all
}

func certificatesOf(d *gridsec.Dir) []*gridsec.Certificate {
	if d == nil {
		return nil
	}
	var all []*gridsec.Certificate
	for _, f := range d.Files {
		all = append(all, f.Certificates...)
	}
	return all
}

// roots are the roots that the strategy speaks of, or an error that says how
// to name them.
func (p Params) roots(s *site.Site) ([]*gridsec.Certificate, error) {
	roots := p.Roots
	if len(roots) == 0 {
		roots = rootsAt(s, p)
	}
	if len(roots) == 0 {
		roots = findRoots(s, p.Issuer)
	}
	if len(roots) == 0 && p.Issuer == "" {
		return nil, errors.New("neither an issuer nor a root of the trust directories is given")
	}
	if len(roots) == 0 {
		text := fmt.Sprintf("the CA of the issuer %q is not known: save the chain that it serves as HOST.pem in a directory and give --evidence", p.Issuer)
		return nil, NeedsError{Flags: []string{"--evidence", "DIR"}, Text: text}
	}
	for _, r := range roots {
		if r.SubjectName != r.IssuerName {
			return nil, fmt.Errorf("%s is no root but an intermediate CA: ARC accepts no intermediate as an anchor (arc-behaviour D5), and such CAs change without notice", r.SubjectName)
		}
	}
	return roots, nil
}

// rootsAt are the roots in the files of the trust directories that the findings
// or the argument "path" name, where no issuer is named: what is to be done then
// concerns a root that is there.
func rootsAt(s *site.Site, p Params) []*gridsec.Certificate {
	if p.Issuer != "" {
		return nil
	}
	var roots []*gridsec.Certificate
	for _, target := range targets(p) {
		if _, e := findEntry(s, target); e != nil && e.File != nil {
			for _, c := range e.File.Certificates {
				if c.SubjectName == c.IssuerName && !holds(roots, c) {
					roots = append(roots, c)
				}
			}
		}
	}
	return roots
}

// trustDirs are the directories in which trust for the key fetch and for
// clients stands, each once.
func trustDirs(s *site.Site) []*gridsec.Dir {
	var dirs []*gridsec.Dir
	for _, d := range append([]*gridsec.Dir{s.GridDir}, s.ClientDirs...) {
		if d != nil && d.Err == nil && !slices.ContainsFunc(dirs, func(o *gridsec.Dir) bool { return o.Path == d.Path }) {
			dirs = append(dirs, d)
		}
	}
	return dirs
}

// findEntry finds an entry of the trust directories by its path, or by the path
// of the file that it leads to.
func findEntry(s *site.Site, target string) (*gridsec.Dir, *gridsec.Entry) {
	for _, d := range trustDirs(s) {
		for _, e := range d.Entries {
			if e.Path == target || e.File != nil && e.File.Path == target {
				return d, e
			}
		}
	}
	return nil, nil
}

// parseIssuer admits what can be fetched over HTTPS and nothing else.
func parseIssuer(issuer string) (*url.URL, error) {
	u, err := url.Parse(issuer)
	switch {
	case issuer == "":
		return nil, errors.New("no issuer is given: name it with --issuer URL, exactly as tokens carry it")
	case err != nil:
		return nil, fmt.Errorf("issuer %q is no URL", issuer)
	case len(issuer) > 2048:
		return nil, errors.New("the issuer is longer than 2048 bytes")
	case u.Scheme != "https" || u.Hostname() == "":
		return nil, fmt.Errorf("issuer %q is no https URL: its keys cannot be fetched safely", issuer)
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || strings.Contains(issuer, "#"):
		return nil, fmt.Errorf("issuer %q holds more than host and path", issuer)
	}
	return u, nil
}

// fileName is the name of a root's file: its common name with the characters
// of an IGTF alias only, and what tells it from a root of the same name.
func fileName(c *gridsec.Certificate) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			return r
		}
		return '-'
	}, c.Subject.CommonName)
	name = strings.Trim(name, "-")
	if name == "" || len(name) > 64 {
		name = "root"
	}
	return name + "-" + fingerprint(c)[:8]
}

func hashName(hash uint32) string { return fmt.Sprintf("%08x", hash) }

func pemOf(c *gridsec.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// anchorOf finds the entry HASH.n of the directory under which OpenSSL finds
// the certificate, nil if there is none.
func anchorOf(d *gridsec.Dir, c *gridsec.Certificate) *gridsec.Entry {
	for n := 0; ; n++ {
		e := entryOf(d, hashName(c.Hash)+"."+strconv.Itoa(n))
		if e == nil {
			return nil
		}
		if e.File != nil && holds(e.File.Certificates, c) {
			return e
		}
	}
}

// anchorLinks link the roots that the directory lacks to their files: each to
// the first name HASH.n that is not taken, since OpenSSL reads the numbers up to
// the first gap (arc-behaviour D1). target is the directory of the files, as
// the links name it.
func anchorLinks(d *gridsec.Dir, roots []*gridsec.Certificate, target string) []Action {
	var links []Action
	taken := map[string]bool{}
	for _, r := range roots {
		if anchorOf(d, r) != nil {
			continue
		}
		name := ""
		for n := 0; name == "" || taken[name] || entryOf(d, name) != nil; n++ {
			name = hashName(r.Hash) + "." + strconv.Itoa(n)
		}
		taken[name] = true
		links = append(links, Link{Path: d.Path + "/" + name, Target: target + fileName(r) + ".pem"})
	}
	return links
}

func entryOf(d *gridsec.Dir, name string) *gridsec.Entry {
	for _, e := range d.Entries {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// packaged says whether the file has the .info file that every CA of the IGTF
// distribution has.
func packaged(d *gridsec.Dir, f *gridsec.File) bool {
	for _, name := range append([]string{path.Base(f.Path)}, f.Names...) {
		base := strings.TrimSuffix(name, path.Ext(name))
		if e := entryOf(d, base+".info"); e != nil && e.Err == nil {
			return true
		}
	}
	return false
}

func fingerprint(c *gridsec.Certificate) string { return sumOf(c.Raw) }

// origin says in a note which root the plan trusts and where it was found.
func origin(c *gridsec.Certificate) string {
	from := "given"
	if c.File != nil {
		from = "found in " + c.File.Path
	}
	return fmt.Sprintf("the root is %s, SHA-256 %s, %s", c.SubjectName, fingerprint(c), from)
}
