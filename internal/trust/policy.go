package trust

import (
	"fmt"

	"arclint/internal/gridsec"
	"arclint/internal/openssl"
)

// policyCheck is what the callback of ARC 6.17 adds: if the issuer has a signing
// policy in the directory, it must allow the subject. Proxies and self-issued
// certificates are let through.
//
// Source: verify_callback in PayloadTLSMCC.cpp; arc-behaviour E2.
func policyCheck(dir *gridsec.Dir) func(openssl.Checked) *openssl.Refusal {
	return func(c openssl.Checked) *openssl.Refusal {
		if c.Proxy || c.SelfIssued {
			return nil
		}
		if e := dir.Lookup(policyName(c.IssuerHash)); e != nil && e.Unseen() {
			return &openssl.Refusal{Reason: SigningPolicy, Text: "it depends on the signing policy " + e.Path, Source: "arc-behaviour E2", Path: e.Path, Unseen: e.Path}
		}
		f := policyFile(dir, c.IssuerHash)
		if f == nil {
			return nil
		}
		d := f.Policy.Decide617(c.IssuerName, c.SubjectName)
		if d.Allowed {
			return nil
		}
		return &openssl.Refusal{
			Reason: SigningPolicy,
			Text:   "the signing policy of " + c.IssuerName + " does not allow " + c.SubjectName + ": " + d.Reason,
			Source: "arc-behaviour E2", Path: f.Path,
		}
	}
}

// policyName is the name of the file that ARC opens for an issuer.
func policyName(issuer uint32) string { return fmt.Sprintf("%08x.signing_policy", issuer) }

// policyFile is the file that ARC opens for an issuer; nil where it cannot be
// opened, which ARC takes for "no policy".
func policyFile(d *gridsec.Dir, issuer uint32) *gridsec.File {
	e := d.Lookup(policyName(issuer))
	if e == nil || e.Err != nil || e.File.Policy == nil {
		return nil
	}
	return e.File
}
