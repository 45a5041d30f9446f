//go:build lab

package lab_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"arclint/fixtures/world"
	"arclint/internal/lab"
	"arclint/internal/trust"
)

// pinning is a way to pin an issuer: the files below controldir/tokenissuers.
type pinning struct {
	name  string
	files func(url, keys string) map[string]string
	key   lab.SigningKey // of the token; zero: the pinned one
}

// three are the files of one directory.
func three(dir, issuer, metadata, keys string) map[string]string {
	return map[string]string{dir + "/issuer": issuer, dir + "/metadata": metadata, dir + "/keys": keys}
}

var pinnings = []pinning{
	{name: "as arcctl does it", files: func(url, keys string) map[string]string { return three("exact", url, `{"issuer":"`+url+`"}`, keys) }},
	{name: "metadata is an empty object", files: func(url, keys string) map[string]string { return three("object", url, "{}", keys) }},
	{name: "issuer ends in a newline", files: func(url, keys string) map[string]string { return three("newline", url+"\n", "{}", keys) }},
	{name: "issuer ends in a slash", files: func(url, keys string) map[string]string { return three("slash", url+"/", "{}", keys) }},
	{name: "issuer begins with a blank", files: func(url, keys string) map[string]string { return three("blank", " "+url, "{}", keys) }},
	{name: "metadata is empty", files: func(url, keys string) map[string]string { return three("empty", url, "", keys) }},
	{name: "metadata is not JSON", files: func(url, keys string) map[string]string { return three("nojson", url, "nothing", keys) }},
	{name: "keys are empty", files: func(url, keys string) map[string]string { return three("nokeys", url, "{}", "") }},
	{name: "no metadata", files: func(url, keys string) map[string]string {
		files := three("nometa", url, "{}", keys)
		delete(files, "nometa/metadata")
		return files
	}},
	{name: "one directory deeper", files: func(url, keys string) map[string]string { return three("deep/er", url, "{}", keys) }},
	{name: "not in a directory", files: func(url, keys string) map[string]string { return three(".", url, "{}", keys) }},
	{name: "a key that is not pinned", key: lab.Key("other", "rsa8"), files: func(url, keys string) map[string]string { return three("unknown", url, "{}", keys) }},
}

// TestPinned pins issuers whose CA is not installed in every way: the CE accepts
// their tokens where arclint trust says that it is pinned, and without a fetch.
func TestPinned(t *testing.T) {
	eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
		ce := open(t, s, chroot)
		ok(t, ce.Write(fmt.Sprintf("%s/%s.0", world.GridDir, hostCA().Hash()), string(hostCA().PEM()), 0o644))
		w := worlds.World()
		issuers := make([]*lab.Issuer, len(pinnings))
		for i, p := range pinnings {
			issuer, err := lab.Serve(world.Issuer, w.Chain, []lab.SigningKey{signingKey})
			ok(t, err)
			t.Cleanup(issuer.Close)
			issuers[i] = issuer
			keys, err := json.Marshal(lab.KeySet(signingKey))
			ok(t, err)
			for name, text := range p.files(issuer.URL, string(keys)) {
				ok(t, ce.Write("/var/spool/arc/jobstatus/tokenissuers/"+name, text, 0o644))
			}
		}
		ok(t, start(t, ce, lab.Conf{}))
		for i, p := range pinnings {
			key := signingKey
			if p.key.Signer != nil {
				key = p.key
			}
			got := ce.AskWithToken(lab.Token(issuers[i].URL, key, now))
			said := predict(t, ce, lab.Conf{}, issuers[i].URL, w).trust
			wanted := said.KeyFetch == trust.FetchPinned && p.key.Signer == nil
			if got.Accepted() != wanted || got.Accepted() && issuers[i].Fetches() > 0 {
				disagree(t, s, "%s\n  the CE: %s, %d fetches\n  trust: key fetch is %q, %s", p.name, got, issuers[i].Fetches(), said.KeyFetch, said.Reason)
			}
		}
	})
}
