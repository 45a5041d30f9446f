package admission

import (
	"strconv"
	"strings"

	"arclint/internal/site"
)

// oddPort says of a port in wsurl that is none from 1 to 65535 what follows: no client
// can name it, and ARC hands it to getaddrinfo(3), which may take another one. It is ""
// for every other wsurl.
func oddPort(s *site.Site) string {
	_, rest, ok := strings.Cut(s.Value("arex/ws", "wsurl").Text, "://")
	authority, _, _ := strings.Cut(rest, "/")
	_, port, _ := strings.Cut(authority, ":")
	if !ok || port == "" || strings.ContainsAny(rest, "[@?#$ \t") {
		return ""
	}
	if n, err := strconv.Atoi(port); err == nil && 0 < n && n < 1<<16 {
		return ""
	}
	return "no client reaches port " + port + " of wsurl, and whether the service listens on another port is not known"
}
