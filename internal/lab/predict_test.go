//go:build lab

package lab_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/gridsec"
	"arclint/internal/lab"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
	"arclint/lint/catalog"
)

// prediction is what arclint says of a CE from its files.
type prediction struct {
	release        site.Release
	issuer, client trust.Verdict
	trust          trust.IssuerTrust // of the issuer
	errors         []lint.Finding
}

// predict reads the files of the CE as arclint check does, with the issuer named
// in arc.conf and its chain as evidence.
func predict(t *testing.T, ce *lab.CE, conf lab.Conf, issuer string, w *world.World) prediction {
	t.Helper()
	tree, err := rootfs.Dir(ce.Path("/"))
	ok(t, err)
	defer tree.Close()
	conf.Issuer = issuer
	files := rootfs.Overlay(tree)
	ok(t, files.WriteFile("/etc/arc.conf", []byte(ce.Conf(conf)), 0o644))
	s, err := site.Load(files, site.Options{Root: "the CE of " + ce.Name, Now: now, Evidence: evidence(t, issuer, w.Chain)})
	ok(t, err)
	p := prediction{
		release: s.Release,
		issuer:  trust.Chain(s, trust.Issuer, certificates(t, w.Chain)),
		client:  trust.Chain(s, trust.Client, certificates(t, w.ClientChain())),
	}
	for _, it := range trust.Issuers(s) {
		if it.Issuer == issuer {
			p.trust = it
		}
	}
	for _, f := range lint.Run(s, catalog.All()).Findings {
		if f.Severity == lint.Error {
			p.errors = append(p.errors, f)
		}
	}
	return p
}

// evidence is the directory of --evidence with the chain of the issuer.
func evidence(t *testing.T, issuer string, chain []*pki.Entity) rootfs.FS {
	t.Helper()
	u, err := url.Parse(issuer)
	ok(t, err)
	tree := rootfs.NewMem()
	ok(t, tree.WriteFile(fmt.Sprintf("/%s_%s.pem", u.Hostname(), u.Port()), pki.Chain(chain...), 0o644))
	return tree
}

func certificates(t *testing.T, chain []*pki.Entity) []*gridsec.Certificate {
	t.Helper()
	tree := rootfs.NewMem()
	ok(t, tree.WriteFile("/chain.pem", pki.Chain(chain...), 0o644))
	found, err := gridsec.ReadChain(tree, "/chain.pem")
	ok(t, err)
	return found
}

// about are the errors that speak of the issuer.
func (p prediction) about(issuer string) []lint.Finding {
	return slices.DeleteFunc(slices.Clone(p.errors), func(f lint.Finding) bool {
		return f.Args["issuer"] != issuer && !strings.Contains(f.Message(), issuer)
	})
}

func trace(v trust.Verdict) string {
	var b strings.Builder
	for _, step := range v.Trace {
		fmt.Fprintf(&b, "    %s [%s]\n", step.Text, step.Source)
	}
	return b.String()
}
