package verify

import (
	"fmt"

	"arclint/internal/gridsec"
)

// checkPolicy is what ARC 6.17 adds for the certificate c: if the issuer has a
// signing policy, it must allow the subject. Proxies and self-issued
// certificates are let through.
//
// Source: verify_callback in PayloadTLSMCC.cpp; arc-behaviour E2.
func (r *run) checkPolicy(c *facts) *fault {
	if r.PolicyDir == nil || c.proxy || c.selfIssued {
		return nil
	}
	f := policyFile(r.PolicyDir, c.IssuerHash)
	if f == nil {
		return nil
	}
	d := f.Policy.Decide617(c.IssuerName, c.SubjectName)
	if d.Allowed {
		return nil
	}
	return &fault{
		reason: SigningPolicy,
		text:   "the signing policy of " + c.IssuerName + " does not allow " + c.SubjectName + ": " + d.Reason,
		source: "arc-behaviour E2", path: f.Path,
	}
}

// policyFile is the file that ARC opens for an issuer; nil where it cannot be
// opened, which ARC takes for "no policy".
func policyFile(d *gridsec.Dir, issuer uint32) *gridsec.File {
	e := d.Lookup(fmt.Sprintf("%08x.signing_policy", issuer))
	if e == nil || e.Err != nil || e.File.Policy == nil {
		return nil
	}
	return e.File
}
