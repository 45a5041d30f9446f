package trust

import (
	"cmp"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/trust"
)

// issued is a CRL that a lookup finds, and what is known of it.
type issued struct {
	dir    *directory
	crl    *gridsec.CRL
	ca     *gridsec.Certificate // the anchor of that name, nil where there is none
	signed bool                 // by the key of an anchor of that name
	doubt  string               // why arclint cannot check whether it is; else ""
	spared bool                 // the CA has another CRL in force: one is enough for OpenSSL (arc-behaviour D9)
}

type issuedKey struct{}

// issuedCRLs are the CRLs that a lookup finds. The signatures are checked once for
// all rules.
func issuedCRLs(s *site.Site) []issued {
	return site.Once(s, issuedKey{}, func() []issued { return checkedCRLs(s) })
}

func checkedCRLs(s *site.Site) []issued {
	var found []issued
	for _, d := range trustDirs(s) {
		inForce := map[uint32]bool{}
		first := len(found)
		for _, file := range d.Files {
			for _, crl := range file.CRLs {
				if file.DER || !leadsTo(d.Dir, crl.IssuerHash, "r", file) {
					continue
				}
				i := issued{dir: d, crl: crl}
				i.sign(s, d.named[crl.IssuerHash])
				if i.signed && current(s, crl) {
					inForce[crl.IssuerHash] = true
				}
				found = append(found, i)
			}
		}
		for n := first; n < len(found); n++ {
			found[n].spared = inForce[found[n].crl.IssuerHash]
		}
	}
	return found
}

// sign finds the anchor whose key signed the CRL, else one of that name.
func (i *issued) sign(s *site.Site, named []*gridsec.Certificate) {
	for _, c := range named {
		i.ca = c
		signed, doubt := trust.SignedList(s, i.crl, c)
		if signed {
			i.signed, i.doubt = true, ""
			return
		}
		i.doubt = cmp.Or(i.doubt, doubt)
	}
}

// path is the file of the CRL.
func (i issued) path() string { return i.crl.File.Path }

func current(s *site.Site, crl *gridsec.CRL) bool {
	return !crl.ThisUpdate.After(s.Now) && (crl.NextUpdate.IsZero() || crl.NextUpdate.After(s.Now))
}
