package openssl

import "strings"

// uriWithin is nc_uri.
func uriWithin(p Profile, name, base string) (bool, string) {
	hostOf := cutHost
	if p.ParsesURLs {
		hostOf = parseHost
	}
	host, ok := hostOf(name)
	if !ok {
		return false, "a URI has no host that OpenSSL can read"
	}
	if strings.HasPrefix(base, ".") {
		return endsWith(host, base), ""
	}
	return equalFold(host, base), ""
}

// cutHost takes for the host what stands between "://", which must follow the
// first colon, and the next colon, or else the next slash: a user, a fragment and
// brackets are part of it, and a colon in the path makes the path part of it too.
func cutHost(uri string) (host string, ok bool) {
	_, rest, _ := strings.Cut(uri, ":")
	host, ok = strings.CutPrefix(rest, "//")
	if i := strings.IndexByte(host, ':'); i >= 0 {
		host = host[:i]
	} else if i := strings.IndexByte(host, '/'); i >= 0 {
		host = host[:i]
	}
	return host, ok && host != ""
}

// parseHost is OSSL_parse_url of OpenSSL as nc_uri uses it. Brackets of an IPv6
// address are part of the host.
func parseHost(uri string) (host string, ok bool) {
	uri, _, _ = strings.Cut(uri, "\x00")
	scheme, rest, found := strings.Cut(uri, "://")
	if !found || !isScheme(scheme) {
		return "", false
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	if user, _, found := strings.Cut(authority, "@"); found {
		rest = rest[len(user)+1:]
	}
	end := strings.IndexAny(rest, ":/?#")
	if strings.HasPrefix(rest, "[") {
		if end = strings.IndexByte(rest, ']') + 1; end == 0 {
			return "", false
		}
	}
	if end < 0 {
		return rest, true
	}
	host, rest = rest[:end], rest[end:]
	if port, found := strings.CutPrefix(rest, ":"); found {
		if rest, ok = afterPort(port); !ok {
			return "", false
		}
	}
	return host, rest == "" || strings.IndexByte("/?#", rest[0]) >= 0
}

// isScheme is the rule of RFC 3986 section 3.1.
func isScheme(s string) bool {
	for i, c := range lower(s) {
		letter := 'a' <= c && c <= 'z'
		if !letter && (i == 0 || (c < '0' || '9' < c) && strings.IndexByte("+-.", c) < 0) {
			return false
		}
	}
	return s != ""
}

// afterPort gives what follows a number that sscanf's %u reads and that is, in 32
// bits, a port; ok is false where there is none.
func afterPort(text string) (rest string, ok bool) {
	rest = strings.TrimLeft(text, "0123456789")
	digits := text[:len(text)-len(rest)]
	var n, most uint64 = 0, 1<<64 - 1
	for _, d := range []byte(digits) {
		if v := uint64(d - '0'); n > (most-v)/10 {
			n = most
		} else {
			n = n*10 + v
		}
	}
	return rest, digits != "" && uint32(n) <= 1<<16-1
}
