package verify_test

import (
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

const gridDir = "/etc/grid-security/certificates"

// world is a CE and what a peer sends to it.
type world struct {
	t    testing.TB
	tree *rootfs.Mem

	chain  []*pki.Entity // sent by the peer, leaf first
	common []string      // lines of [common]
	ws     []string      // lines of [arex/ws]
	client []*pki.Entity // where the client sends another chain than the issuer

	root, inter, leaf *pki.Entity
}

const (
	rootDN  = "/C=US/O=Example Trust/CN=Example Root"
	interDN = "/C=US/O=Example Trust/CN=Example Issuing CA"
	hostDN  = "/CN=issuer.example.org"
)

// bothUses lets one end-entity certificate stand for the issuer's server and for
// a client.
var bothUses = []string{"serverAuth", "clientAuth"}

// The sound chain is the same in all worlds.
var (
	soundRoot  = sync.OnceValue(func() *pki.Entity { return pki.New(pki.Spec{Subject: rootDN, Key: "rsa1"}) })
	soundInter = sync.OnceValue(func() *pki.Entity { return newInter(soundRoot()) })
	soundLeaf  = sync.OnceValue(func() *pki.Entity { return newLeaf(soundInter()) })
)

func newInter(root *pki.Entity) *pki.Entity {
	return pki.New(pki.Spec{Subject: interDN, Key: "rsa3", Issuer: root, IsCA: pki.True})
}

func newLeaf(inter *pki.Entity) *pki.Entity {
	return pki.New(pki.Spec{Subject: hostDN, Issuer: inter, EKU: bothUses, DNSNames: []string{"issuer.example.org"}})
}

// newWorld has a root, an intermediate and an end-entity certificate; nothing is
// installed yet.
func newWorld(t testing.TB) *world {
	w := &world{t: t, tree: rootfs.NewMem(), root: soundRoot(), inter: soundInter()}
	w.present(soundLeaf())
	return w
}

// build puts the chain below another intermediate.
func (w *world) build(inter *pki.Entity) {
	w.inter = inter
	w.present(newLeaf(inter))
}

// present puts another end-entity certificate below the intermediate.
func (w *world) present(leaf *pki.Entity) {
	w.leaf = leaf
	w.chain = []*pki.Entity{leaf, w.inter}
}

func (w *world) write(path string, data []byte) {
	w.t.Helper()
	if err := w.tree.WriteFile(path, data, 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) link(target, path string) {
	w.t.Helper()
	if err := w.tree.Symlink(target, path); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) mkdir(path string) {
	w.t.Helper()
	if err := w.tree.Mkdir(path, 0o755); err != nil {
		w.t.Fatal(err)
	}
}

// install puts certificates into the grid directory as HASH.0.
func (w *world) install(entities ...*pki.Entity) {
	for _, e := range entities {
		w.put(e, 0, e.PEM())
	}
}

// put writes bytes under the hash of a certificate.
func (w *world) put(e *pki.Entity, n int, data []byte) {
	w.write(fmt.Sprintf("%s/%s.%d", gridDir, e.Hash(), n), data)
}

func (w *world) crl(issuer *pki.Entity, n int, spec pki.CRLSpec) {
	w.write(fmt.Sprintf("%s/%s.r%d", gridDir, issuer.Hash(), n), pki.NewCRL(issuer, spec).PEM())
}

func (w *world) policy(ca *pki.Entity, text string) {
	w.write(gridDir+"/"+ca.Hash()+".signing_policy", []byte(text))
}

// site reads the world as a CE of that release.
func (w *world) site(release string) *site.Site {
	w.t.Helper()
	w.mkdir(gridDir)
	conf := "[common]\nhostname=ce.example.org\n" + strings.Join(w.common, "\n") +
		"\n[mapping]\n[lrms]\nlrms=fork\n[arex]\n[arex/ws]\nwsurl=https://ce.example.org/arex\n" + strings.Join(w.ws, "\n") + "\n"
	w.write("/etc/arc.conf", []byte(conf))
	s, err := site.Load(w.tree, site.Options{ARCVersion: release, OSFamily: site.RHEL, Now: pki.Now})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// certificates reads entities as they come over the wire.
func certificates(t testing.TB, entities []*pki.Entity) []*gridsec.Certificate {
	t.Helper()
	tree := rootfs.NewMem()
	if err := tree.WriteFile("/chain.pem", pki.Chain(entities...), 0o644); err != nil {
		t.Fatal(err)
	}
	found := gridsec.NewReader(tree).File("/chain.pem").Certificates
	if len(found) != len(entities) {
		t.Fatalf("read %d of %d certificates", len(found), len(entities))
	}
	return found
}

func serials(entities ...*pki.Entity) []*big.Int {
	var numbers []*big.Int
	for _, e := range entities {
		numbers = append(numbers, e.Spec.Serial)
	}
	return numbers
}
