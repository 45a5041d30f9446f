package verify_test

import (
	"arclint/fixtures/pki"
)

const customDir = "/etc/grid-security/custom"

// withCommon has the root in the default directory and in another one, and
// lines of [common].
func withCommon(lines ...string) func(*world) {
	return func(w *world) {
		w.install(w.root)
		w.write(customDir+"/"+w.root.Hash()+".0", w.root.PEM())
		w.common = lines
	}
}

var confScenarios = map[string]func(*world){
	"cert: baseline":                                                   withCommon(),
	"cert: UTF-8 in a comment (repeat)":                                withCommon("# f\u00fcr alle"),
	"cert: trailing spaces (repeat)":                                   withCommon("x509_cert_dir=" + gridDir + "   "),
	"cert: x509_cert_dir=":                                             withCommon("x509_cert_dir="),
	"cert: x509_cert_dir=grid":                                         withCommon("x509_cert_dir=grid"),
	"cert: x509_cert_dir=/nosuch":                                      withCommon("x509_cert_dir=/nosuch"),
	`cert: x509_cert_dir="` + customDir + `"`:                          withCommon(`x509_cert_dir="` + customDir + `"`),
	"cert: x509_cert_dir=" + customDir + " # ours":                     withCommon("x509_cert_dir=" + customDir + " # ours"),
	"cert: x509_cert_dir=" + customDir + "/":                           withCommon("x509_cert_dir=" + customDir + "/"),
	"cert: x509_cert_dir=" + customDir + ":" + gridDir:                 withCommon("x509_cert_dir=" + customDir + ":" + gridDir),
	"cert: x509_cert_dir=" + gridDir + " + x509_cert_dir=" + customDir: withCommon("x509_cert_dir="+gridDir, "x509_cert_dir="+customDir),
	"cert: X509_CERT_DIR=" + customDir:                                 withCommon("X509_CERT_DIR=" + customDir),
	"cert: x509_cert_policy=":                                          withCommon("x509_cert_policy="),
	"cert: x509_cert_policy=Grid":                                      withCommon("x509_cert_policy=Grid"),
	"cert: x509_cert_policy=bogus":                                     withCommon("x509_cert_policy=bogus"),
	"cert: x509_cert_policy=grid # x":                                  withCommon("x509_cert_policy=grid # x"),
	"cert: x509_cert_policy=grid + x509_cert_policy=grid":              withCommon("x509_cert_policy=grid", "x509_cert_policy=grid"),
}

// strategyScenarios are the ways to admit an issuer under a public CA
// (arc-behaviour H1-H4).
var strategyScenarios = map[string]func(*world){
	"H1 split-trust": func(w *world) {
		w.install(w.root)
		w.mkdir(customDir)
		w.common = []string{"x509_cert_dir=" + customDir}
	},
	"H2 anchor-with-policy": func(w *world) {
		w.install(w.root)
		w.policy(w.root, "access_id_CA X509 '"+rootDN+"'\npos_rights globus CA:sign\ncond_subjects globus '\"/CN=nobody\"'\n")
	},
	"H4 x509_cert_policy=any, root in the system store": func(w *world) {
		w.write("/etc/pki/tls/certs/"+w.root.Hash()+".0", w.root.PEM())
		w.common = []string{"x509_cert_policy=any"}
	},
}

// issuerScenarios ask for the server that jwks_uri names, which has a CA of its
// own.
var issuerScenarios = map[string]func(*world){
	"jwks_uri on another server, its CA not installed": func(w *world) {
		w.install(w.root)
		w.otherServer()
	},
	"jwks_uri on another server, its CA installed": func(w *world) {
		w.install(w.root)
		w.install(w.otherServer())
	},
}

func (w *world) otherServer() (root *pki.Entity) {
	root = pki.New(pki.Spec{Subject: "/O=Other/CN=Other CA", Key: "rsa6"})
	w.chain = []*pki.Entity{pki.New(pki.Spec{Subject: "/CN=keys.example.org", Issuer: root, EKU: []string{"serverAuth"}})}
	return root
}
