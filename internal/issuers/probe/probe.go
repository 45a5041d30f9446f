// Package probe asks token issuers what they serve, as an ARC CE would, and
// says what each ARC release would stumble over. It talks to the network and
// to nothing of a site; the time is passed in.
package probe

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"time"

	"arclint/internal/issuers"
	"arclint/internal/release"
)

// defaultTimeout bounds each step: a TLS handshake, or a request.
const defaultTimeout = 10 * time.Second

// Options are what the probe is told from outside. Now must be set.
type Options struct {
	Now     time.Time
	Roots   *x509.CertPool                                                       // of SystemRoots; nil is this machine's store
	Timeout time.Duration                                                        // of each step; zero is 10 s
	Dial    func(ctx context.Context, network, address string) (net.Conn, error) // nil is a plain dialer
}

// Issuer probes one issuer. What goes wrong on the way is part of the Result.
func Issuer(ctx context.Context, issuerURL string, options Options) Result {
	p := &prober{options: options, result: Result{
		Issuer: issuerURL, At: options.Now.UTC(),
		Servers: []Server{}, Keys: []Key{}, Problems: []Problem{}, ARC: []Outcome{},
	}}
	if p.options.Timeout == 0 {
		p.options.Timeout = defaultTimeout
	}
	if p.options.Dial == nil {
		p.options.Dial = (&net.Dialer{}).DialContext
	}
	p.run(ctx)
	p.result.conclude()
	return p.result
}

// prober is one run of the probe.
type prober struct {
	options Options
	result  Result
}

// run follows the steps of ARC's key fetch: metadata, then jwks_uri.
func (p *prober) run(ctx context.Context) {
	host, port, err := issuers.HostPort(p.result.Issuer)
	if err != nil {
		p.result.add(Problem{
			Code: "issuer-not-https", Effect: Refused, Releases: allReleases(), Source: "arc-behaviour I1",
			Message: fmt.Sprintf("%v: ARC takes keys over https only", err),
		})
		return
	}
	if !strings.Contains(p.result.Issuer, "://") {
		p.result.add(Problem{
			Code: "issuer-without-scheme", Effect: Refused, Releases: releasesWhere(func(f *release.Facts) bool { return !f.IssuerWithoutScheme }), Source: "arc-behaviour I2",
			Message: "the issuer has no scheme, want https://: ARC 6.17 refuses it, 7.x puts https:// before it",
		})
	}
	if !p.judgeServer(ctx, host, port) {
		return
	}
	jwksURI, ok := p.metadata(ctx)
	if !ok {
		return
	}
	jwksHost, jwksPort, err := issuers.HostPort(jwksURI)
	if err != nil {
		p.refuseJWKS("jwks-uri-unreadable", fmt.Sprintf("jwks_uri: %v", err))
		return
	}
	if jwksHost != host || jwksPort != port {
		p.result.add(Problem{
			Code: "jwks-on-another-host", Effect: Needs, Releases: allReleases(), Source: "arc-behaviour I1",
			Message: fmt.Sprintf("jwks_uri %q is on another server than the issuer: the CE must trust the CA of both", jwksURI),
		})
		if !p.judgeServer(ctx, jwksHost, jwksPort) {
			return
		}
	}
	p.keys(ctx, jwksURI)
}

// unknown notes that a step failed, so that the rest was not seen.
func (p *prober) unknown(code, message string) {
	p.result.add(Problem{Code: code, Effect: Unknown, Releases: allReleases(), Message: message})
}
