//go:build lab

package lab_test

import (
	"context"
	"crypto/x509"
	"net"
	"testing"
	"time"

	"arclint/fixtures/world"
	"arclint/internal/issuers/probe"
	"arclint/internal/lab"
)

// serving is an issuer whose CA is installed, with something about it.
type serving struct {
	name     string
	keys     []lab.SigningKey // the first signs the token
	settings []lab.Setting
}

var rsaKey, ecKey = lab.Key("rsa", "rsa4"), lab.Key("ec", "p256-1")

var servings = []serving{
	{name: "as it should be", keys: []lab.SigningKey{rsaKey}},
	{name: "redirects", keys: []lab.SigningKey{rsaKey}, settings: []lab.Setting{lab.Redirecting}},
	{name: "over http", keys: []lab.SigningKey{rsaKey}, settings: []lab.Setting{lab.PlainHTTP}},
	{name: "calls itself otherwise", keys: []lab.SigningKey{rsaKey}, settings: []lab.Setting{lab.Claiming("https://another.example.org")}},
	{name: "EC key", keys: []lab.SigningKey{ecKey}},
	{name: "EC key beside an RSA key that signs", keys: []lab.SigningKey{rsaKey, ecKey}},
	{name: "RSA key beside an EC key that signs", keys: []lab.SigningKey{ecKey, rsaKey}},
	{name: "jwks_uri is a path", keys: []lab.SigningKey{rsaKey}, settings: []lab.Setting{lab.KeysAt("/jwks")}},
	{name: "jwks_uri is nowhere", keys: []lab.SigningKey{rsaKey}, settings: []lab.Setting{lab.KeysAt("https://issuer.example.org:1/jwks")}},
}

// trusting gives a running CE that trusts the CA of the world.
func trusting(t *testing.T, s lab.Suite, chroot string) (*bench, *world.World) {
	t.Helper()
	b := &bench{t: t, ce: open(t, s, chroot)}
	w := worlds.World()
	w.Install(w.Root)
	b.install(w)
	ok(t, start(t, b.ce, lab.Conf{}))
	return b, w
}

// TestIssuers asks the CE for a token of each, and arclint probe what this
// release would make of the issuer.
func TestIssuers(t *testing.T) {
	eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
		b, w := trusting(t, s, chroot)
		for _, serving := range servings {
			b.askServing(serving, w)
		}
		b.askRotation(w)
		for _, installed := range []bool{false, true} {
			b.askKeyServer(installed)
		}
	})
}

func (b *bench) askServing(serving serving, w *world.World) {
	issuer, err := lab.Serve(world.Issuer, w.Chain, serving.keys, serving.settings...)
	ok(b.t, err)
	defer issuer.Close()
	got := b.ce.AskWithToken(lab.Token(issuer.URL, serving.keys[0], now))
	said := probed(b.t, issuer.URL, b.ce.Measured, w)
	// Where some keys work, the one that signs may not be among them.
	if says := said.Verdict == probe.AllWork; said.Verdict != probe.SomeWork && says != got.Accepted() {
		disagree(b.t, b.ce.Suite, "%s\n  the CE: %s\n  probe: %s, %v", serving.name, got, said.Verdict, said.Because)
	}
	b.t.Logf("%s: %s, probe says %s %v", serving.name, got, said.Verdict, said.Because)
}

// askRotation changes an issuer's keys under a CE that has fetched them
// (arc-behaviour I5).
func (b *bench) askRotation(w *world.World) {
	issuer, err := lab.Serve(world.Issuer, w.Chain, []lab.SigningKey{rsaKey})
	ok(b.t, err)
	defer issuer.Close()
	remembers := b.ce.Does.KeysCached
	same := lab.Key(rsaKey.ID, "rsa8")
	want := func(what string, key lab.SigningKey, accepted bool) {
		b.t.Helper()
		if got := b.ce.AskWithToken(lab.Token(issuer.URL, key, now)); got.Accepted() != accepted {
			disagree(b.t, b.ce.Suite, "%s: %s, want accepted to be %v", what, got, accepted)
		}
	}
	want("the key that is served", rsaKey, true)
	issuer.Rotate(same)
	want("another key under the same id", same, !remembers)
	want("the key that had the id", rsaKey, remembers)
	issuer.Rotate(secondKey)
	want("a key with a new id", secondKey, true)
	want("the key that was withdrawn", rsaKey, false)
}

// askKeyServer lets another server serve the keys: its CA must be installed as
// well (arc-behaviour I1).
func (b *bench) askKeyServer(installed bool) {
	w, other := worlds.World(), worlds.World()
	w.Install(w.Root)
	if root := other.OtherServer(); installed {
		w.Install(root)
	}
	b.install(w)
	keys, err := lab.Serve("keys.example.org", other.Chain, []lab.SigningKey{rsaKey})
	ok(b.t, err)
	defer keys.Close()
	issuer, err := lab.Serve(world.Issuer, w.Chain, []lab.SigningKey{secondKey}, lab.KeysAt(keys.URL+"/jwks"))
	ok(b.t, err)
	defer issuer.Close()
	if got := b.ce.AskWithToken(lab.Token(issuer.URL, rsaKey, now)); got.Accepted() != installed {
		disagree(b.t, b.ce.Suite, "the CA of the server with the keys is installed: %v, the CE: %s", installed, got)
	}
}

// probed is what arclint probe says of the issuer for the release.
func probed(t *testing.T, issuer, release string, w *world.World) probe.Outcome {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(w.Root.Parsed)
	loopback := func(ctx context.Context, network, address string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}
	result := probe.Issuer(t.Context(), issuer, probe.Options{Now: now, Roots: roots, Timeout: 5 * time.Second, Dial: loopback})
	for _, o := range result.ARC {
		if o.Release == release {
			return o
		}
	}
	t.Fatalf("probe says nothing of ARC %s", release)
	return probe.Outcome{}
}
