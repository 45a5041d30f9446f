package live_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"arclint/internal/live"
)

// shows gives the certificate that a server shows to a new connection.
func shows(t *testing.T, address string) []byte {
	t.Helper()
	conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].Raw
}

// TestServe: the issuer is served with its good certificate, with a faulty one
// where a case asks for it, and no longer than until Close.
func TestServe(t *testing.T) {
	made, _ := throwAway(t, nil)
	server, err := live.Serve("127.0.0.1:0", issuerURL, made)
	if err != nil {
		t.Fatal(err)
	}
	address := server.Addr().String()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	r, err := client.Get("https://" + address + "/negtest/.well-known/openid-configuration")
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("the metadata: %v, %v", r, err)
	}
	_ = r.Body.Close()
	if !slices.Equal(shows(t, address), made.Server.Certificate[0]) {
		t.Error("not the good certificate is shown")
	}
	for id, faulty := range made.Faulty {
		server.Present(id)
		if !slices.Equal(shows(t, address), faulty.Certificate[0]) {
			t.Errorf("%s: another certificate is shown", id)
		}
	}
	server.Present("")
	if !slices.Equal(shows(t, address), made.Server.Certificate[0]) {
		t.Error("not the good certificate is shown again")
	}
	if _, err := live.Serve(address, issuerURL, made); err == nil {
		t.Error("two servers listen at one address")
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true}); err == nil {
		_ = conn.Close()
		t.Error("it serves after Close")
	}
}

// TestAwait: the CE is asked until it lets the issuer in, and not for ever.
func TestAwait(t *testing.T) {
	ce := newCE(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n < 3 {
			w.WriteHeader(http.StatusForbidden)
		}
	})
	_, config := throwAway(t, ce.asker())
	tries := 0
	config.Progress = func(string) { tries++ }
	if err := live.Await(t.Context(), config, time.Minute); err != nil || tries != 3 || ce.asked != 3 {
		t.Errorf("error %v after %d tries and %d requests, want none after 3", err, tries, ce.asked)
	}

	never := newCE(t, status(http.StatusForbidden))
	_, config = throwAway(t, never.asker())
	var not *live.NotLetIn
	if err := live.Await(t.Context(), config, time.Minute); !errors.As(err, &not) || not.Why == "it was not asked" || never.asked != live.Tries(time.Minute) {
		t.Errorf("error %v after %d requests, want the answer of the CE after %d", err, never.asked, live.Tries(time.Minute))
	}

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	config.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	if err := live.Await(gone, config, time.Minute); !errors.As(err, &not) || not.Why != "it was not asked" {
		t.Errorf("error %v, want that nothing was asked", err)
	}

	if err := live.Await(t.Context(), live.Config{Ask: never.asker(), Wait: noWait}, time.Minute); !errors.Is(err, live.ErrConfig) {
		t.Errorf("error %v without anything to ask with, want %v", err, live.ErrConfig)
	}
}
