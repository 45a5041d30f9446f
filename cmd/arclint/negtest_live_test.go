package main

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arclint/internal/jose"
)

// ceOf is a CE that answers what the test says, and the file of its CA.
func ceOf(t *testing.T, answer http.HandlerFunc) (address, cas string) {
	t.Helper()
	server := httptest.NewTLSServer(answer)
	t.Cleanup(server.Close)
	cas = t.TempDir()
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(cas, "ca.pem"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	return server.URL + "/arex", cas
}

func negtestRun(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	line := []string{"arclint", "negtest", "--example", "dune"}
	if !slices.Contains(args, "--rate") {
		line = append(line, "--rate", "20") // the tests need not wait
	}
	code = run(append(line, args...), &out, &err)
	return code, out.String(), err.String()
}

// keyAndToken are files with a key and a token of it.
func keyAndToken(t *testing.T) (keyFile, tokenFile string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jose.Sign([]jose.Member{{Name: "alg", Value: "RS256"}, {Name: "kid", Value: "k"}}, []byte(`{"iss":"https://issuer.example.org"}`), key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	keyFile, tokenFile = filepath.Join(dir, "key.pem"), filepath.Join(dir, "token")
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if err := os.WriteFile(keyFile, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(tokenFile, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return keyFile, tokenFile
}

// TestNegtestLive: each outcome has its exit code, and no token is ever shown.
func TestNegtestLive(t *testing.T) {
	key, tokenFile := keyAndToken(t)
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		t.Fatal(err)
	}
	open, openCA := ceOf(t, func(http.ResponseWriter, *http.Request) {})
	shut, shutCA := ceOf(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	fussy, fussyCA := ceOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+strings.TrimSpace(string(token)) {
			w.WriteHeader(http.StatusForbidden)
		}
	})
	claims := filepath.Join(t.TempDir(), "claims.json")
	if err := os.WriteFile(claims, []byte(`{"sub":"jane","aud":"https://ce.example.org","scope":"compute.read"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		args []string
		code int
		says string
	}{
		"a CE that checks":      {[]string{"--ce", fussy, "--ca-dir", fussyCA, "--token", tokenFile}, exitClean, "0 let in, 0 let in that no line"},
		"JUnit":                 {[]string{"--ce", fussy, "--ca-dir", fussyCA, "--token", tokenFile, "--format", "junit"}, exitClean, `<testcase classname="negtest.envelope" name="alg-none`},
		"accepts all":           {[]string{"--ce", open, "--ca-dir", openCA, "--token", tokenFile}, exitFindings, "Let in, and should be turned away"},
		"accepts all of a key":  {[]string{"--ce", open, "--ca-dir", openCA, "--issuer-key", key, "--issuer", "https://issuer.example.org", "--kid", "k", "--claims", claims, "--format", "json"}, exitFindings, `"outcome": "let in"`},
		"refuses all":           {[]string{"--ce", shut, "--ca-dir", shutCA, "--token", tokenFile}, exitUnreadable, "this is not a pass"},
		"not the CE":            {[]string{"--ce", open, "--ca-dir", shutCA + "/..", "--token", tokenFile}, exitUnreadable, "the certificate of the CE is not accepted"},
		"no claims":             {[]string{"--ce", open, "--ca-dir", openCA, "--issuer-key", key, "--issuer", "https://issuer.example.org"}, exitUsage, "--claims"},
		"a token without check": {[]string{"--ce", open, "--insecure", "--token", tokenFile}, exitUsage, "only to a CE whose certificate was checked"},
		"a key without check":   {[]string{"--ce", open, "--insecure", "--issuer-key", key, "--issuer", "https://issuer.example.org"}, exitUsage, "only to a CE whose certificate was checked"},
		"an issuer, no check":   {[]string{"--ce", open, "--insecure", "--test-issuer", "--prepare", "p.sh"}, exitUsage, "only to a CE whose certificate was checked"},
		"too fast":              {[]string{"--ce", open, "--token", tokenFile, "--rate", "21"}, exitUsage, "at most 20"},
		"no way to ask":         {[]string{"--ce", open}, exitUsage, "one of --test-issuer, --issuer-key and --token"},
		"both kinds":            {[]string{"--ce", open, "--static"}, exitUsage, "want one of them"},
		"nothing to prepare":    {[]string{"--ce", open, "--test-issuer"}, exitUsage, "--prepare FILE"},
		"no https":              {[]string{"--ce", "http://ce.example.org/arex", "--token", tokenFile}, exitUsage, "is no URL of a CE"},
		"live flag, static":     {[]string{"--static", "--token", tokenFile}, exitUsage, "--token needs --ce"},
	} {
		code, stdout, stderr := negtestRun(tt.args...)
		if code != tt.code || !strings.Contains(stdout+stderr, tt.says) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s%s", name, code, tt.code, tt.says, stdout, stderr)
		}
		for _, part := range strings.Split(strings.TrimSpace(string(token)), ".") {
			if strings.Contains(stdout+stderr, part) {
				t.Errorf("%s: a part of the token is shown", name)
			}
		}
	}
}

// TestNegtestIssuer: the script is written once, the answers come, and the user
// is told to take the preparation back.
func TestNegtestIssuer(t *testing.T) {
	address, cas := ceOf(t, func(http.ResponseWriter, *http.Request) {})
	script := filepath.Join(t.TempDir(), "prepare.sh")
	args := []string{"--ce", address, "--ca-dir", cas, "--test-issuer", "--prepare", script, "--listen", "127.0.0.1:0", "--issuer", "https://ce.example.org:8447/negtest"}
	code, stdout, stderr := negtestRun(args...)
	if code != exitFindings || !strings.Contains(stdout, "cert-expired") || !strings.Contains(stderr, "run this as root on the CE: sh ") || !strings.Contains(stderr, "take it back") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	text, err := os.ReadFile(script)
	if err != nil || !bytes.HasPrefix(text, []byte("#!/bin/sh\n")) || bytes.Contains(text, []byte("PRIVATE KEY")) {
		t.Errorf("the script: %v", err)
	}
	if code, _, stderr := negtestRun(args...); code != exitUsage || !strings.Contains(stderr, "not there yet") {
		t.Errorf("a script that is there: exit %d, %s", code, stderr)
	}
	shut, shutCA := ceOf(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	code, _, stderr = negtestRun("--ce", shut, "--ca-dir", shutCA, "--test-issuer", "--prepare", script+"2", "--listen", "127.0.0.1:0", "--issuer", "https://ce.example.org:8447/negtest", "--wait", "1ms")
	if code != exitUnreadable || !strings.Contains(stderr, "inconclusive") {
		t.Errorf("a CE that is never prepared: exit %d, %s", code, stderr)
	}
}
