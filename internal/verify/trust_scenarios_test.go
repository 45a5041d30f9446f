package verify_test

import (
	"crypto/x509"
	"fmt"
	"time"

	"arclint/fixtures/pki"
)

// impostor has the name of the root and another key.
func impostor() *pki.Entity { return pki.New(pki.Spec{Subject: rootDN, Key: "rsa5"}) }

func expiredRoot() *pki.Entity {
	return pki.New(pki.Spec{Subject: rootDN, Key: "rsa1", NotAfter: pki.Now.AddDate(0, 0, -1)})
}

// belowRoot is a world with a root of another kind.
func belowRoot(spec pki.Spec) func(*world) {
	return func(w *world) {
		spec.Subject = rootDN
		w.root = pki.New(spec)
		w.build(newInter(w.root))
		w.install(w.root)
	}
}

// withInter is a world with an intermediate of another kind.
func withInter(spec pki.Spec) func(*world) {
	return func(w *world) {
		spec.Subject, spec.Issuer = interDN, w.root
		if spec.Key == "" {
			spec.Key = "rsa3"
		}
		if spec.IsCA == nil {
			spec.IsCA = pki.True
		}
		w.build(pki.New(spec))
		w.install(w.root)
	}
}

// withLeaf is a world with an end-entity certificate of another kind.
func withLeaf(spec pki.Spec) func(*world) {
	return func(w *world) {
		spec.Issuer = w.inter
		if spec.Subject == "" {
			spec.Subject = hostDN
		}
		w.present(pki.New(spec))
		w.install(w.root)
	}
}

func withCurve(key, curve string) func(*world) {
	return func(w *world) {
		withLeaf(pki.Spec{Key: key})(w)
		w.ws = []string{"tlscurve=" + curve}
	}
}

// rootAs installs the root in another form.
func rootAs(form func(w *world) []byte) func(*world) {
	return func(w *world) { w.put(w.root, 0, form(w)) }
}

func rootNamed(name func(w *world) string) func(*world) {
	return func(w *world) { w.write(gridDir+"/"+name(w), w.root.PEM()) }
}

// hiddenBy puts the root at HASH.1 and something else at HASH.0.
func hiddenBy(something func(w *world, path string)) func(*world) {
	return func(w *world) {
		something(w, gridDir+"/"+w.root.Hash()+".0")
		w.put(w.root, 1, w.root.PEM())
	}
}

func withCRL(signedBy func(w *world) *pki.Entity, spec func(w *world) pki.CRLSpec) func(*world) {
	return func(w *world) {
		w.install(w.root)
		w.crl(signedBy(w), 0, spec(w))
	}
}

func theRoot(w *world) *pki.Entity  { return w.root }
func theInter(w *world) *pki.Entity { return w.inter }

func freshCRL(*world) pki.CRLSpec { return pki.CRLSpec{} }
func staleCRL(*world) pki.CRLSpec {
	return pki.CRLSpec{ThisUpdate: pki.Now.AddDate(0, -2, 0), NextUpdate: pki.Now.AddDate(0, -1, 0)}
}
func revokesLeaf(w *world) pki.CRLSpec { return pki.CRLSpec{Revoked: serials(w.leaf)} }

// crossSigned has root1 below root2 as well, and sends that.
func crossSigned(installed func(root1, root2, cross *pki.Entity) []*pki.Entity, change func(root2, cross *pki.Spec)) func(*world) {
	return func(w *world) {
		spec2 := pki.Spec{Subject: "/C=US/O=Example Trust/CN=Example Root 2", Key: "rsa5"}
		specCross := pki.Spec{Subject: rootDN, Key: "rsa1", IsCA: pki.True}
		if change != nil {
			change(&spec2, &specCross)
		}
		root2 := pki.New(spec2)
		specCross.Issuer = root2
		cross := pki.New(specCross)
		w.chain = []*pki.Entity{w.leaf, w.inter, cross}
		w.install(installed(w.root, root2, cross)...)
	}
}

var trustScenarios = map[string]func(*world){
	"baseline root as HASH.0": func(w *world) { w.install(w.root) },

	"root under old MD5 hash name only":       rootNamed(func(w *world) string { return w.root.OldHash() + ".0" }),
	"root as HASH.1 only (no .0)":             rootNamed(func(w *world) string { return w.root.Hash() + ".1" }),
	"root as HASH.2 only":                     rootNamed(func(w *world) string { return w.root.Hash() + ".2" }),
	"root as HASH.pem only / not a hash name": rootNamed(func(w *world) string { return w.root.Hash() + ".pem" }),
	"hash in upper case": rootNamed(func(w *world) string {
		return fmt.Sprintf("%X", hashOf(w.root)) + ".0"
	}),

	".0 is an unrelated certificate, .1 the right root": hiddenBy(func(w *world, path string) {
		w.write(path, pki.New(pki.Spec{Subject: "/O=Other/CN=Other CA", Key: "rsa6"}).PEM())
	}),
	"expired root .0 (same key), valid root .1": hiddenBy(func(w *world, path string) { w.write(path, expiredRoot().PEM()) }),
	"valid root .0, expired root .1": func(w *world) {
		w.install(w.root)
		w.put(w.root, 1, expiredRoot().PEM())
	},
	"expired root only": func(w *world) { w.install(expiredRoot()) },
	"root not yet valid only": func(w *world) {
		w.install(pki.New(pki.Spec{Subject: rootDN, Key: "rsa1", NotBefore: pki.Now.AddDate(0, 0, 1)}))
	},
	"same subject: wrong key .0, right .1": hiddenBy(func(w *world, path string) { w.write(path, impostor().PEM()) }),
	"same subject: wrong key .0, right .1, intermediate without AKI": func(w *world) {
		w.build(pki.New(pki.Spec{Subject: interDN, Key: "rsa3", Issuer: w.root, IsCA: pki.True, NoAKI: true}))
		hiddenBy(func(w *world, path string) { w.write(path, impostor().PEM()) })(w)
	},
	"same subject: right .0, wrong key .1": func(w *world) {
		w.install(w.root)
		w.put(w.root, 1, impostor().PEM())
	},
	"same subject, wrong key only": func(w *world) { w.install(impostor()) },

	"server sends the leaf only; root and intermediate in dir": func(w *world) {
		w.install(w.root, w.inter)
		w.chain = w.chain[:1]
	},
	"server sends the leaf only; root only in dir": func(w *world) {
		w.install(w.root)
		w.chain = w.chain[:1]
	},
	"server sends the leaf only; intermediate only in dir": func(w *world) {
		w.install(w.inter)
		w.chain = w.chain[:1]
	},
	"leaf itself in dir, nothing else": func(w *world) {
		w.install(w.leaf)
		w.chain = w.chain[:1]
	},
	"self-signed leaf in dir (CA:FALSE)": func(w *world) {
		leaf := pki.New(pki.Spec{Subject: hostDN, IsCA: pki.False, EKU: bothUses})
		w.install(leaf)
		w.chain = []*pki.Entity{leaf}
	},
	"chain in wrong order (leaf, root, int)": func(w *world) {
		w.install(w.root)
		w.chain = []*pki.Entity{w.leaf, w.root, w.inter}
	},
	"extra unrelated certificate in the chain": func(w *world) {
		w.install(w.root)
		w.chain = append(w.chain, pki.New(pki.Spec{Subject: "/O=Other/CN=Other CA", Key: "rsa6"}))
	},

	"cross-signed chain (leaf,int,root1 by root2); only root1 in dir": crossSigned(func(r1, _, _ *pki.Entity) []*pki.Entity { return []*pki.Entity{r1} }, nil),
	"cross-signed chain; only root2 in dir":                           crossSigned(func(_, r2, _ *pki.Entity) []*pki.Entity { return []*pki.Entity{r2} }, nil),
	"cross-signed chain; root1 and root2 in dir":                      crossSigned(func(r1, r2, _ *pki.Entity) []*pki.Entity { return []*pki.Entity{r1, r2} }, nil),
	"cross-signed chain; only the cross certificate in dir (as root1 hash)": crossSigned(func(_, _, cross *pki.Entity) []*pki.Entity {
		return []*pki.Entity{cross}
	}, nil),
	"cross-signed chain; cross certificate .0 and root2 in dir, server sends leaf,int": func(w *world) {
		crossSigned(func(_, r2, cross *pki.Entity) []*pki.Entity { return []*pki.Entity{cross, r2} }, nil)(w)
		w.chain = w.chain[:2]
	},
	"cross-signed chain; expired root2, root1 in dir": crossSigned(
		func(r1, r2, _ *pki.Entity) []*pki.Entity { return []*pki.Entity{r1, r2} },
		func(root2, _ *pki.Spec) { root2.NotAfter = pki.Now.AddDate(0, 0, -1) }),
	"cross-signed chain; expired cross certificate, root1 in dir": crossSigned(
		func(r1, _, _ *pki.Entity) []*pki.Entity { return []*pki.Entity{r1} },
		func(_, cross *pki.Spec) { cross.NotAfter = pki.Now.AddDate(0, 0, -1) }),

	"EC P-256 chain": func(w *world) {
		w.root = pki.New(pki.Spec{Subject: rootDN, Key: "p256-1"})
		w.inter = pki.New(pki.Spec{Subject: interDN, Key: "p256-2", Issuer: w.root, IsCA: pki.True})
		w.present(pki.New(pki.Spec{Subject: hostDN, Key: "p256-3", Issuer: w.inter, EKU: bothUses}))
		w.install(w.root)
	},
	"RSA-1024 leaf":                         withLeaf(pki.Spec{Key: "rsa1024-1", EKU: bothUses}),
	"RSA-1024 root":                         belowRoot(pki.Spec{Key: "rsa1024-1"}),
	"intermediate without basicConstraints": withInter(pki.Spec{NoBasicConstraints: true}),
	"root without basicConstraints (v3, keyUsage present)": belowRoot(pki.Spec{NoBasicConstraints: true}),
	"root without basicConstraints and keyUsage":           belowRoot(pki.Spec{NoBasicConstraints: true, NoKeyUsage: true}),
	"intermediate CA:FALSE":                                withInter(pki.Spec{IsCA: pki.False}),
	"root CA:FALSE":                                        belowRoot(pki.Spec{IsCA: pki.False, KeyUsage: x509.KeyUsageCertSign}),
	"root pathlen 0 (violated)":                            belowRoot(pki.Spec{PathLen: pki.Int(0)}),
	"intermediate pathlen 0 (respected)":                   withInter(pki.Spec{PathLen: pki.Int(0)}),
	"name constraints: other domain only":                  withInter(pki.Spec{PermittedDNS: []string{"example.com"}}),
	"name constraints: right domain":                       withInter(pki.Spec{PermittedDNS: []string{"example.org"}}),
	"intermediate without keyUsage":                        withInter(pki.Spec{NoKeyUsage: true}),

	"PEM file with two certificates, other first": rootAs(func(w *world) []byte {
		return pki.Chain(pki.New(pki.Spec{Subject: "/O=Other/CN=Other CA", Key: "rsa6"}), w.root)
	}),
	"PEM file with two certificates, right first": rootAs(func(w *world) []byte {
		return pki.Chain(w.root, pki.New(pki.Spec{Subject: "/O=Other/CN=Other CA", Key: "rsa6"}))
	}),
	"PEM with CRLF":              rootAs(func(w *world) []byte { return pki.CRLF(w.root.PEM()) }),
	"PEM with text before BEGIN": rootAs(func(w *world) []byte { return pki.After("Example Root", w.root.PEM()) }),
	"PEM with UTF-8 BOM":         rootAs(func(w *world) []byte { return pki.BOM(w.root.PEM()) }),
	"PEM indented by spaces":     rootAs(func(w *world) []byte { return pki.Indented(w.root.PEM()) }),
	"PEM without newline at end": rootAs(func(w *world) []byte {
		pem := w.root.PEM()
		return pem[:len(pem)-1]
	}),
	"PEM with BEGIN X509 CERTIFICATE":                rootAs(func(w *world) []byte { return pki.PEM("X509 CERTIFICATE", w.root.Cert) }),
	"PEM as BEGIN TRUSTED CERTIFICATE, no uses":      rootAs(func(w *world) []byte { return trustedPEM(w, nil) }),
	"PEM as TRUSTED CERTIFICATE for clientAuth only": rootAs(func(w *world) []byte { return trustedPEM(w, []string{"clientAuth"}) }),
	"DER in HASH.0": rootAs(func(w *world) []byte { return w.root.Cert }),
	"empty HASH.0":  rootAs(func(*world) []byte { return nil }),

	"garbage HASH.0, right HASH.1":          hiddenBy(func(w *world, path string) { w.write(path, []byte("garbage\n")) }),
	"empty HASH.0, right HASH.1":            hiddenBy(func(w *world, path string) { w.write(path, nil) }),
	"DER HASH.0, right HASH.1":              hiddenBy(func(w *world, path string) { w.write(path, w.root.Cert) }),
	"dangling symlink HASH.0, right HASH.1": hiddenBy(func(w *world, path string) { w.link("nowhere.pem", path) }),
	"directory named HASH.0, right HASH.1":  hiddenBy(func(w *world, path string) { w.mkdir(path) }),
	"dangling symlink HASH.0": func(w *world) {
		w.link("nowhere.pem", gridDir+"/"+w.root.Hash()+".0")
	},
	"symlink HASH.0 to NAME.pem": func(w *world) {
		w.write(gridDir+"/Example-Root.pem", w.root.PEM())
		w.link("Example-Root.pem", gridDir+"/"+w.root.Hash()+".0")
	},

	"CRL of root, valid":   withCRL(theRoot, freshCRL),
	"CRL of root, expired": withCRL(theRoot, staleCRL),
	"CRL of root revokes the intermediate": withCRL(theRoot, func(w *world) pki.CRLSpec {
		return pki.CRLSpec{Revoked: serials(w.inter)}
	}),
	"CRL of intermediate, valid, intermediate not in dir":  withCRL(theInter, freshCRL),
	"CRL of intermediate revokes the leaf":                 withCRL(theInter, revokesLeaf),
	"CRL of intermediate expired, intermediate not in dir": withCRL(theInter, staleCRL),
	"CRL of intermediate not yet valid": withCRL(theInter, func(*world) pki.CRLSpec {
		return pki.CRLSpec{ThisUpdate: pki.Now.AddDate(0, 0, 1), NextUpdate: pki.Now.AddDate(0, 0, 2)}
	}),
	"CRL of intermediate with wrong signature": withCRL(theInter, func(*world) pki.CRLSpec {
		return pki.CRLSpec{WrongSignature: true}
	}),
	"CRL of intermediate as .r1 only, revokes the leaf": func(w *world) {
		w.install(w.root)
		w.crl(w.inter, 1, revokesLeaf(w))
	},
	"CRL .r0 expired, .r1 valid": func(w *world) {
		w.install(w.root)
		w.crl(w.inter, 0, staleCRL(w))
		w.crl(w.inter, 1, freshCRL(w))
	},
	"CRL .r0 valid, .r1 expired": func(w *world) {
		w.install(w.root)
		w.crl(w.inter, 0, freshCRL(w))
		w.crl(w.inter, 1, staleCRL(w))
	},
	"CRL garbage file .r0": func(w *world) {
		w.install(w.root)
		w.write(gridDir+"/"+w.inter.Hash()+".r0", []byte("garbage\n"))
	},
	"CRL empty file .r0": func(w *world) {
		w.install(w.root)
		w.write(gridDir+"/"+w.inter.Hash()+".r0", nil)
	},
	"CRL in DER that revokes the leaf": func(w *world) {
		w.install(w.root)
		w.write(gridDir+"/"+w.inter.Hash()+".r0", pki.NewCRL(w.inter, revokesLeaf(w)).DER)
	},
	"CRL under old hash name revokes the leaf": func(w *world) {
		w.install(w.root)
		w.write(gridDir+"/"+w.inter.OldHash()+".r0", pki.NewCRL(w.inter, revokesLeaf(w)).PEM())
	},

	"leaf expired":                     withLeaf(pki.Spec{EKU: bothUses, NotAfter: pki.Now.Add(-time.Hour)}),
	"leaf not yet valid":               withLeaf(pki.Spec{EKU: bothUses, NotBefore: pki.Now.Add(time.Hour)}),
	"leaf EKU clientAuth only":         withLeaf(pki.Spec{EKU: []string{"clientAuth"}}),
	"leaf EKU serverAuth only":         withLeaf(pki.Spec{EKU: []string{"serverAuth"}}),
	"leaf without EKU":                 withLeaf(pki.Spec{}),
	"leaf for another host":            withLeaf(pki.Spec{Subject: "/CN=other.example.org", EKU: bothUses}),
	"intermediate expired":             withInter(pki.Spec{NotAfter: pki.Now.Add(-time.Hour)}),
	"intermediate EKU serverAuth only": withInter(pki.Spec{EKU: []string{"serverAuth"}}),
	"intermediate EKU clientAuth only": withInter(pki.Spec{EKU: []string{"clientAuth"}}),
	"SHA-1 signed leaf":                withLeaf(pki.Spec{EKU: bothUses, SHA1: true}),
	"SHA-1 signed intermediate":        withInter(pki.Spec{SHA1: true}),
	"SHA-1 self-signed root":           belowRoot(pki.Spec{SHA1: true}),

	"EC P-256 leaf under RSA CA":         withLeaf(pki.Spec{Key: "p256-1"}),
	"EC P-384 leaf under RSA CA":         withLeaf(pki.Spec{Key: "p384"}),
	"EC P-521 leaf under RSA CA":         withLeaf(pki.Spec{Key: "p521"}),
	"EC P-256 leaf, tlscurve=prime256v1": withCurve("p256-1", "prime256v1"),
	"EC P-256 leaf, tlscurve=X25519":     withCurve("p256-1", "X25519"),
	"EC P-384 leaf, tlscurve=prime256v1": withCurve("p384", "prime256v1"),
}

func trustedPEM(w *world, uses []string) []byte {
	pem, err := w.root.TrustedPEM(uses, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return pem
}

func hashOf(e *pki.Entity) (hash uint32) {
	fmt.Sscanf(e.Hash(), "%x", &hash)
	return hash
}
