package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	maxBody   = 1 << 20 // of metadata and key sets; real ones have a few kilobytes
	maxHeader = 64 << 10
)

// errTooLarge tells that an answer is longer than the probe reads.
var errTooLarge = errors.New("the answer is longer than the probe reads")

// handshake connects by TLS and verifies nothing: a chain is wanted even
// where nobody trusts it, and the judging is done on what was served.
func (p *prober) handshake(ctx context.Context, host, port string) (*tls.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, p.options.Timeout)
	defer cancel()
	raw, err := p.options.Dial(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, err
	}
	conn := tls.Client(raw, &tls.Config{
		ServerName:         host,
		InsecureSkipVerify: true,
		Time:               func() time.Time { return p.options.Now },
	})
	if err := conn.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return conn, nil
}

// get fetches a document as ARC does: by HTTP/1.1 over a connection of its own,
// without proxy, without following redirects, without credentials.
func (p *prober) get(ctx context.Context, url string) (*Document, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, p.options.Timeout)
	defer cancel()
	transport := &http.Transport{
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		DialTLSContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			return p.handshake(ctx, host, port)
		},
	}
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("User-Agent", "arclint")
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	doc := &Document{
		URL: url, Status: response.StatusCode,
		Location: response.Header.Get("Location"), ContentType: response.Header.Get("Content-Type"),
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if err != nil {
		return doc, nil, fmt.Errorf("reading %s: %w", url, err)
	}
	if len(body) > maxBody {
		return doc, nil, fmt.Errorf("%s: %w (%d bytes)", url, errTooLarge, maxBody)
	}
	doc.Bytes = len(body)
	return doc, body, nil
}
