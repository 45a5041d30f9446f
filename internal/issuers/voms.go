package issuers

import (
	_ "embed"
	"strings"
	"sync"
)

// VOMSServer is what a VO published about one of its VOMS servers: the two names of
// an .lsc file, in one-line form.
type VOMSServer struct {
	VO, Host   string // of the file vomsdir/VO/Host.lsc
	Server, CA string
	Since      string // day of publication, YYYY-MM-DD
	Until      string // day on which other names were published or the file was withdrawn; "" where these are the newest known here
	Source     string
}

// Is says whether a chain of an .lsc file begins with these names. A slash in a value
// may have a backslash before it, as OpenSSL 3 prints it.
func (v VOMSServer) Is(server, ca string) bool {
	return plainSlash(server) == plainSlash(v.Server) && plainSlash(ca) == plainSlash(v.CA)
}

func plainSlash(name string) string { return strings.ReplaceAll(name, `\/`, "/") }

//go:embed data/voms.tsv
var vomsTSV string

// VOMSServers lists what a VO has published for the server of that name, newest
// first; for every server where host is "".
func VOMSServers(vo, host string) []VOMSServer {
	var list []VOMSServer
	for _, v := range vomsServers()[vo] {
		if host == "" || strings.EqualFold(v.Host, host) {
			list = append(list, v)
		}
	}
	return list
}

var vomsServers = sync.OnceValue(func() map[string][]VOMSServer {
	byVO := map[string][]VOMSServer{}
	for _, row := range rows(vomsTSV, "vo host server ca since until source") {
		v := VOMSServer{VO: row[0], Host: row[1], Server: row[2], CA: row[3], Since: row[4], Until: row[5], Source: row[6]}
		byVO[v.VO] = append(byVO[v.VO], v)
	}
	return byVO
})
