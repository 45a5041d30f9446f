package trust

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"

	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/internal/trust"
)

// ofSystem counts the anchors that come from OpenSSL's default store.
func ofSystem(s *site.Site, anchors []*gridsec.Certificate) int {
	count := 0
	for _, c := range anchors {
		if inSystem(s, c) {
			count++
		}
	}
	return count
}

func inSystem(s *site.Site, c *gridsec.Certificate) bool {
	if s.System.File != nil && c.File == s.System.File {
		return true
	}
	for _, file := range s.System.Dir.Files {
		if c.File == file {
			return true
		}
	}
	return false
}

// policyOption is x509_cert_policy as arc.conf sets it; ok is false where the
// default grid holds.
func policyOption(s *site.Site) (value string, at source.Span, ok bool) {
	return s.Written("common", "x509_cert_policy")
}

// opensSystemStore says whether the key fetch looks at the system's CAs.
func opensSystemStore(s *site.Site) bool {
	value, _, ok := policyOption(s)
	return ok && s.Release.CertPolicy.Known() && value != "grid"
}

// x509Rule is the first rule of an authgroup that a certificate, alone or with
// VOMS attributes, can match; ok is false where none decides by certificate. An
// inverted rule of another kind matches every certificate (arc-behaviour S6).
func x509Rule(s *site.Site) (line source.Span, ok bool) {
	for _, group := range s.Access.Groups {
		for _, r := range group.Rules {
			if r.Positive() && (r.Inverted || takesCertificate(r.Test)) {
				return r.Option.Line, true
			}
		}
	}
	return source.Span{}, false
}

func takesCertificate(t authgroup.Test) bool {
	switch t := t.(type) {
	case *authgroup.Subject, *authgroup.File, *authgroup.VOMS, *authgroup.UserLists, *authgroup.Plugin:
		return true
	case *authgroup.All:
		return t.Yes()
	}
	return false
}

// refusedCurves are the curves of client keys that the CE refuses with that
// tlscurve.
func refusedCurves(s *site.Site, tlscurve string) []string {
	var refused []string
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		c := &gridsec.Certificate{Certificate: &x509.Certificate{PublicKey: &ecdsa.PublicKey{Curve: curve}}}
		if no, _ := trust.CurveRefuses(s.Release.TLS13, tlscurve, c); no {
			refused = append(refused, curve.Params().Name)
		}
	}
	return refused
}
