package verify_test

import (
	"strings"
	"time"

	"arclint/fixtures/pki"
)

const userDN = "/DC=org/DC=example/CN=Jane Doe"

// user presents a certificate with that subject below the intermediate.
func (w *world) user(spec pki.Spec) *pki.Entity {
	if spec.Subject == "" {
		spec.Subject = userDN
	}
	spec.Issuer = w.inter
	w.present(pki.New(spec))
	w.install(w.root)
	return w.leaf
}

func withUser(spec pki.Spec) func(*world) { return func(w *world) { w.user(spec) } }

// withProxies presents proxies of a user, the first one issued by the user.
func withProxies(user pki.Spec, proxies ...pki.Spec) func(*world) {
	return func(w *world) {
		issuer := w.user(user)
		for i, spec := range proxies {
			spec.Issuer, spec.Key = issuer, []string{"rsa6", "rsa7", "rsa8"}[i]
			issuer = pki.New(spec)
			w.chain = append([]*pki.Entity{issuer}, w.chain...)
		}
	}
}

func proxy(language string) pki.Spec { return pki.Spec{Proxy: &pki.Proxy{Language: language}} }

func hostUser(eku ...string) pki.Spec {
	return pki.Spec{Subject: `/DC=org/CN=host\/ce.example.org`, EKU: eku}
}

// policyForHost is a world in which the signing policy of the issuing CA has
// that pattern and the client a slash in its name.
func policyForHost(pattern string) func(*world) {
	return func(w *world) {
		w.user(hostUser("clientAuth"))
		w.policy(w.inter, policyText(interDN, pattern))
	}
}

func legacy(language string) pki.Spec {
	return pki.Spec{Proxy: &pki.Proxy{Legacy: true, Language: language}}
}

var clientAuth = pki.Spec{EKU: []string{"clientAuth"}}

var clientScenarios = map[string]func(*world){
	"user certificate, full chain": withUser(clientAuth),
	"user certificate without the intermediate in the chain": func(w *world) {
		w.user(clientAuth)
		w.chain = w.chain[:1]
	},
	"RFC 3820 proxy (inherit all)":                            withProxies(clientAuth, proxy("inherit")),
	"proxy of a proxy":                                        withProxies(clientAuth, proxy("inherit"), proxy("inherit")),
	"independent RFC proxy":                                   withProxies(clientAuth, proxy("independent")),
	"limited RFC proxy":                                       withProxies(clientAuth, proxy("limited")),
	"proxy pathlen 0 violated":                                withProxies(clientAuth, pki.Spec{Proxy: &pki.Proxy{PathLen: pki.Int(0)}}, proxy("inherit")),
	"expired proxy":                                           withProxies(clientAuth, pki.Spec{Proxy: &pki.Proxy{}, NotAfter: pki.Now.Add(-time.Minute)}),
	"legacy proxy CN=proxy (no proxyCertInfo)":                withProxies(clientAuth, legacy("")),
	"legacy limited proxy":                                    withProxies(clientAuth, legacy("limited")),
	"host certificate serverAuth only":                        withUser(hostUser("serverAuth")),
	"host certificate serverAuth+clientAuth, DN with a slash": withUser(hostUser("serverAuth", "clientAuth")),
	"proxy of a serverAuth-only certificate":                  withProxies(hostUser("serverAuth"), proxy("inherit")),
	"no EKU":                                                  withUser(pki.Spec{}),
	"EKU codeSigning only":                                    withUser(pki.Spec{EKU: []string{"codeSigning"}}),
	"DN with emailAddress":                                    withUser(pki.Spec{Subject: "/DC=org/CN=J/emailAddress=j@example.org"}),
	"DN with UTF-8":                                           withUser(pki.Spec{Subject: "/DC=org/CN=Jos\u00e9"}),
	"self-signed client certificate, not in dir": func(w *world) {
		w.install(w.root)
		w.chain = []*pki.Entity{pki.New(pki.Spec{Subject: userDN, IsCA: pki.False, EKU: []string{"clientAuth"}})}
	},
	"certificate + token":         withUser(clientAuth),
	"expired token + certificate": withUser(clientAuth),
	"untrusted certificate + good token": func(w *world) {
		w.user(clientAuth)
		other := pki.New(pki.Spec{Subject: "/O=Other/CN=Other CA", Key: "rsa6"})
		w.chain = []*pki.Entity{pki.New(pki.Spec{Subject: userDN, Issuer: other, EKU: []string{"clientAuth"}})}
	},
	"only voms= rule, plain certificate":                    withUser(clientAuth),
	"only all=yes, plain certificate of a trusted CA":       withUser(clientAuth),
	"only all=yes, serverAuth+clientAuth host certificate":  withUser(hostUser("serverAuth", "clientAuth")),
	"subject= DN, proxy":                                    withProxies(clientAuth, proxy("inherit")),
	"DN CN=host/ce..., subject= with plain slash":           withUser(hostUser()),
	`DN CN=host/ce..., subject= with \/`:                    withUser(hostUser()),
	"DN CN=host/ce..., file= with plain slash":              withUser(hostUser()),
	`DN CN=host/ce..., file= with \/`:                       withUser(hostUser()),
	"DN CN=A+B, subject= plain +":                           withUser(pki.Spec{Subject: `/DC=org/CN=A\+B`}),
	`DN CN=A+B, subject= \+`:                                withUser(pki.Spec{Subject: `/DC=org/CN=A\+B`}),
	"signing_policy for CN=host/ce: exact with plain slash": policyForHost(`"/DC=org/CN=host/ce.example.org"`),
	"signing_policy for CN=host/ce: /DC=org/CN=host/*":      policyForHost(`"/DC=org/CN=host/*"`),
	"signing_policy for CN=host/ce: /DC=org/*":              policyForHost(`"/DC=org/*"`),
}

// policyText is a signing policy as IGTF writes it; patterns is what stands
// between the single quotes.
func policyText(ca, patterns string) string {
	return policyLines("access_id_CA X509 '"+ca+"'", "cond_subjects globus '"+patterns+"'")
}

func policyLines(access, cond string) string {
	return access + "\npos_rights globus CA:sign\n" + cond + "\n"
}

// withPolicy gives the user's CA a policy, and the root a sound one.
func withPolicy(text string) func(*world) {
	return func(w *world) {
		w.user(clientAuth)
		w.policy(w.inter, text)
		w.policy(w.root, policyText(rootDN, `"`+interDN+`"`))
	}
}

func withPattern(patterns string) func(*world) { return withPolicy(policyText(interDN, patterns)) }

func withCA(ca string) func(*world) {
	return withPolicy(policyLines("access_id_CA X509 "+ca, `cond_subjects globus '"/DC=org/*"'`))
}

func withCond(cond string) func(*world) {
	return withPolicy(policyLines("access_id_CA X509 '"+interDN+"'", cond))
}

// withName is withPattern for a user of another name.
func withName(subject, patterns string) func(*world) {
	return func(w *world) {
		w.user(pki.Spec{Subject: subject, EKU: []string{"clientAuth"}})
		w.policy(w.inter, policyText(interDN, patterns))
	}
}

const soundPattern = `"/DC=org/DC=example/*"`

var soundPolicy = policyText(interDN, soundPattern)

// lines puts something around or between the three lines of a sound policy.
func lines(change func(access, rights, cond string) string) func(*world) {
	parts := strings.SplitN(strings.TrimSpace(soundPolicy), "\n", 3)
	return withPolicy(change(parts[0], parts[1], parts[2]))
}

var policyScenarios = map[string]func(*world){
	"no policy files at all":                withUser(clientAuth),
	"both: exact DN in double quotes":       withPattern(`"` + userDN + `"`),
	"leaf issuer: pattern /DC=org/DC=lab/*": withPattern(soundPattern),
	"leaf issuer: other pattern":            withPattern(`"/DC=com/*"`),
	"root policy does not cover the intermediate": func(w *world) {
		w.user(clientAuth)
		w.policy(w.inter, soundPolicy)
		w.policy(w.root, policyText(rootDN, `"/C=US/O=Other/*"`))
	},
	"root policy covers, leaf issuer has no file": func(w *world) {
		w.user(clientAuth)
		w.policy(w.root, policyText(rootDN, `"`+interDN+`"`))
	},
	"pattern * alone": withPattern(`*`),
	`pattern "*"`:     withPattern(`"*"`),
	"pattern unquoted inside single quotes, with a space in it": withPattern(userDN),
	"pattern unquoted inside single quotes, no space":           withPattern(`/DC=org/DC=example/*`),
	"two patterns, second matches":                              withPattern(`"/DC=com/*" "/DC=org/*"`),
	"two patterns, first matches":                               withPattern(`"/DC=org/*" "/DC=com/*"`),
	"cond_subjects in double quotes outside, single inside":     withCond(`cond_subjects globus "'/DC=org/DC=example/*'"`),
	"cond_subjects without outer quotes":                        withCond(`cond_subjects globus "/DC=org/DC=example/*"`),
	"cond_subjects bare":                                        withCond(`cond_subjects globus /DC=org/DC=example/*`),

	"CA subject unquoted (contains a space)": withCA(interDN),
	"CA subject in double quotes":            withCA(`"` + interDN + `"`),
	"CA subject wrong":                       withCA("'/C=US/O=Example Trust/CN=Other'"),
	"CA subject in reversed RFC2253 form":    withCA("'CN=Example Issuing CA,O=Example Trust,C=US'"),
	"CA subject C and O swapped":             withCA("'/O=Example Trust/C=US/CN=Example Issuing CA'"),
	"CA subject case differs":                withCA("'" + strings.ToUpper(interDN) + "'"),

	"pattern case differs":                             withPattern(`"/dc=org/dc=example/*"`),
	"pattern prefix without *":                         withPattern(`"/DC=org/DC=example"`),
	"pattern dot as metacharacter /DC.org/*":           withPattern(`"/DC.org/*"`),
	"pattern with | : /DC=com|.*":                      withPattern(`"/DC=com|.*"`),
	"pattern with ? (Globus: one character) /DC=or?/*": withPattern(`"/DC=or?/*"`),
	"pattern with + in it: literal DN CN=A+B":          withName(`/DC=org/CN=A\+B`, `"/DC=org/CN=A+B"`),
	"DN with parentheses, exact pattern":               withName("/DC=org/CN=Jane (1)", `"/DC=org/CN=Jane (1)"`),
	"DN with parentheses, pattern with *":              withName("/DC=org/CN=Jane (1)", `"/DC=org/*"`),
	"DN with apostrophe, pattern *":                    withName("/DC=org/CN=O'Neil", `"*"`),
	"DN with UTF-8, pattern /DC=org/*":                 withName("/DC=org/CN=Jos\u00e9", `"/DC=org/*"`),
	`DN with UTF-8, exact pattern with \x escapes`:     withName("/DC=org/CN=Jos\u00e9", `"/DC=org/CN=Jos\xC3\xA9"`),
	`CA DN with UTF-8, subject with \x escapes`: func(w *world) {
		w.inter = pki.New(pki.Spec{Subject: "/C=ES/O=Autoridad Espa\u00f1a/CN=CA", Key: "rsa3", Issuer: w.root, IsCA: pki.True})
		w.user(clientAuth)
		w.policy(w.inter, policyText(`/C=ES/O=Autoridad Espa\xC3\xB1a/CN=CA`, soundPattern))
	},
	"e-mail: DN has emailAddress, pattern emailAddress=": withName("/DC=org/CN=J/emailAddress=j@example.org", `"/DC=org/CN=J/emailAddress=*"`),
	"e-mail: DN has emailAddress, pattern Email=":        withName("/DC=org/CN=J/emailAddress=j@example.org", `"/DC=org/CN=J/Email=*"`),
	"e-mail: DN has emailAddress, pattern E=":            withName("/DC=org/CN=J/emailAddress=j@example.org", `"/DC=org/CN=J/E=*"`),

	"CRLF policy":                                   withPolicy(strings.ReplaceAll(soundPolicy, "\n", "\r\n")),
	"tabs and blank lines and comments":             withPolicy("# Example\n\n" + strings.ReplaceAll(strings.ReplaceAll(soundPolicy, " globus ", "\tglobus\t"), "\n", "\n\n# next\n")),
	"comment at end of the cond line":               withCond("cond_subjects globus '" + soundPattern + "' # ours"),
	"indented lines":                                withPolicy("  " + strings.ReplaceAll(soundPolicy, "\n", "\n\t ")),
	"BOM":                                           withPolicy("\xef\xbb\xbf" + soundPolicy),
	"empty policy file":                             withPolicy(""),
	"comments only":                                 withPolicy("# nothing\n"),
	"no pos_rights line":                            lines(func(access, _, cond string) string { return access + "\n" + cond + "\n" }),
	"neg_rights":                                    lines(func(access, _, cond string) string { return access + "\nneg_rights globus CA:sign\n" + cond + "\n" }),
	"no cond_subjects":                              lines(func(access, rights, _ string) string { return access + "\n" + rights + "\n" }),
	"two cond_subjects lines, first matches":        withPolicy(soundPolicy + `cond_subjects globus '"/DC=com/*"'` + "\n"),
	"two cond_subjects lines, second matches":       withPolicy(policyText(interDN, `"/DC=com/*"`) + `cond_subjects globus '` + soundPattern + "'\n"),
	"two access_id blocks, first other CA":          withPolicy(policyText("/CN=Other", `"/DC=com/*"`) + soundPolicy),
	"two access_id blocks, same CA, second matches": withPolicy(policyText(interDN, `"/DC=com/*"`) + soundPolicy),
	"unknown line after":                            withPolicy(soundPolicy + "something else\n"),
	"unknown line before":                           withPolicy("something else\n" + soundPolicy),
	"missing closing quote in cond":                 withCond("cond_subjects globus '" + soundPattern),
	"policy (deny) under the old hash name only": func(w *world) {
		w.user(clientAuth)
		w.write(gridDir+"/"+w.inter.OldHash()+".signing_policy", []byte(policyText(interDN, `"/CN=nobody"`)))
	},
}
