//go:build lab

package lab_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/lab"
)

// state of a defect in a release.
type state string

const (
	present state = "present"
	gone    state = "gone"
	foreign state = "does not apply" // the release has not what it is in
)

// defect is one of ARC, with what shows it.
type defect struct {
	title  string
	source string
	show   func(d *desk) state
}

// desk is a CE with which a defect is shown.
type desk struct{ *bench }

var defects = []defect{
	{"the key fetch does not compare the issuer's certificate with its host name", "arc-behaviour S10", func(d *desk) state {
		got := d.show("D", "leaf for another host")
		return presentIf(got.token.Accepted())
	}},
	{"signing policies are not enforced on client certificates", "arc-behaviour E2", func(d *desk) state {
		got := d.show("E", "leaf issuer: other pattern")
		return presentIf(got.client.Trusted())
	}},
	{"x509_cert_dir has no effect on the key fetch", "arc-behaviour H1", func(d *desk) state {
		return presentIf(!d.build(func(w *world.World) {
			w.Write(world.CustomDir+"/"+w.Root.Hash()+".0", w.Root.PEM())
			w.Common = []string{"x509_cert_dir=" + world.CustomDir}
		}).token.Accepted())
	}},
	{"with x509_cert_policy=system the hash directory does not count for client certificates", "arc-behaviour C9", func(d *desk) state {
		got := d.show("L", "x509_cert_policy=system, the root in the system directory")
		if got.notStarted != nil {
			return foreign
		}
		return presentIf(!got.client.Trusted())
	}},
	{"x509_cert_policy=any is read as system", "arc-behaviour C9", func(d *desk) state {
		got := d.show("L", "x509_cert_policy=any, the root in the grid directory")
		if got.notStarted != nil {
			return foreign
		}
		return presentIf(!got.token.Accepted() && !got.client.Trusted())
	}},
	{"a second x509_host_key, as the packaged arc.conf.d has it, breaks TLS", "arc-behaviour C10", func(d *desk) state {
		if d.ce.Measured == "6.17.0" {
			return foreign
		}
		return presentIf(d.show("L", "arc.conf.d: a second x509_host_key, the same").notStarted != nil)
	}},
	{"arcctl deploy jwt-issuer fails on Python 3.12 and later", "arc-behaviour G4", func(d *desk) state {
		said := d.deploy()
		if strings.Contains(said, "invalid choice") {
			return foreign
		}
		return presentIf(strings.Contains(said, "key_file"))
	}},
}

func presentIf(is bool) state {
	if is {
		return present
	}
	return gone
}

// ask asks about a measured scenario.
func (d *desk) show(group, name string) outcome {
	build, ok := world.Scenarios()[group][name]
	if !ok {
		d.t.Fatalf("there is no scenario %s %q", group, name)
	}
	return d.build(build)
}

func (d *desk) build(build world.Scenario) outcome {
	w := worlds.World()
	build(w)
	got, _ := d.try(w)
	return got
}

// deploy lets arcctl fetch the keys of an issuer that its machine trusts.
func (d *desk) deploy() string {
	w := worlds.World()
	ok(d.t, d.ce.Write("/usr/local/share/ca-certificates/example.crt", string(w.Root.PEM()), 0o644))
	issuer, err := lab.Serve(world.Issuer, []*pki.Entity{w.Leaf, w.Inter}, []lab.SigningKey{signingKey})
	ok(d.t, err)
	defer issuer.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, _ := d.ce.Command(ctx, "sh", "-c", "update-ca-certificates >/dev/null 2>&1; arcctl deploy jwt-issuer "+issuer.URL).CombinedOutput()
	return string(out)
}

// TestDefects shows which defects of ARC itself each release has.
func TestDefects(t *testing.T) {
	var mu sync.Mutex
	var asked roll
	found := map[string][]state{}
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			ce := open(t, s, chroot)
			d := &desk{&bench{t: t, ce: ce}}
			var states []state
			for _, defect := range defects {
				states = append(states, defect.show(d))
			}
			asked.sign(t, ce)
			mu.Lock()
			defer mu.Unlock()
			found[s.Measured] = states
		})
	})
	if t.Failed() || len(found) < len(lab.Suites()) {
		return
	}
	table := asked.line() + defectTable(found)
	fmt.Println(table)
	if !asked.whole(t) {
		return
	}
	compareSection(t, "Defects of ARC itself", table)
}

func defectTable(found map[string][]state) string {
	var b strings.Builder
	b.WriteString("\n| defect | source |")
	for _, s := range lab.Suites() {
		fmt.Fprintf(&b, " ARC %s |", s.Measured)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(lab.Suites())) + "\n")
	for i, d := range defects {
		fmt.Fprintf(&b, "| %s | %s |", d.title, d.source)
		for _, s := range lab.Suites() {
			fmt.Fprintf(&b, " %s |", found[s.Measured][i])
		}
		b.WriteString("\n")
	}
	return b.String()
}
