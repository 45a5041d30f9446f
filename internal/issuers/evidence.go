package issuers

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// defaultPort is the port of https.
const defaultPort = "443"

// pemSuffix ends the name of a file of evidence.
const pemSuffix = ".pem"

// HostPort is where an issuer serves its metadata: the host in lower case,
// without the brackets of an IPv6 address, and the port. A URL without scheme
// is taken for https, as ARC 7.x does (arc-behaviour I2). A URL that is not
// https, or names no host, is an error: no TLS chain is served there.
func HostPort(issuerURL string) (host, port string, err error) {
	if !strings.Contains(issuerURL, "://") {
		issuerURL = "https://" + issuerURL
	}
	u, err := url.Parse(issuerURL)
	if err != nil {
		return "", "", fmt.Errorf("issuer: %w", err)
	}
	if !strings.EqualFold(u.Scheme, "https") {
		return "", "", fmt.Errorf("issuer %q has the scheme %q, want https", issuerURL, u.Scheme)
	}
	if u.User != nil {
		return "", "", fmt.Errorf("issuer of host %q names a user, want a host only", u.Host)
	}
	host, port = strings.ToLower(u.Hostname()), u.Port()
	if port == "" {
		port = defaultPort
	}
	if err := checkHostPort(host, port); err != nil {
		return "", "", fmt.Errorf("issuer %q: %w", issuerURL, err)
	}
	return host, port, nil
}

// NoServer says whether no server can have the name that stands in an issuer for
// its host: ASCII characters of no host name, such as the * of a pattern. A URL
// without a scheme is taken for https, as in HostPort.
func NoServer(issuer string) bool {
	_, rest, found := strings.Cut(issuer, "://")
	if !found {
		rest = issuer
	}
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	return host == "" || strings.ContainsAny(host, " \t\"'*+^$|(){}<>\\,;!=&")
}

// EvidenceName is the name of the file that holds the chain served at
// host:port: HOST.pem for the port of https, else HOST_PORT.pem. A host that
// cannot stand in a file name is an error.
func EvidenceName(host, port string) (string, error) {
	host = strings.ToLower(host)
	if err := checkHostPort(host, port); err != nil {
		return "", err
	}
	if _, _, ambiguous := cutPort(host); port == defaultPort && !ambiguous {
		return host + pemSuffix, nil
	}
	return host + "_" + port + pemSuffix, nil
}

// KeySetName is the name of the file that holds the key set of an issuer at
// host:port: as EvidenceName, with .jwks.json at the end.
func KeySetName(host, port string) (string, error) {
	name, err := EvidenceName(host, port)
	return strings.TrimSuffix(name, pemSuffix) + keySetSuffix, err
}

// ParseKeySetName is the reverse of KeySetName. ok is false for a file that is
// no key set.
func ParseKeySetName(name string) (host, port string, ok bool) {
	stem, ok := strings.CutSuffix(name, keySetSuffix)
	if !ok {
		return "", "", false
	}
	return ParseEvidenceName(stem + pemSuffix)
}

const keySetSuffix = ".jwks.json"

// KeySetIssuer is the member of a key set in which the probe says whose it is:
// one host may have several issuers. RFC 7517 section 5 has readers pass over
// members that they do not know.
const KeySetIssuer = "arclint_probe"

// ParseEvidenceName is the reverse of EvidenceName. ok is false for a file
// that is no evidence.
func ParseEvidenceName(name string) (host, port string, ok bool) {
	host, ok = strings.CutSuffix(name, pemSuffix)
	if !ok {
		return "", "", false
	}
	host, port, ok = cutPort(strings.ToLower(host))
	if !ok {
		port = defaultPort
	}
	return host, port, checkHostPort(host, port) == nil
}

// cutPort splits HOST_PORT; a name without port comes back as it is.
func cutPort(name string) (host, port string, ok bool) {
	i := strings.LastIndexByte(name, '_')
	if i < 0 || !isPort(name[i+1:]) {
		return name, "", false
	}
	return name[:i], name[i+1:], true
}

// maxHost is the length of a DNS name, RFC 1035 section 2.3.4.
const maxHost = 253

// checkHostPort lets pass what can be a host name or an IP address.
func checkHostPort(host, port string) error {
	if host == "" || len(host) > maxHost || host[0] == '.' || host[0] == '-' {
		return errors.New("no host name")
	}
	for _, c := range []byte(host) {
		if !isHostByte(c) {
			return fmt.Errorf("host name %q holds %q, want letters, digits, dots and hyphens", host, c)
		}
	}
	if !isPort(port) {
		return fmt.Errorf("port is %q, want a number from 1 to 65535", port)
	}
	return nil
}

// isHostByte admits the underscore, which names of hosts do hold, and the
// colon of an IPv6 address.
func isHostByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte(".-_:", c) >= 0
}

func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0 && port == strconv.FormatUint(n, 10)
}
