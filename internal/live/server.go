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

// maxWait is how long a CE may take with a request, and how long a connection of
// it may be idle.
const maxWait = 10 * time.Second

// Serve serves the issuer with that URL at an address of this machine, such as
// ":8447", until Close. The error is that of listening; a CE that cannot reach the
// server fails the positive control.
func Serve(address, issuer string, made mint.Issuer) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{made: made, addr: listener.Addr()}
	s.http = http.Server{
		Handler:           Handler(issuer, made.Kid, made.Key.Public(), made.Other.Public()),
		ReadHeaderTimeout: maxWait, WriteTimeout: maxWait, IdleTimeout: maxWait, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0),
	}
	go func() {
		// It ends with Close.
		_ = s.http.Serve(tls.NewListener(listener, &tls.Config{GetCertificate: s.certificate, SessionTicketsDisabled: true}))
	}()
	return s, nil
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
