//go:build lab

package lab

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"arclint/fixtures/pki"
)

// Answer is what the CE did with a request.
type Answer struct {
	Status  int    // of HTTP; 0 where TLS was refused or the connection closed
	Refusal string // why there is no status
	Account string // the local account that the request was mapped to, "" where none

	refused bool // by the CE
}

// Trusted says whether TLS let the client in, authorised or not.
func (a Answer) Trusted() bool { return a.Status != 0 }

// Accepted says whether the request was served.
func (a Answer) Accepted() bool { return a.Status == http.StatusOK }

func (a Answer) String() string {
	if a.Status == 0 {
		return "000 " + a.Refusal
	}
	return strings.TrimSpace(fmt.Sprint(a.Status, " ", a.Account))
}

// AskWithToken asks for the list of jobs with a token.
func (c *CE) AskWithToken(token string) Answer {
	return c.ask(nil, map[string]string{"Authorization": "Bearer " + token})
}

// AskWithCertificate asks with a client certificate, leaf first.
func (c *CE) AskWithCertificate(chain []*pki.Entity) Answer { return c.ask(chain, nil) }

// ask makes one request on a connection of its own (arc-behaviour S11). A CE
// refuses a client certificate by an alert or by closing the connection. Where
// the handshake ends otherwise, which happens once in some hundred, or there was
// no certificate to refuse, it has not answered, and is asked again.
func (c *CE) ask(chain []*pki.Entity, headers map[string]string) (a Answer) {
	for range 3 {
		if a = c.askOnce(chain, headers); a.Status != 0 || a.refused && chain != nil {
			break
		}
	}
	return a
}

func (c *CE) askOnce(chain []*pki.Entity, headers map[string]string) Answer {
	before := c.logged()
	req, err := http.NewRequest(http.MethodGet, fmt.Sprintf("https://127.0.0.1:%d/arex/rest/1.0/jobs", c.Port), nil)
	if err != nil {
		panic(err) // the URL is ours
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	// The CE's own certificate is not in question here, and Go must not choose
	// whether to send the client's.
	config := &tls.Config{InsecureSkipVerify: true}
	if chain != nil {
		cert := credential(chain)
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil }
	}
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return Answer{Refusal: reason(err), refused: byPeer(err)}
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body) // the CE has answered
	return Answer{Status: resp.StatusCode, Account: accountIn(c.logSince(before))}
}

// reason leaves out which URL was asked for.
func reason(err error) string {
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	return err.Error()
}

// byPeer says whether the CE has ended the handshake: by an alert, or by closing
// the connection.
func byPeer(err error) bool {
	return strings.Contains(err.Error(), "remote error: tls:") || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// mappedTo stands in the log before the account of a request.
const mappedTo = "mapped to local identity '"

func accountIn(log string) string {
	_, rest, ok := strings.Cut(log, mappedTo)
	if !ok {
		return ""
	}
	account, _, _ := strings.Cut(rest, "'")
	return account
}
