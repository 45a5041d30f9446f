package live_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"arclint/internal/live"
)

// patience is what the servers of these tests have, and tooLong when a test
// gives up on one that holds.
const (
	patience = 300 * time.Millisecond
	tooLong  = time.Minute
)

func impatient(t *testing.T) *live.Server {
	t.Helper()
	made, _ := throwAway(t, nil)
	server, err := live.ServeWithin("127.0.0.1:0", issuerURL, made, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server
}

func dial(t *testing.T, server *live.Server, secure bool) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if secure {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	}
	if err := conn.SetDeadline(time.Now().Add(tooLong)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// cutOff waits until the server hangs up, whatever it answers before.
func cutOff(conn net.Conn) error {
	_, err := io.Copy(io.Discard, conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("the server still holds the connection after %v", tooLong)
	}
	return nil
}

// asks is a sound question of a CE.
func asks(t *testing.T, server *live.Server) {
	t.Helper()
	conn := dial(t, server, true)
	_, _ = io.WriteString(conn, "GET /negtest/jwks HTTP/1.1\r\nHost: ce\r\nConnection: close\r\n\r\n")
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("a CE gets %v, %v, want the keys", r, err)
	}
	_ = r.Body.Close()
}

// TestSlowClients: whoever sends slowly, without end, or other than he says, is
// cut off, and CEs are answered meanwhile.
func TestSlowClients(t *testing.T) {
	server := impatient(t)
	get := "GET /negtest/jwks HTTP/1.1\r\nHost: ce\r\n"
	for name, c := range map[string]struct {
		plain       bool
		first, more string // what is sent at once, and then again and again
	}{
		"silent":                  {plain: true},
		"half a handshake":        {plain: true, first: "\x16\x03\x01\x02\x00\x01"},
		"no request":              {},
		"a slow header":           {first: "GET / HTTP/1.1\r\n", more: "X: y\r\n"},
		"an endless header":       {first: get + "X: ", more: strings.Repeat("x", 4096)},
		"a slow body":             {first: get + "Content-Length: 1000000\r\n\r\n", more: "x"},
		"a body that is not sent": {first: get + "Content-Length: 1000\r\n\r\n"},
		"a body that is posted":   {first: strings.Replace(get, "GET", "POST", 1) + "Content-Length: 1000000\r\n\r\n", more: "x"},
		"an endless chunked body": {first: get + "Transfer-Encoding: chunked\r\n\r\n", more: "1000\r\n" + strings.Repeat("x", 0x1000) + "\r\n"},
		"a body to be continued":  {first: get + "Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n"},
		"an idle connection":      {first: get + "\r\n"},
		"no HTTP":                 {first: "\x00\x01\x02\r\n\r\n", more: "\x00"},
		"questions without end":   {first: strings.Repeat(get+"\r\n", 200), more: get + "\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := dial(t, server, !c.plain)
			go func() {
				_, err := io.WriteString(conn, c.first)
				for err == nil && c.more != "" {
					time.Sleep(patience / 20)
					_, err = io.WriteString(conn, c.more)
				}
			}()
			asks(t, server)
			if err := cutOff(conn); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestManyConnections: who only holds connections loses the oldest of them, and
// a CE is answered.
func TestManyConnections(t *testing.T) {
	made, _ := throwAway(t, nil)
	server, err := live.ServeWithin("127.0.0.1:0", issuerURL, made, tooLong)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	var held []net.Conn
	for range 3 * live.MaxFromOne {
		held = append(held, dial(t, server, false))
	}
	asks(t, server)
	for i, conn := range held[:len(held)-live.MaxFromOne] {
		if err := cutOff(conn); err != nil {
			t.Errorf("connection %d: %v", i, err)
		}
	}
}
