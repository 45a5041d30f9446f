package trust

import (
	"cmp"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/voms"
)

// VOTrust says whose signature makes somebody a member of a VO.
type VOTrust struct {
	VO      string
	Answer  Answer // whether attributes of it count at all
	Why     string
	Servers []VOMSServer
}

// VOMSServer is what an .lsc file admits for attributes that name its host.
type VOMSServer struct {
	Host, Path string
	Admits     Admits
	Why        string   // why it admits nobody: a clause; "" where it does, or no chain stands in it
	Names      []string // of the first chain, or its expression
}

// Admits says whom an .lsc file admits.
type Admits string

// The values of the machine contract.
const (
	AdmitsNamed   Admits = "named"   // the servers that its chains name
	AdmitsPattern Admits = "pattern" // those that an expression matches
	AdmitsAny     Admits = "any"     // whoever has a certificate of a CA that is trusted for clients
	AdmitsNobody  Admits = "nobody"  // no chain can be that of a server
	AdmitsUnknown Admits = "unknown" // it was not read
)

// VOs answers for each directory of vomsdir, in its order.
func VOs(s *site.Site) []VOTrust {
	var all []VOTrust
	for _, vo := range s.VOMS.VOs {
		t := VOTrust{VO: vo.Name}
		t.Answer, t.Why = VO(s, vo.Name)
		for _, lsc := range vo.LSCs {
			t.Servers = append(t.Servers, serverOf(s, lsc))
		}
		all = append(all, t)
	}
	return all
}

func serverOf(s *site.Site, lsc *gridsec.LSC) VOMSServer {
	v := VOMSServer{Host: lsc.Host, Path: lsc.Path, Admits: AdmitsNobody}
	if lsc.Err != nil {
		v.Admits = AdmitsUnknown
		return v
	}
	for _, c := range voms.Chains(lsc) {
		how := AdmitsNamed
		fault := chainFault(s, c)
		if strings.Contains(lsc.Host, ":") {
			fault = Misplaced(lsc)
		}
		switch {
		case fault != "":
			how, v.Why = AdmitsNobody, cmp.Or(v.Why, fault)
		case c.Opens():
			how = AdmitsAny
		case c.Pattern:
			how = AdmitsPattern
		}
		if v.Names == nil || wider(how, v.Admits) {
			v.Names, v.Admits = c.Lines, how
		}
	}
	if v.Admits != AdmitsNobody {
		v.Why = ""
	}
	return v
}

// wider says whether a admits more than b.
func wider(a, b Admits) bool {
	rank := map[Admits]int{AdmitsNobody: 0, AdmitsNamed: 1, AdmitsPattern: 2, AdmitsAny: 3}
	return rank[a] > rank[b]
}

// OpenTo says which .lsc file of a VO, or of any VO where it is "*", admits whoever has a
// certificate of a trusted CA; "" where none does (arc-behaviour V3).
func OpenTo(s *site.Site, name string) string {
	for _, vo := range s.VOMS.VOs {
		if vo.Name != name && name != "*" {
			continue
		}
		for _, lsc := range vo.LSCs {
			if lsc.Err == nil && len(Opening(lsc)) > 0 {
				return lsc.Path
			}
		}
	}
	return ""
}
