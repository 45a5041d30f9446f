package expiry

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/openssl"
	"arclint/internal/site"
	"arclint/internal/trust"
)

// places are where this CE looks for CAs, and where it has some without looking.
type places struct {
	system          *gridsec.System
	clients, issuer *openssl.Store
	dirs            []*gridsec.Dir
	anchors         []*anchor
	named           map[uint32]*anchor // of each name, by its hash, the CA that ends last
	last            map[use]*anchor
}

// use is a key of a CA and where it counts.
type use struct {
	key             [sha256.Size]byte
	clients, issuer bool
}

// anchor is an installed CA.
type anchor struct {
	*gridsec.Certificate
	found           bool // a lookup comes to it
	clients, issuer bool // this CE looks there for the purpose
	system          bool // it is among the CAs of the operating system
}

func placesOf(s *site.Site) *places {
	p := &places{system: s.System, clients: trust.For(s, trust.Client).Store, issuer: trust.For(s, trust.Issuer).Store, named: map[uint32]*anchor{}, last: map[use]*anchor{}}
	for _, d := range slices.Concat(p.clients.Dirs(), p.issuer.Dirs(), []*gridsec.Dir{s.GridDir}, s.ClientDirs) {
		if !slices.ContainsFunc(p.dirs, func(have *gridsec.Dir) bool { return sameDir(have, d) }) {
			p.dirs = append(p.dirs, d)
		}
	}
	for _, d := range p.dirs {
		p.readDir(d)
	}
	if p.system.File != nil {
		p.readBundle(p.system.File)
	}
	return p
}

func sameDir(a, b *gridsec.Dir) bool {
	return a == b || a.Err == nil && b.Err == nil && a.Resolved == b.Resolved
}

// looksIn says whether the store has the directory, perhaps under another path.
func looksIn(store *openssl.Store, d *gridsec.Dir) bool {
	return slices.ContainsFunc(store.Dirs(), func(have *gridsec.Dir) bool { return sameDir(have, d) })
}

func (p *places) readDir(d *gridsec.Dir) {
	clients, issuer := looksIn(p.clients, d), looksIn(p.issuer, d)
	for _, f := range d.Files {
		for _, c := range f.Certificates {
			seen, _ := d.Chain(c.Hash, "")
			found := !f.DER && slices.ContainsFunc(seen, func(e *gridsec.Entry) bool { return e.File == f })
			p.keep(&anchor{c, found, clients, issuer, d == p.system.Dir})
		}
	}
}

// readBundle reads the file of the system's CAs, where this CE looks at it.
func (p *places) readBundle(f *gridsec.File) {
	if len(f.Certificates) == 0 {
		return
	}
	first := f.Certificates[0]
	clients, issuer := slices.Contains(p.clients.Certificates(), first), slices.Contains(p.issuer.Certificates(), first)
	for _, c := range f.Certificates {
		if clients || issuer {
			p.keep(&anchor{c, true, clients, issuer, true})
		}
	}
}

func (p *places) keep(a *anchor) {
	p.anchors = append(p.anchors, a)
	if !a.found {
		return
	}
	later := func(than *anchor) bool { return than == nil || a.NotAfter.After(than.NotAfter) }
	if later(p.named[a.Hash]) {
		p.named[a.Hash] = a
	}
	for _, u := range a.uses() {
		if later(p.last[u]) {
			p.last[u] = a
		}
	}
}

// uses are all that the CA can stand in for.
func (a *anchor) uses() []use {
	key := a.KeySHA256()
	all := []use{{key, false, false}}
	if a.clients {
		all = append(all, use{key, true, false})
	}
	if a.issuer {
		all = append(all, use{key, false, true})
	}
	if a.clients && a.issuer {
		all = append(all, use{key, true, true})
	}
	return all
}

// successor is a certificate of the same CA that is in force when this one ends,
// wherever the CE looks for this one.
func (p *places) successor(of *anchor) *anchor {
	a := p.last[use{of.KeySHA256(), of.clients, of.issuer}]
	if a == nil || a.Hash != of.Hash || !a.NotAfter.After(of.NotAfter) || a.NotBefore.After(of.NotAfter) {
		return nil
	}
	return a
}

// addAnchors adds the CAs that are installed where this CE looks, and in the
// directories of arc.conf.
func (r *reading) addAnchors(p *places) {
	for _, d := range p.dirs {
		r.unreadIn(d, d == p.system.Dir)
	}
	for _, t := range trust.Issuers(r.site) {
		if t.KeyFetch == trust.FetchAccepted {
			r.issuers[t.Anchor] = append(r.issuers[t.Anchor], t.Issuer)
		}
	}
	for _, a := range p.anchors {
		r.addAnchor(a, p.successor(a))
	}
}

// unreadIn notes what could not be read of a directory. A host need not have a
// directory of the system's CAs beside their file.
func (r *reading) unreadIn(d *gridsec.Dir, system bool) {
	if d.Err != nil && !(system && errors.Is(d.Err, fs.ErrNotExist)) {
		r.unread(d.Path, reasonOf(d.Err))
	}
	for _, e := range d.Entries {
		if e.Err != nil {
			r.unread(e.Path, reasonOf(e.Err))
		}
	}
	for _, f := range d.Files {
		if f.Err != nil {
			r.unread(f.Path, reasonOf(f.Err))
		}
		for _, problem := range f.Problems {
			if problem.Effect != gridsec.Harmless {
				r.unread(f.Path, problem.Message)
			}
		}
	}
}

func (r *reading) addAnchor(a, next *anchor) {
	path, who := a.File.Path, r.whoUnder(a)
	switch {
	case next != nil:
		r.harmless(Anchor, a.Certificate, path, "another certificate of this CA is installed, until "+next.NotAfter.UTC().Format(time.DateOnly))
	case who != "":
		r.add(Anchor, a.Certificate, path, who)
	case !a.found:
		r.harmless(Anchor, a.Certificate, path, "no lookup finds it")
	default:
		r.harmless(Anchor, a.Certificate, path, "this CE does not look there")
	}
	r.Items[len(r.Items)-1].Bundle = a.bundle()
}

func (a *anchor) bundle() Bundle {
	if a.system {
		return System
	}
	if _, distributed := issuers.FindGridCA(a.SHA256()); distributed {
		return IGTF
	}
	return NoBundle
}

// whoUnder is who is refused from the end of the CA on (arc-behaviour D7), "" where
// nobody is. Clients of this CE have the CA of its certificate themselves.
func (r *reading) whoUnder(a *anchor) string {
	var who []string
	if a.found && a.clients {
		who = append(who, "users and hosts with certificates under it")
	}
	if list := r.issuers[a.SubjectName]; a.found && a.issuer && len(list) > 0 {
		who = append(who, "tokens of "+some(list)+", whose keys cannot be fetched then")
	} else if a.found && a.issuer && !a.clients {
		who = append(who, "tokens of issuers whose servers have certificates under it")
	}
	if chain, _ := trust.HostChain(r.site); len(chain) > 0 && chain[len(chain)-1].IssuerHash == a.Hash {
		who = append(who, "clients of this CE, whose own certificate is under it")
	}
	return strings.Join(who, "; ")
}

// some joins names, at most eight of them.
func some(names []string) string {
	const most = 8
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
