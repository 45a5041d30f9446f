package live

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"arclint/internal/mint"
)

// Server serves a throw-away issuer, as Handler answers, while it runs.
type Server struct {
	made   mint.Issuer
	faulty atomic.Value // ID of the case whose certificate is shown, "" for the good one
	http   http.Server
	addr   net.Addr
}

// maxWait is how long a CE may take with a request, and with the answer, and how
// long a connection of it may be idle. Who takes longer is cut off.
const maxWait = 10 * time.Second

// maxHeader and maxBody are what a request may have: no CE sends a body.
const maxHeader, maxBody = 16 << 10, 1 << 10

// Serve serves the issuer with that URL at an address of this machine, such as
// ":8447", until Close. The error is that of listening; a CE that cannot reach the
// server fails the positive control.
func Serve(address, issuer string, made mint.Issuer) (*Server, error) {
	return serve(address, issuer, made, maxWait)
}

func serve(address, issuer string, made mint.Issuer, wait time.Duration) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{made: made, addr: listener.Addr()}
	s.http = http.Server{
		Handler:     withoutBody(Handler(issuer, made.Kid, made.Key.Public(), made.Other.Public())),
		ReadTimeout: wait, ReadHeaderTimeout: wait, WriteTimeout: wait, IdleTimeout: wait, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(io.Discard, "", 0),
	}
	s.http.SetKeepAlivesEnabled(false)
	go func() {
		// It ends with Close.
		_ = s.http.Serve(tls.NewListener(&bounded{Listener: listener}, &tls.Config{GetCertificate: s.certificate, SessionTicketsDisabled: true}))
	}()
	return s, nil
}

// withoutBody answers questions only, reads little of what else is sent, and then
// hangs up, so that nothing waits for the rest of a body.
func withoutBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			w.Header().Set("Connection", "close")
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.addr }

// Present lets the server show the faulty certificate of the case with that ID
// from now on, "" for the good one: what Config.Present asks for.
func (s *Server) Present(id string) { s.faulty.Store(id) }

// Close ends the server and the connections to it.
func (s *Server) Close() error { return s.http.Close() }

func (s *Server) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if id, _ := s.faulty.Load().(string); id != "" {
		faulty := s.made.Faulty[id]
		return &faulty, nil
	}
	return &s.made.Server, nil
}
