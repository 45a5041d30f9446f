//go:build lab

package lab

import (
	"bytes"
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
	Status  int      // of HTTP; 0 where TLS was refused or the connection closed
	Refusal string   // why there is no status
	Account string   // the local account that the request was mapped to, "" where none
	Groups  []string // the authgroups that the client is in, in the order of arc.conf
	Job     bool     // a job was taken
	Reason  string   // what was said of it

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

// request is one to the job interface.
type request struct {
	chain []*pki.Entity // of the client, leaf first; nil: it shows no certificate
	token string
	job   string // a job description to submit; "": the list of jobs is asked for
}

// AskWithToken asks for the list of jobs with a token.
func (c *CE) AskWithToken(token string) Answer { return c.ask(request{token: token}) }

// AskWithCertificate asks with a client certificate, leaf first.
func (c *CE) AskWithCertificate(chain []*pki.Entity) Answer { return c.ask(request{chain: chain}) }

// Ask asks with whatever is given of a client certificate and a token.
func (c *CE) Ask(chain []*pki.Entity, token string) Answer {
	return c.ask(request{chain: chain, token: token})
}

// Submit submits a job that nothing will run: A-REX itself is not started.
func (c *CE) Submit(chain []*pki.Entity, token string) Answer {
	return c.ask(request{chain: chain, token: token, job: `&(executable="/bin/true")`})
}

// ask makes one request on a connection of its own (arc-behaviour S11). A CE
// refuses a client certificate by an alert or by closing the connection. Where
// the handshake ends otherwise, which happens once in some hundred, or there was
// no certificate to refuse, it has not answered, and is asked again.
func (c *CE) ask(r request) (a Answer) {
	for range 3 {
		if a = c.askOnce(r); a.Status != 0 || a.refused && r.chain != nil {
			break
		}
	}
	return a
}

func (c *CE) askOnce(r request) Answer {
	before := c.logged()
	// The CE's own certificate is not in question here, and Go must not choose
	// whether to send the client's.
	config := &tls.Config{InsecureSkipVerify: true}
	if r.chain != nil {
		cert := credential(r.chain)
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil }
	}
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
	resp, err := client.Do(r.http(c.Port))
	if err != nil {
		return Answer{Refusal: reason(err), refused: byPeer(err)}
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<16)) // what is missing is no job
	log := c.logSince(before)
	a := Answer{Status: resp.StatusCode, Account: accountIn(log), Groups: groupsIn(log)}
	if r.job != "" {
		a.Job, a.Reason = tookJob(body), reasonOfJob(body)
	}
	return a
}

func (r request) http(port int) *http.Request {
	method, query := http.MethodGet, ""
	if r.job != "" {
		method, query = http.MethodPost, "?action=new"
	}
	req, err := http.NewRequest(method, fmt.Sprintf("https://127.0.0.1:%d/arex/rest/1.0/jobs%s", port, query), strings.NewReader(r.job))
	if err != nil {
		panic(err) // the URL is ours
	}
	req.Header.Set("Accept", "application/json")
	if r.job != "" {
		req.Header.Set("Content-Type", "application/rsl")
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	return req
}

// tookJob reads the answer to one new job: the status of HTTP is that of the
// request, and the job has its own.
func tookJob(body []byte) bool {
	return bytes.Contains(body, []byte(`"status-code":"201"`))
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

// assigned stands in the log before each authgroup of a client.
const assigned = "Assigned to authorization group "

func groupsIn(log string) []string {
	var groups []string
	for line := range strings.Lines(log) {
		if _, group, ok := strings.Cut(line, assigned); ok {
			groups = append(groups, strings.TrimSpace(group))
		}
	}
	return groups
}
