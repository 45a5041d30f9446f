package trust

import (
	"iter"
	"path"
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/site"
)

// directory is a trust directory with what the rules ask of it again and again.
type directory struct {
	*gridsec.Dir
	anchors []*gridsec.Certificate            // that a lookup by hash finds, in the order of their files
	named   map[uint32][]*gridsec.Certificate // the anchors by the hash of their subject
	found   map[issuers.Fingerprint]bool      // the anchors by their fingerprints
	crls    map[string]bool                   // the CRLs that a lookup finds, by their DER
	byStem  map[string][]*gridsec.File        // the files by their names without ending
	beside  map[*gridsec.File][]*gridsec.File // companions of the files to which a lookup of their certificates comes
}

type directoriesKey struct{}

// trustDirs are the directories whose files the rules look at, each once: where
// the key fetch looks, and where client certificates are looked up.
func trustDirs(s *site.Site) []*directory {
	return site.Once(s, directoriesKey{}, func() []*directory {
		dirs := []*directory{index(s.GridDir)}
		for _, dir := range s.ClientDirs {
			if !slices.ContainsFunc(dirs, func(d *directory) bool { return d.same(dir) }) {
				dirs = append(dirs, index(dir))
			}
		}
		return dirs
	})
}

// clientDirs are those of them that x509_cert_dir names.
func clientDirs(s *site.Site) []*directory {
	var dirs []*directory
	for _, d := range trustDirs(s) {
		if slices.ContainsFunc(s.ClientDirs, d.same) {
			dirs = append(dirs, d)
		}
	}
	return dirs
}

// same says whether the other is this directory, perhaps under another path.
func (d *directory) same(other *gridsec.Dir) bool {
	return d.Dir == other || d.Err == nil && other.Err == nil && d.Resolved == other.Resolved
}

func index(dir *gridsec.Dir) *directory {
	d := &directory{
		Dir: dir, named: map[uint32][]*gridsec.Certificate{}, found: map[issuers.Fingerprint]bool{},
		crls: map[string]bool{}, byStem: make(map[string][]*gridsec.File, len(dir.Entries)/2),
		beside: map[*gridsec.File][]*gridsec.File{},
	}
	for _, file := range dir.Files {
		for _, name := range file.Names {
			if stem := stemOf(name); !slices.Contains(d.byStem[stem], file) {
				d.byStem[stem] = append(d.byStem[stem], file)
			}
		}
		for _, crl := range file.CRLs {
			if !file.DER && leadsTo(dir, crl.IssuerHash, "r", file) {
				d.crls[string(crl.Raw)] = true
			}
		}
		if !reached(dir, file) {
			continue
		}
		d.beside[file] = nil
		for _, c := range file.Certificates {
			if d.found[c.SHA256()] {
				continue
			}
			d.found[c.SHA256()] = true
			d.anchors = append(d.anchors, c)
			d.named[c.Hash] = append(d.named[c.Hash], c)
		}
	}
	for file := range d.beside {
		d.beside[file] = d.sameStem(file)
	}
	return d
}

// finds says whether the lookup of the hash of one of its certificates comes to
// the file. It is read whole then.
func (d *directory) finds(file *gridsec.File) bool {
	_, found := d.beside[file]
	return found
}

func reached(dir *gridsec.Dir, file *gridsec.File) bool {
	return !file.DER && slices.ContainsFunc(file.Certificates, func(c *gridsec.Certificate) bool {
		return leadsTo(dir, c.Hash, "", file)
	})
}

// findsCRL says whether the lookup of the CRL's issuer comes to it, in this file
// or in another.
func (d *directory) findsCRL(crl *gridsec.CRL) bool { return d.crls[string(crl.Raw)] }

func leadsTo(dir *gridsec.Dir, hash uint32, suffix string, file *gridsec.File) bool {
	seen, _ := dir.Chain(hash, suffix)
	return slices.ContainsFunc(seen, func(e *gridsec.Entry) bool { return e.File == file })
}

// companions are the files of a CA beside its certificate: those whose name
// without its ending is the CA's alias or one of its hashes (NAME.info for
// NAME.pem, 0a1b2c3d.signing_policy for 0a1b2c3d.0).
func (d *directory) companions(ca *gridsec.File) []*gridsec.File {
	if list, known := d.beside[ca]; known {
		return list
	}
	return d.sameStem(ca)
}

func (d *directory) sameStem(ca *gridsec.File) []*gridsec.File {
	var stems []string
	for _, name := range ca.Names {
		stems = append(stems, stemOf(name))
	}
	for _, c := range ca.Certificates {
		stems = append(stems, hashText(c.Hash))
	}
	var found []*gridsec.File
	for _, stem := range stems {
		for _, file := range d.byStem[stem] {
			if file != ca && !slices.Contains(found, file) {
				found = append(found, file)
			}
		}
	}
	return found
}

func stemOf(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// readableDirs are the trust directories that could be read. For the others
// trust/trust-dir-missing speaks, once for all rules.
func readableDirs(s *site.Site) iter.Seq[*directory] {
	return func(yield func(*directory) bool) {
		for _, d := range trustDirs(s) {
			if d.Err == nil && !yield(d) {
				return
			}
		}
	}
}

// allAnchors are the certificates that a lookup by hash finds, with the directory
// of each.
func allAnchors(s *site.Site) iter.Seq2[*directory, *gridsec.Certificate] {
	return func(yield func(*directory, *gridsec.Certificate) bool) {
		for d := range readableDirs(s) {
			for _, c := range d.anchors {
				if !yield(d, c) {
					return
				}
			}
		}
	}
}
