package expiry

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/trust"
)

// addCRLs adds of each CA the CRL that ends last: one in force is enough
// (arc-behaviour D9). One without nextUpdate does not end.
func (r *reading) addCRLs(p *places) {
	for _, d := range p.dirs {
		done := map[uint32]bool{}
		for _, f := range d.Files {
			for _, crl := range f.CRLs {
				if hash := crl.IssuerHash; !done[hash] {
					done[hash] = true
					r.addLastCRL(p.named[hash], lookup(d, hash))
				}
			}
		}
	}
}

// lookup gives the CRLs to which the lookup of a CA comes.
func lookup(d *gridsec.Dir, hash uint32) []*gridsec.CRL {
	var found []*gridsec.CRL
	seen, _ := d.Chain(hash, "r")
	for _, e := range seen {
		if e.File == nil || e.File.DER {
			continue
		}
		for _, crl := range e.File.CRLs {
			if crl.IssuerHash == hash {
				found = append(found, crl)
			}
		}
	}
	return found
}

func (r *reading) addLastCRL(ca *anchor, crls []*gridsec.CRL) {
	last := r.lastOf(ca, crls)
	if last == nil {
		return
	}
	if last.NextUpdate.IsZero() {
		r.Endless = append(r.Endless, Endless{CRL, last.IssuerName, last.File.Path, "no nextUpdate: however old it is, it counts"})
		return
	}
	i := Item{Ends: last.NextUpdate, Kind: CRL, Name: last.IssuerName, Path: last.File.Path, ShutOut: true, id: last.Raw,
		Who: "users, hosts and issuer servers with certificates of it"}
	switch {
	case ca == nil:
		i.ShutOut, i.Who = false, "nobody, unless a chain brings the certificate of the CA, which is not installed"
	case ca.NotAfter.Before(r.Now):
		i.ShutOut, i.Who = false, "nobody more: the CA itself has ended"
	}
	if ca != nil {
		i.Bundle = ca.bundle()
	}
	r.Items = append(r.Items, i)
}

// lastOf is the CRL that ends last, or one that does not end. Of several, those
// that the CA did not sign do not count.
func (r *reading) lastOf(ca *anchor, crls []*gridsec.CRL) *gridsec.CRL {
	if len(crls) > 1 && ca != nil {
		foreign := func(c *gridsec.CRL) bool { signed, _ := trust.SignedList(r.site, c, ca.Certificate); return !signed }
		if signed := slices.DeleteFunc(slices.Clone(crls), foreign); len(signed) > 0 {
			crls = signed
		}
	}
	var last *gridsec.CRL
	for _, crl := range crls {
		if crl.NextUpdate.IsZero() {
			return crl
		}
		if last == nil || crl.NextUpdate.After(last.NextUpdate) {
			last = crl
		}
	}
	return last
}
