package site

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
)

// OSVersion is what the host's files say of its operating system beside the family.
type OSVersion struct {
	Major  int    // of VERSION_ID in os-release(5), 0 where it is not known
	Policy string // the system-wide crypto policy of the RHEL family ("DEFAULT:SHA1"), "" where none was read
}

// CryptoPolicies is where the RHEL family keeps its system-wide crypto policy
// (crypto-policies(7)).
const CryptoPolicies = "/etc/crypto-policies"

func readOSVersion(fsys rootfs.FS, files []osRelease) OSVersion {
	var v OSVersion
	if len(files) > 0 {
		major, _, _ := strings.Cut(files[0].keys.Key("VERSION_ID").String(), ".")
		v.Major, _ = strconv.Atoi(major) // 0 of "rolling"
	}
	for _, path := range []string{CryptoPolicies + "/state/current", CryptoPolicies + "/config"} {
		if data, _, err := rootfs.Read(fsys, path, maxSmallFile); err == nil {
			if v.Policy = policyName(string(data)); v.Policy != "" {
				break
			}
		}
	}
	return v
}

// policyName is the first line that is no comment.
func policyName(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return line
		}
	}
	return ""
}

// readOpenSSLConf reads openssl.cnf of OPENSSLDIR. Debian's is a link to the one in
// /etc, which a copy of /etc has without the link.
func readOpenSSLConf(reader *gridsec.Reader, opensslDir string) *gridsec.OpenSSLConf {
	c := reader.OpenSSLConf(opensslDir + "/openssl.cnf")
	if errors.Is(c.Err, fs.ErrNotExist) && opensslDir == Debian.OpenSSLDir() {
		return reader.OpenSSLConf("/etc/ssl/openssl.cnf")
	}
	return c
}
