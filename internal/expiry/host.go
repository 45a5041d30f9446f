package expiry

import (
	"cmp"
	"errors"
	"io/fs"

	"arclint/internal/gridsec"
	"arclint/internal/trust"
)

// addHost adds the host certificate and the CAs that stand in its file. A root is of
// no use to a client there: one that trusts it has it.
func (r *reading) addHost() {
	chain, _ := trust.HostChain(r.site)
	if len(chain) == 0 {
		r.unread(r.site.Host.CertPath, reasonOf(r.site.Host.CertErr))
		return
	}
	for i, c := range chain {
		switch {
		case i == 0:
			r.add(HostCertificate, c, r.site.Host.CertPath, "every client")
		case c.Hash != c.IssuerHash:
			r.add(HostChain, c, r.site.Host.CertPath, "clients that get the CA from this CE alone")
		}
	}
}

func (r *reading) add(kind Kind, c *gridsec.Certificate, path, who string) {
	sum := c.SHA256()
	r.Items = append(r.Items, Item{Ends: c.NotAfter, Kind: kind, Name: c.SubjectName, Path: path, ShutOut: true, Who: who, id: sum[:]})
}

// harmless adds a certificate whose end shuts out nobody.
func (r *reading) harmless(kind Kind, c *gridsec.Certificate, path, why string) {
	r.add(kind, c, path, "nobody: "+why)
	r.Items[len(r.Items)-1].ShutOut = false
}

// addVOMS adds the certificates of VOMS servers, which no measured release looks at.
func (r *reading) addVOMS() {
	if r.site.VOMS.Err != nil && !errors.Is(r.site.VOMS.Err, fs.ErrNotExist) {
		r.unread(r.site.VOMS.Path, reasonOf(r.site.VOMS.Err))
	}
	for _, vo := range r.site.VOMS.VOs {
		if vo.Err != nil {
			r.unread(vo.Path, reasonOf(vo.Err))
		}
		for _, f := range vo.Certificates {
			for _, c := range f.Certificates {
				r.harmless(VOMSCertificate, c, f.Path, "ARC looks at .lsc files, which have no date")
			}
			if f.Err != nil && !errors.Is(f.Err, gridsec.ErrNoObject) {
				r.unread(f.Path, reasonOf(f.Err))
			}
		}
	}
}

// addEvidence adds the chains that issuers serve.
func (r *reading) addEvidence() {
	for _, e := range r.site.Evidence {
		if e.Err != nil {
			r.unread(e.Path, reasonOf(e.Err))
		}
		for i, c := range e.Chain {
			if i == 0 || c.Hash != c.IssuerHash {
				r.add(Evidence, c, e.Path, "tokens of issuers on "+e.Host+", unless its server sends another by then")
			}
		}
	}
}

// addKeySets adds the keys that issuers serve, as far as they carry a date.
func (r *reading) addKeySets() {
	for _, set := range r.site.KeySets {
		if set.Err != nil {
			r.unread(set.Path, reasonOf(set.Err))
		}
		for _, k := range datedKeys(set.Data) {
			r.Items = append(r.Items, Item{Ends: k.ends, Kind: Evidence, Name: cmp.Or(set.Issuer, set.Host) + " key " + k.id, Path: set.Path, id: []byte(k.id),
				Who: "nobody at once: the issuer signs with another key by then, which the CE fetches"})
		}
	}
}

// reasonOf is an error without the path, which stands beside it.
func reasonOf(err error) string {
	var at *fs.PathError
	switch {
	case err == nil:
		return "holds no certificate"
	case errors.As(err, &at):
		return at.Err.Error()
	}
	return err.Error()
}
