package recipes_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/pki"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/recipes"
)

// TestRemoveAnchor: what is left under the hash of a CA that goes. Others of its name
// are found still, and its CRLs go with the last root of it.
func TestRemoveAnchor(t *testing.T) {
	w := newWorld()
	const grid = "/etc/grid-security/certificates/"
	same := string(pki.New(pki.Spec{Subject: w.public.DN(), Key: "rsa4"}).PEM())
	hash, sub := w.public.Hash(), w.inter.Hash()
	public, crl := string(w.public.PEM()), string(pki.NewCRL(w.public, pki.CRLSpec{}).PEM())
	for name, c := range map[string]struct {
		files tree
		gone  []string
		left  []string // of the hash
	}{
		"with its CRLs": {tree{"P.pem": public, hash + ".0": "-> P.pem", hash + ".r0": crl, hash + ".r1": crl}, []string{"P.pem"}, nil},
		"before a link": {tree{"P.pem": public, hash + ".0": "-> P.pem", "Q.pem": same, hash + ".1": "-> Q.pem", hash + ".r0": crl},
			[]string{"P.pem"}, []string{".0 -> Q.pem", ".r0"}},
		"before a file": {tree{hash + ".0": public, hash + ".1": same}, []string{hash + ".0"}, []string{".0 -> " + hash + ".1", ".1"}},
		"before a link to a number": {tree{hash + ".0": public, hash + ".1": "-> " + hash + ".2", hash + ".2": "-> Q.pem", "Q.pem": same},
			[]string{hash + ".0"}, []string{".0 -> " + hash + ".2", ".1 -> " + hash + ".2", ".2 -> Q.pem"}},
		"behind another": {tree{hash + ".0": same, hash + ".1": public, hash + ".r0": crl}, []string{hash + ".1"}, []string{".0", ".r0"}},
		"two at once": {tree{"P.pem": public, hash + ".0": "-> P.pem", "Q.pem": same, hash + ".1": "-> Q.pem", hash + ".r0": crl, hash + ".signing_policy": "x\n"},
			[]string{"P.pem", "Q.pem"}, nil},
		"a CRL of somebody else": {tree{"P.pem": public, hash + ".0": "-> P.pem", hash + ".r0": string(pki.NewCRL(w.grid, pki.CRLSpec{}).PEM())},
			[]string{"P.pem"}, []string{".r0"}},
		"an intermediate": {tree{"P.pem": public, hash + ".0": "-> P.pem", "I.pem": string(w.inter.PEM()), sub + ".0": "-> I.pem", sub + ".r0": string(pki.NewCRL(w.inter, pki.CRLSpec{}).PEM())},
			[]string{"I.pem"}, []string{".0 -> P.pem", ".r0"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := w.tree()
			for file, text := range c.files {
				files[grid+file] = text
			}
			var p recipes.Params
			for _, file := range c.gone {
				p.Findings = append(p.Findings, lint.Finding{Path: grid + file})
			}
			tree := files.mem(t)
			s := w.load(t, tree, "7.2.0")
			effect, err := recipes.Try(s, tree, makeOn(t, "remove-anchor", s, p), func(fsys rootfs.FS) (*site.Site, error) {
				return site.Load(fsys, site.Options{ARCVersion: "7.2.0", Now: pki.Now})
			})
			if err != nil {
				t.Fatal(err)
			}
			var left []string
			for _, e := range effect.Site.GridDir.Entries {
				rest, ok := strings.CutPrefix(e.Name, hash)
				if more, of := strings.CutPrefix(e.Name, sub); of {
					rest, ok = more, of
				}
				if ok && e.Target != "" {
					rest += " -> " + e.Target
				}
				if ok {
					left = append(left, rest)
				}
			}
			if diff := cmp.Diff(c.left, left); diff != "" {
				t.Errorf("left (-want +got):\n%s", diff)
			}
		})
	}
}
