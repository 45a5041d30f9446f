package site

import (
	"strings"

	"gopkg.in/ini.v1"

	"arclint/internal/rootfs"
)

// OSFamily is the family of the operating system: where OpenSSL looks for its
// default trust store.
type OSFamily string

// The families.
const (
	Debian OSFamily = "debian"
	RHEL   OSFamily = "rhel"
)

// OpenSSLDir is OPENSSLDIR of the family's OpenSSL package: its default trust
// directory is certs below it, its default trust file cert.pem.
func (f OSFamily) OpenSSLDir() string {
	if f == RHEL {
		return "/etc/pki/tls"
	}
	return "/usr/lib/ssl"
}

// Bundles are files with the system's CAs where OPENSSLDIR has none. EL 8 and 9 have
// links to this one at /etc/pki/tls/cert.pem and /etc/pki/tls/certs/ca-bundle.crt,
// EL 10 has it alone (Fedora's change dropingOfCertPemFile).
func (f OSFamily) Bundles() []string {
	if f == RHEL {
		return []string{rhelBundle}
	}
	return nil
}

const rhelBundle = "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"

// ExplainOS says what told the family of the operating system, or that it is guessed and
// what tells it.
func (s *Site) ExplainOS() string {
	if s.OSOrigin != "" {
		return "from " + s.OSOrigin
	}
	return "no os-release was found, give --os-family"
}

// CABundle is the file in which all releases of the family keep the public CAs for
// TLS.
func (f OSFamily) CABundle() string {
	if f == RHEL {
		return rhelBundle
	}
	return "/etc/ssl/certs/ca-certificates.crt"
}

// osRelease is a file of os-release(5).
type osRelease struct {
	path string
	keys *ini.Section
}

// readOSRelease gives those that can be read, the one that counts first.
func readOSRelease(fsys rootfs.FS) []osRelease {
	var files []osRelease
	for _, path := range []string{"/etc/os-release", "/usr/lib/os-release"} {
		data, _, err := rootfs.Read(fsys, path, maxSmallFile)
		if err != nil {
			continue
		}
		if file, err := ini.LoadSources(ini.LoadOptions{SkipUnrecognizableLines: true}, data); err == nil {
			files = append(files, osRelease{path, file.Section("")})
		}
	}
	return files
}

// detectOSFamily goes by ID and ID_LIKE of os-release(5). An unknown or missing
// one counts as Debian unless /etc/pki/tls stands there. path is what told it.
func detectOSFamily(fsys rootfs.FS, files []osRelease) (family OSFamily, path string) {
	for _, f := range files {
		if family, ok := familyOf(f.keys.Key("ID").String() + " " + f.keys.Key("ID_LIKE").String()); ok {
			return family, f.path
		}
	}
	if _, err := rootfs.Stat(fsys, RHEL.OpenSSLDir()); err == nil {
		return RHEL, RHEL.OpenSSLDir()
	}
	return Debian, ""
}

func familyOf(ids string) (OSFamily, bool) {
	for _, id := range strings.Fields(ids) {
		switch id {
		case "debian", "ubuntu":
			return Debian, true
		case "rhel", "fedora", "centos", "rocky", "almalinux":
			return RHEL, true
		}
	}
	return "", false
}
