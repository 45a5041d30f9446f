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

// detectOSFamily reads ID and ID_LIKE of os-release(5). An unknown or missing
// one counts as Debian unless /etc/pki/tls stands there. path is what told it.
func detectOSFamily(fsys rootfs.FS) (family OSFamily, path string) {
	for _, path := range []string{"/etc/os-release", "/usr/lib/os-release"} {
		data, _, err := rootfs.Read(fsys, path, maxSmallFile)
		if err != nil {
			continue
		}
		file, err := ini.LoadSources(ini.LoadOptions{SkipUnrecognizableLines: true}, data)
		if err != nil {
			continue
		}
		keys := file.Section("")
		if family, ok := familyOf(keys.Key("ID").String() + " " + keys.Key("ID_LIKE").String()); ok {
			return family, path
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
