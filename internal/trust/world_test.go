package trust_test

import (
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

// worlds are those of an EL host at the time of the fixtures.
var worlds = world.At(pki.Now, world.Store{Dir: "/etc/pki/tls/certs", File: "/etc/pki/tls/cert.pem"})

// load reads the world as a CE of that release.
func load(t testing.TB, w *world.World, release string) *site.Site {
	t.Helper()
	w.Mkdir(world.GridDir)
	conf := "[common]\nhostname=ce.example.org\n" + strings.Join(w.Common, "\n") +
		"\n[mapping]\n[lrms]\nlrms=fork\n[arex]\n[arex/ws]\nwsurl=https://ce.example.org/arex\n" + strings.Join(w.WS, "\n") + "\n"
	w.Write("/etc/arc.conf", []byte(conf))
	if w.ConfD != nil {
		w.Write("/etc/arc.conf.d/site.conf", []byte("[common]\n"+strings.Join(w.ConfD, "\n")+"\n"))
	}
	s, err := site.Load(w.Tree, site.Options{ARCVersion: release, OSFamily: site.RHEL, Now: pki.Now})
	if err != nil {
		t.Fatal(err)
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

func theRoot(w *world.World) *pki.Entity { return w.Root }
