package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

// issued is a CRL that a lookup finds, and what is known of it.
type issued struct {
	file   *gridsec.File
	crl    *gridsec.CRL
	ca     *gridsec.Certificate // the anchor of that name, nil where there is none
	signed bool                 // by the key of an anchor of that name
	spared bool                 // the CA has another CRL in force: one is enough for OpenSSL (arc-behaviour D9)
}

type issuedKey struct{}

// eachIssued visits every CRL that a lookup finds. The signatures are checked
// once for all rules.
func eachIssued(s *site.Site, r *lint.Reporter, visit func(issued)) {
	for _, dir := range trustDirs(s) {
		unreadable(dir, r)
	}
	for _, i := range site.Once(s, issuedKey{}, func() []issued { return issuedCRLs(s) }) {
		visit(i)
	}
}

func issuedCRLs(s *site.Site) []issued {
	var found []issued
	for _, dir := range trustDirs(s) {
		named := bySubject(anchors(dir))
		inForce := map[string]bool{}
		first := len(found)
		for _, file := range dir.Files {
			for _, crl := range file.CRLs {
				if !looksUp(file, crl) {
					continue
				}
				i := issued{file: file, crl: crl}
				i.sign(named[crl.IssuerName])
				if i.signed && current(s, crl) {
					inForce[crl.IssuerName] = true
				}
				found = append(found, i)
			}
		}
		for n := first; n < len(found); n++ {
			found[n].spared = inForce[found[n].crl.IssuerName]
		}
	}
	return found
}

// sign finds the anchor whose key signed the CRL, else one of that name.
func (i *issued) sign(named []*gridsec.Certificate) {
	for _, c := range named {
		i.ca = c
		if i.signed = i.crl.SignedBy(c); i.signed {
			return
		}
	}
}

func current(s *site.Site, crl *gridsec.CRL) bool {
	return !crl.ThisUpdate.After(s.Now) && (crl.NextUpdate.IsZero() || crl.NextUpdate.After(s.Now))
}

func looksUp(file *gridsec.File, crl *gridsec.CRL) bool {
	for _, sl := range slots(file) {
		if sl.crl && sl.hash == crl.IssuerHash {
			return true
		}
	}
	return false
}
