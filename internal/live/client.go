package live

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Request is what a client shows.
type Request struct {
	Bearer []string         // tokens, each in a header of its own
	Cert   *tls.Certificate // nil: none
}

// Answer is what came back. The body is not read.
type Answer struct {
	Status int
	Closed bool  // the CE ended the connection without an answer
	Err    error // the CE could not be asked
}

// Asker asks a CE once.
type Asker func(context.Context, Request) Answer

const (
	letIn   = http.StatusOK
	timeout = 20 * time.Second
)

func statusText(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

// ParseCE reads the URL of a CE's interface, as wsurl has it:
// https://ce.example.org:443/arex.
func ParseCE(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%q is no URL of a CE, want one such as https://ce.example.org:443/arex", text)
	}
	return u, nil
}

// Client asks for the list of jobs, on a fresh connection each time, since
// authorisation can outlive a request on a kept one (arc-behaviour S11). No proxy
// of the environment is used and no redirect is followed.
func Client(ce *url.URL, trust *tls.Config) Asker {
	jobs := ce.JoinPath("rest", "1.0", "jobs").String()
	return func(ctx context.Context, q Request) Answer {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, jobs, nil)
		if err != nil {
			return Answer{Err: err}
		}
		request.Header.Set("Accept", "application/json")
		for _, token := range q.Bearer {
			request.Header.Add("Authorization", "Bearer "+token)
		}
		transport := transportOf(trust, q.Cert)
		defer transport.CloseIdleConnections()
		response, err := transport.RoundTrip(request)
		if err != nil {
			return failed(ctx, err)
		}
		_ = response.Body.Close() // nothing of it is wanted
		return Answer{Status: response.StatusCode}
	}
}

func transportOf(trust *tls.Config, cert *tls.Certificate) *http.Transport {
	config := trust.Clone()
	if cert != nil {
		// Also where the CE names no CA, or other ones.
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return cert, nil }
	}
	return &http.Transport{TLSClientConfig: config, DisableKeepAlives: true, DisableCompression: true}
}

// failed tells a connection that the CE ended from a CE that cannot be asked. The
// error never holds a part of the request.
func failed(ctx context.Context, err error) Answer {
	var op *net.OpError
	var dns *net.DNSError
	var verification *tls.CertificateVerificationError
	var slow net.Error
	switch {
	case errors.As(err, &verification):
		return Answer{Err: fmt.Errorf("the certificate of the CE is not accepted: %w", verification.Err)}
	case errors.As(err, &dns), errors.As(err, &op) && op.Op == "dial":
		return Answer{Err: fmt.Errorf("the CE cannot be reached: %w", err)}
	case ctx.Err() != nil, errors.As(err, &slow) && slow.Timeout():
		return Answer{Err: errors.New("the CE gives no answer in time")}
	}
	return Answer{Closed: true}
}
