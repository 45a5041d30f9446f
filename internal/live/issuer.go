package live

import (
	"crypto"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"arclint/internal/admission"
	"arclint/internal/jose"
)

// The issuers that Handler serves beside the good one: paths below its URL.
const (
	pathFetched   = "/fetched"       // good, and pinned nowhere
	pathWithdrawn = "/key-withdrawn" // no longer publishes its key
	pathNone      = "/keys-none"     // publishes none
	pathHTTP      = "/keys-http"     // says that its keys are on an http server
	pathOther     = "/metadata-other"
	pathStranger  = "/stranger" // good, and no rule names it
	pathJKU       = "/jku"      // nobody's: keys that a header names
)

// Issuers are the URLs that the CE must have rules for, the pinned one first.
func Issuers(issuer string) []string {
	all := []string{issuer}
	for _, p := range []string{pathFetched, pathWithdrawn, pathNone, pathHTTP, pathOther} {
		all = append(all, issuer+p)
	}
	for _, c := range admission.Cases(Operation) {
		if withFaulty(c) {
			all = append(all, issuer+"/"+c.ID)
		}
	}
	return all
}

// withFaulty says whether the case is about the certificate of the issuer's
// server.
func withFaulty(c admission.Case) bool { return strings.HasPrefix(c.ID, "issuer-") }

// KeySet is what the issuer publishes: one key, or none where key is nil.
func KeySet(kid string, key crypto.PublicKey) []byte {
	keys := []map[string]string{}
	if key != nil {
		keys = append(keys, jose.JWK(kid, key))
	}
	data, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		return nil // strings only
	}
	return data
}

// metadataOf are what the issuer says of itself: OpenID Connect Discovery 1.0.
func metadataOf(issuer, keys string) []byte {
	data, err := json.Marshal(map[string]string{"issuer": issuer, "jwks_uri": keys})
	if err != nil {
		return nil
	}
	return data
}

// Handler serves the metadata and the keys of the issuer with that URL and of the
// others below it. Whatever else is asked for gets the good keys, so that a
// look-alike issuer is turned away for its name and not for lack of a key. other
// is a key of no issuer, which pathJKU publishes as if it were.
func Handler(issuer, kid string, key, other crypto.PublicKey) http.Handler {
	metadata := func(of string) []byte {
		switch {
		case strings.Contains(of, pathHTTP):
			return metadataOf(of, strings.Replace(of, "https://", "http://", 1)+"/jwks")
		case strings.Contains(of, pathOther):
			return metadataOf("https://elsewhere.example.net", of+"/jwks")
		}
		return metadataOf(of, of+"/jwks")
	}
	keys := func(of string) []byte {
		switch {
		case strings.Contains(of, pathNone):
			return KeySet("", nil)
		case strings.Contains(of, pathWithdrawn):
			return KeySet(kid+"-new", other)
		case strings.Contains(of, pathJKU):
			return KeySet(kid, other)
		}
		return KeySet(kid, key)
	}
	base, _, _ := strings.Cut(strings.TrimPrefix(issuer, "https://"), "/")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		path := strings.TrimSuffix(r.URL.Path, "/")
		if of, ok := strings.CutSuffix(path, "/.well-known/openid-configuration"); ok {
			_, _ = w.Write(metadata("https://" + base + of))
			return
		}
		if of, ok := strings.CutSuffix(path, "/jwks"); ok {
			_, _ = w.Write(keys(of))
			return
		}
		http.NotFound(w, r)
	})
}

// The token that the throw-away issuer gives: what the rules of the CE must name.
const (
	subject = "arclint-negtest"
	group   = "/arclint"
	scope   = "compute.read" // for Operation, WLCG profile
)

// GoodClaims are those of its token for an audience. They say exactly what the
// rules name, so that each case changes one thing.
func GoodClaims(issuer, audience string, now time.Time) admission.Sound {
	return admission.Sound{
		Claims: map[string]any{
			"iss": issuer, "sub": subject, "aud": audience, "scope": scope, "wlcg.groups": []string{group}, "wlcg.ver": "1.0",
			"iat": now.Add(-time.Minute).Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(),
		},
		Issuer: issuer, Group: group, Now: now, Stranger: issuer + pathStranger,
	}
}
