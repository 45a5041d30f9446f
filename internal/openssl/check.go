package openssl

import (
	"fmt"
	"strconv"

	"arclint/internal/certificate"
)

func (r *run) checkLeafKey() *Refusal {
	leaf := r.path[0]
	if bits, want := securityBits(leaf.key), levelBits(r.Profile.Level); bits < want {
		return &Refusal{Reason: WeakKey, Text: fmt.Sprintf("the key of %s gives %d bits of security, security level %d wants %d", leaf.SubjectName, bits, r.Profile.Level, want), Source: "arc-behaviour D7"}
	}
	return nil
}

// checkExtensions is check_extensions: what each certificate may be used for,
// given what stands below it.
func (r *run) checkExtensions() *Refusal {
	const (
		anything = -1 // the leaf: it may be a CA
		endOnly  = 0  // below it stands a proxy
		caOnly   = 1
	)
	want, above, proxies := anything, 0, 0
	for i, c := range r.path {
		top := i == len(r.path)-1
		kind := c.ca()
		switch {
		case c.critical:
			return &Refusal{Reason: Unreadable, Text: c.SubjectName + " has a critical extension that OpenSSL does not know", Source: "RFC 5280 section 4.2"}
		case want == endOnly && kind != notCA:
			return &Refusal{Reason: WrongPurpose, Text: "the issuer of a proxy, " + c.SubjectName + ", is a CA", Source: "RFC 3820 section 3.1"}
		case want == caOnly && (kind == notCA || !top && kind != plainCA):
			return &Refusal{Reason: NotACA, Text: c.SubjectName + " issued a certificate but is not a CA", Source: "arc-behaviour D7", Path: filePath(c)}
		}
		if len(r.path) > 1 && certificate.HasOwnCurve(c.key) {
			return &Refusal{Reason: WeakKey, Text: "the key of " + c.SubjectName + " gives its curve by numbers in place of a name", Source: "RFC 5480 section 2.1.1", Path: filePath(c)}
		}
		if f := r.checkPurpose(i, want == caOnly); f != nil {
			return f
		}
		if i > 1 && c.pathLen >= 0 && above > c.pathLen+proxies {
			return &Refusal{Reason: PathLength, Text: c.SubjectName + " allows " + strconv.Itoa(c.pathLen) + " CAs below it, the path has " + strconv.Itoa(above-proxies), Source: "arc-behaviour D7", Path: filePath(c)}
		}
		if i > 0 && !c.selfIssued {
			above++
		}
		want = caOnly
		if c.proxy {
			if c.proxyPathLen >= 0 {
				if proxies > c.proxyPathLen {
					return &Refusal{Reason: PathLength, Text: c.SubjectName + " allows " + strconv.Itoa(c.proxyPathLen) + " proxies below it, the path has " + strconv.Itoa(proxies), Source: "arc-behaviour F2"}
				}
				proxies = c.proxyPathLen
			}
			proxies++
			want = endOnly
		}
	}
	return nil
}

// checkPurpose is check_purpose: the trust settings of a certificate of the
// store go before its extensions.
func (r *run) checkPurpose(i int, issuer bool) *Refusal {
	c, result := r.path[i], untrusted
	if r.purpose == Any {
		return nil
	}
	if i >= r.untrusted {
		result = c.trust(r.purpose, false)
	}
	if result == trusted || result == untrusted && c.allows(r.purpose, issuer) {
		return nil
	}
	use := "TLS server"
	if r.purpose == Client {
		use = "TLS client"
	}
	return &Refusal{Reason: WrongPurpose, Text: c.SubjectName + " may not be used for a " + use, Source: "arc-behaviour D8", Path: filePath(c)}
}

// checkStrength is check_auth_level. The leaf's key was looked at before, and
// the signature of the last certificate never is.
func (r *run) checkStrength() *Refusal {
	want := levelBits(r.Profile.Level)
	for i, c := range r.path {
		if bits := securityBits(c.key); i > 0 && bits < want {
			return &Refusal{Reason: WeakKey, Text: fmt.Sprintf("the key of the CA %s gives %d bits of security, security level %d wants %d", c.SubjectName, bits, r.Profile.Level, want), Source: "arc-behaviour D7", Path: filePath(c)}
		}
		if how := r.Profile.scheme(c.signature.Outer); i < len(r.path)-1 && how.Bits < want {
			return &Refusal{Reason: WeakKey, Text: fmt.Sprintf("%s is signed with %s, which gives %d bits of security, security level %d wants %d", c.SubjectName, how.Name, how.Bits, r.Profile.Level, want), Source: "arc-behaviour D7", Path: filePath(c)}
		}
	}
	return nil
}

// checkSignatures is internal_verify: from the anchor down, each signature, then
// the validity of the certificate that bears it, then the callback. An anchor
// that did not sign itself is not looked at.
func (r *run) checkSignatures() *Refusal {
	n := len(r.path) - 1
	issuer := r.path[n]
	if !issuer.issuedBy(issuer) {
		if n == 0 {
			return &Refusal{Reason: BadSignature, Text: "the signature of " + issuer.SubjectName + " cannot be checked: its issuer is not known"}
		}
		n--
	}
	for ; n >= 0; n-- {
		c := r.path[n]
		if c != issuer {
			if f := r.checkIssuing(issuer, c); f != nil {
				return f
			}
		}
		if f := r.checkTime(c); f != nil {
			return f
		}
		if f := r.ask(c); f != nil {
			return f
		}
		issuer = c
	}
	return nil
}

func (r *run) checkIssuing(issuer, c *facts) *Refusal {
	switch {
	case c.proxy && lacks(issuer.keyUsage, kuDigitalSignature):
		return &Refusal{Reason: WrongPurpose, Text: "the key usage of " + issuer.SubjectName + " has no digitalSignature, so that it may not issue a proxy", Source: "RFC 3820 section 3.3"}
	case !c.proxy && lacks(issuer.keyUsage, kuCertSign):
		return &Refusal{Reason: NotACA, Text: "the key usage of " + issuer.SubjectName + " has no keyCertSign", Source: "RFC 5280 section 4.2.1.3", Path: filePath(issuer)}
	}
	if f := r.Profile.refusesSHA1(c.SignatureAlgorithm, c.SubjectName, BadSignature, filePath(c)); f != nil {
		return f
	}
	err := r.Store.seen.checkSignature(issuer, c.signature, c.Raw, c.RawTBSCertificate, c.Signature)
	if r.cannotCheck(err, "the signature of "+c.SubjectName, filePath(issuer)) {
		return nil
	}
	if err != nil {
		return &Refusal{Reason: BadSignature, Text: "the signature of " + c.SubjectName + " is not by the key of " + issuer.SubjectName + ": " + err.Error(), Source: "arc-behaviour D2", Path: filePath(issuer)}
	}
	return nil
}

const timeLayout = "2006-01-02 15:04:05 MST"

func (r *run) checkTime(c *facts) *Refusal {
	switch {
	case c.NotBefore.IsZero():
		return &Refusal{Reason: Unreadable, Text: "OpenSSL cannot read the time from which " + c.SubjectName + " is valid", Source: "RFC 5280 section 4.1.2.5", Path: filePath(c)}
	case c.NotBefore.After(r.now):
		return &Refusal{Reason: NotYetValid, Text: c.SubjectName + " is valid from " + c.NotBefore.UTC().Format(timeLayout) + " on", Source: "arc-behaviour D7", Path: filePath(c)}
	case c.NotAfter.IsZero():
		return &Refusal{Reason: Unreadable, Text: "OpenSSL cannot read the time at which " + c.SubjectName + " expires", Source: "RFC 5280 section 4.1.2.5", Path: filePath(c)}
	case !c.NotAfter.After(r.now):
		return &Refusal{Reason: Expired, Text: c.SubjectName + " expired at " + c.NotAfter.UTC().Format(timeLayout), Source: "arc-behaviour D7", Path: filePath(c)}
	}
	return nil
}

// checkNames is check_name_constraints: the rule on the subject of a proxy, and
// the constraints of every certificate above, the anchor's included. Self-issued
// certificates that issued another are left out.
func (r *run) checkNames() *Refusal {
	for i := len(r.path) - 1; i >= 0; i-- {
		c := r.path[i]
		if i != 0 && c.selfIssued {
			continue
		}
		if c.proxy && !isProxyName(c) {
			return &Refusal{Reason: NameConstraint, Text: "the subject of the proxy " + c.SubjectName + " is not that of its issuer and one commonName", Source: "RFC 3820 section 3.4"}
		}
		for _, above := range r.path[i+1:] {
			if above.constraints == nil {
				continue
			}
			if why := above.constraints.refuse(r.Profile, c, i == 0 && !c.hasDNSName()); why != "" {
				return &Refusal{Reason: NameConstraint, Text: "the name constraints of " + above.SubjectName + " refuse " + c.SubjectName + ": " + why, Source: "arc-behaviour D7", Path: filePath(above)}
			}
		}
	}
	return nil
}

func (f *facts) hasDNSName() bool {
	for _, n := range f.names {
		if n.Tag == nameDNS {
			return true
		}
	}
	return false
}

func isProxyName(f *facts) bool {
	issuerCount, _ := lastIsCommonName(f.RawIssuer)
	count, cn := lastIsCommonName(f.RawSubject)
	return cn && issuerCount > 0 && count == issuerCount+1 && len(f.subject) > len(f.issuer) && f.subject[:len(f.issuer)] == f.issuer
}
