package live_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"arclint/internal/admission"
	"arclint/internal/jose"
	"arclint/internal/live"
	"arclint/internal/mint"
)

const (
	issuerURL = "https://ce.example.org:8447/negtest"
	audience  = "https://ce.example.org"
)

// fakeCE is a CE that a test makes: what it answers to the request of that
// number, counted from 1.
type fakeCE struct {
	t      *testing.T
	server *httptest.Server
	asked  int
}

func newCE(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *fakeCE {
	ce := &fakeCE{t: t}
	ce.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ce.asked++
		if r.Method != http.MethodGet || r.URL.Path != "/arex/rest/1.0/jobs" || r.Header.Get("Accept") != "application/json" {
			t.Errorf("asked %s %s, want nothing but the list of jobs", r.Method, r.URL.Path)
		}
		answer(ce.asked, w, r)
	}))
	ce.server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	ce.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	ce.server.StartTLS()
	t.Cleanup(ce.server.Close)
	return ce
}

func (ce *fakeCE) asker() live.Asker {
	u, err := url.Parse(ce.server.URL + "/arex")
	if err != nil {
		ce.t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ce.server.Certificate())
	return live.Client(u, &tls.Config{RootCAs: pool})
}

func status(code int) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func noWait(context.Context, time.Duration) error { return nil }

// shown is the faulty certificate that the issuer's server shows, "" for the good
// one.
type shown struct{ atomic.Value }

func (s *shown) present(id string) { s.Store(id) }
func (s *shown) faulty() bool      { id, _ := s.Load().(string); return id != "" }

// throwAway is an issuer and how to ask with it.
func throwAway(t *testing.T, ask live.Asker) (mint.Issuer, live.Config) {
	t.Helper()
	now := time.Now()
	made, err := mint.NewIssuer(now, "ce.example.org")
	if err != nil {
		t.Fatal(err)
	}
	return made, live.Config{
		Ask: ask, Signer: made.Key, Other: made.Other, Kid: made.Kid, Good: live.GoodClaims(issuerURL, audience, now),
		Issuer: issuerURL, Chains: made.Chains, Wait: noWait,
		Present: new(shown).present,
	}
}

func outcomes(r live.Report) map[live.Outcome][]string {
	found := map[live.Outcome][]string{}
	for _, one := range r.Results {
		found[one.Outcome] = append(found[one.Outcome], one.ID)
	}
	return found
}

// careful answers as a CE whose one rule names everything, and which checks
// everything. Keys it takes from the served issuer.
func careful(t *testing.T, made mint.Issuer, server *shown) func(int, http.ResponseWriter, *http.Request) {
	roots := x509.NewCertPool()
	roots.AddCert(made.Root.Certificates[0].Certificate)
	issuer := live.Handler(issuerURL, made.Kid, &made.Key.PublicKey, &made.Other.PublicKey)
	revoked := made.Chains[slices.IndexFunc(made.Chains, func(c mint.Chain) bool { return c.ID == "cert-revoked" })].Certs[0]
	return func(_ int, w http.ResponseWriter, r *http.Request) {
		if certs := r.TLS.PeerCertificates; len(certs) > 0 {
			_, err := certs[0].Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
			weak := certs[0].PublicKey.(interface{ Size() int }).Size() < 256
			if err != nil || weak || certs[0].Equal(revoked.Certificate) {
				panic(http.ErrAbortHandler)
			}
			if certs[0].Subject.String() != made.Chains[0].Certs[0].Certificate.Subject.String() {
				w.WriteHeader(http.StatusForbidden)
			}
			return
		}
		bearer := r.Header.Values("Authorization")
		if len(bearer) != 1 || server.faulty() || !good(issuer, strings.TrimPrefix(bearer[0], "Bearer ")) {
			w.WriteHeader(http.StatusForbidden)
		}
	}
}

// get asks the served issuer.
func get(issuer http.Handler, address string, into any) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return false
	}
	w := httptest.NewRecorder()
	issuer.ServeHTTP(w, httptest.NewRequest(http.MethodGet, u.RequestURI(), nil))
	return json.Unmarshal(w.Body.Bytes(), into) == nil
}

func good(issuer http.Handler, text string) bool {
	token, err := jose.Parse(text)
	if err != nil || len(text) > 8192 || token.Header.Alg != "RS256" || !token.Header.HasKid || len(token.Header.Embedded) > 0 {
		return false
	}
	var c map[string]any
	if json.Unmarshal(token.Claims, &c) != nil {
		return false
	}
	iss, _ := c["iss"].(string)
	if !slices.Contains(live.Issuers(issuerURL), iss) {
		return false
	}
	var metadata map[string]string
	if !get(issuer, iss+"/.well-known/openid-configuration", &metadata) || metadata["issuer"] != iss {
		return false
	}
	var set json.RawMessage
	if !get(issuer, metadata["jwks_uri"], &set) {
		return false
	}
	keys, err := jose.ParseKeys(set)
	key := jose.Find(keys, token.Header.Kid)
	if err != nil || key == nil || token.Verify(*key) != nil {
		return false
	}
	now := float64(time.Now().Unix())
	exp, _ := c["exp"].(float64)
	nbf, _ := c["nbf"].(float64)
	iat, _ := c["iat"].(float64)
	groups, _ := json.Marshal(c["wlcg.groups"])
	return exp > now && nbf > 0 && nbf < now && iat < now && c["wlcg.ver"] == "1.0" && c["sub"] == "arclint-negtest" && c["aud"] == audience &&
		c["scope"] == "compute.read" && string(groups) == `["/arclint"]` && strings.Count(string(token.Claims), `"sub"`)+strings.Count(string(token.Claims), `"iss"`)+strings.Count(string(token.Claims), `"aud"`) == 3
}

// TestCareful: a CE that checks everything lets nothing in, and each positive
// control passes: the requests are spoiled in what they say, and else good.
func TestCareful(t *testing.T) {
	made, config := throwAway(t, nil)
	server := new(shown)
	config.Present = server.present
	ce := newCE(t, careful(t, made, server))
	config.Ask = ce.asker()
	report, err := live.Run(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	got := outcomes(report)
	if len(got[live.LetIn]) > 0 || len(got[live.Inconclusive]) > 0 || !report.Conclusive() || len(report.Controls) != 3 {
		t.Errorf("let in %v, inconclusive %v, controls %v", got[live.LetIn], got[live.Inconclusive], report.Controls)
	}
	if want := []string{"iss-longer-host", "iss-user", "public-ca"}; !slices.Equal(got[live.NotRun], want) {
		t.Errorf("not run: %v, want %v", got[live.NotRun], want)
	}
	if len(got[live.Refused]) != len(admission.All(live.Operation))-3 || report.Asked != ce.asked || ce.asked > live.MaxQuestions {
		t.Errorf("%d refused, asked %d, the CE counts %d", len(got[live.Refused]), report.Asked, ce.asked)
	}
	for _, r := range report.Results {
		if r.Hole() || (r.Outcome == live.NotRun) != (r.Why != "") {
			t.Errorf("%s: %+v", r.ID, r)
		}
	}
}

// TestAnswers: what a CE does to everybody decides what its answers are worth.
func TestAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		answer     func(int, http.ResponseWriter, *http.Request)
		want       live.Outcome // of every case that was run
		conclusive bool
	}{
		"accepts everybody": {status(http.StatusOK), live.LetIn, true},
		"refuses everybody": {status(http.StatusForbidden), live.Inconclusive, false},
		"redirects":         {status(http.StatusFound), live.Inconclusive, false},
		"hangs up":          {func(int, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, live.Inconclusive, false},
	} {
		_, config := throwAway(t, newCE(t, tt.answer).asker())
		report, err := live.Run(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range report.Results {
			if r.Outcome != tt.want && r.Outcome != live.NotRun {
				t.Errorf("%s: %s is %s (%s), want %s", name, r.ID, r.Outcome, r.Why, tt.want)
			}
		}
		if report.Conclusive() != tt.conclusive {
			t.Errorf("%s: conclusive %v", name, report.Conclusive())
		}
	}
}

// TestDies: a CE that dies midway keeps what a later control confirmed.
func TestDies(t *testing.T) {
	const dead = 30
	made, config := throwAway(t, nil)
	server := new(shown)
	config.Present = server.present
	alive := careful(t, made, server)
	ce := newCE(t, func(n int, w http.ResponseWriter, r *http.Request) {
		if n >= dead {
			panic(http.ErrAbortHandler)
		}
		alive(n, w, r)
	})
	config.Ask = ce.asker()
	report, err := live.Run(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	got := outcomes(report)
	if n := len(got[live.Refused]); n != 20 || len(got[live.LetIn]) > 0 || report.Conclusive() {
		t.Errorf("%d refused, want the 20 between controls that passed; let in %v", n, got[live.LetIn])
	}
}

// TestHangsUp: a connection that ends is a refusal where the CE still lives.
func TestHangsUp(t *testing.T) {
	made, config := throwAway(t, nil)
	server := new(shown)
	config.Present = server.present
	alive := careful(t, made, server)
	ce := newCE(t, func(n int, w http.ResponseWriter, r *http.Request) {
		w2 := httptest.NewRecorder()
		if alive(n, w2, r); w2.Code != http.StatusOK {
			panic(http.ErrAbortHandler)
		}
	})
	config.Ask, config.Chains = ce.asker(), nil
	report, err := live.Run(t.Context(), config)
	if err != nil || !report.Conclusive() || len(outcomes(report)[live.LetIn]) > 0 {
		t.Errorf("%v, %v", err, outcomes(report))
	}
}

// TestUnreachable: no answer is no refusal, and no reason holds a token.
func TestUnreachable(t *testing.T) {
	ce := newCE(t, status(http.StatusOK))
	ask := ce.asker()
	ce.server.Close()
	_, config := throwAway(t, ask)
	report, err := live.Run(t.Context(), config)
	if err != nil || report.Conclusive() {
		t.Fatalf("%v, %v", err, outcomes(report))
	}
	for _, r := range report.Results {
		if strings.Contains(r.Why, "eyJ") || r.Outcome != live.Inconclusive && r.Outcome != live.NotRun {
			t.Errorf("%s: %s %s", r.ID, r.Outcome, r.Why)
		}
	}
	u, _ := url.Parse(newCE(t, status(http.StatusOK)).server.URL)
	if a := live.Client(u, &tls.Config{})(t.Context(), live.Request{Bearer: []string{"secret"}}); a.Err == nil || a.Closed {
		t.Errorf("a server of an unknown CA: %+v", a)
	}
}

// TestToken: with somebody's token only what needs no key is asked, and the token
// is never changed into one that a real issuer would be asked for.
func TestToken(t *testing.T) {
	made, config := throwAway(t, nil)
	server := new(shown)
	config.Present = server.present
	token, err := jose.Sign([]jose.Member{{Name: "alg", Value: "RS256"}, {Name: "kid", Value: made.Kid}}, mustJSON(t, config.Good.Claims), made.Key)
	if err != nil {
		t.Fatal(err)
	}
	ce := newCE(t, careful(t, made, server))
	report, err := live.Run(t.Context(), live.Config{Ask: ce.asker(), Token: token, Good: admission.Sound{Now: time.Now()}, Wait: noWait})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"alg-none", "header-jwk", "header-x5c", "unsigned", "bad-signature", "payload-changed", "truncated", "anonymous"}
	if got := outcomes(report); !slices.Equal(got[live.Refused], want) || !report.Conclusive() {
		t.Errorf("refused %v, want %v", got[live.Refused], want)
	}
	if _, err := live.Run(t.Context(), live.Config{Ask: ce.asker()}); !errors.Is(err, live.ErrConfig) {
		t.Errorf("nothing to ask with: %v", err)
	}
	if _, err := live.Run(t.Context(), live.Config{Ask: ce.asker(), Token: "x"}); err == nil {
		t.Error("a token that is none")
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestPace: between any two questions lies the time that the rate asks for, and
// no rate is above the highest.
func TestPace(t *testing.T) {
	for rate, gap := range map[float64]time.Duration{0: 200 * time.Millisecond, 2: 500 * time.Millisecond, 1000: 50 * time.Millisecond} {
		waits := 0
		ask := func(context.Context, live.Request) live.Answer { return live.Answer{Status: http.StatusOK} }
		_, config := throwAway(t, ask)
		config.Rate = rate
		config.Wait = func(_ context.Context, d time.Duration) error {
			if waits++; d != gap {
				t.Errorf("rate %v: waits %v, want %v", rate, d, gap)
			}
			return nil
		}
		report, err := live.Run(t.Context(), config)
		if err != nil || waits == 0 || waits < report.Asked-3 {
			t.Errorf("%d waits for %d questions, %v", waits, report.Asked, err)
		}
	}
}

// TestEnough: there is an end, and what was not asked is no refusal.
func TestEnough(t *testing.T) {
	asked := 0
	_, config := throwAway(t, func(context.Context, live.Request) live.Answer {
		asked++
		return live.Answer{Closed: asked%2 == 0, Status: http.StatusOK * (asked % 2)}
	})
	config.Every = 1
	report, err := live.Run(t.Context(), config)
	if err != nil || report.Asked > live.MaxQuestions || asked != report.Asked {
		t.Errorf("asked %d, %v", report.Asked, err)
	}
}

// TestCancelled: a run that is stopped is inconclusive.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	asked := 0
	_, config := throwAway(t, func(context.Context, live.Request) live.Answer {
		if asked++; asked == 5 {
			cancel()
		}
		return live.Answer{Status: http.StatusOK}
	})
	report, err := live.Run(ctx, config)
	if !errors.Is(err, context.Canceled) || report.Conclusive() || asked != 5 {
		t.Errorf("asked %d, %v, conclusive %v", asked, err, report.Conclusive())
	}
}
