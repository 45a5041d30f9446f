//go:build lab

package lab_test

import (
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/lab"
)

var cache = flag.String("cache", envOr("ARCLINT_LAB", filepath.Join("..", "..", ".lab")), "where the chroots are kept")

func envOr(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

func TestMain(m *testing.M) {
	flag.Parse()
	if missing := lab.Missing(); missing != "" {
		fmt.Fprintln(os.Stderr, missing)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// now is the time of everything that is made: the CEs look at the clock.
var now = time.Now().UTC().Truncate(time.Second)

// worlds are those of the lab. OpenSSL's store is named as what it really is:
// links lead there from /usr/lib/ssl.
var worlds = world.At(now, systemStore)

var systemStore = world.Store{Dir: "/etc/ssl/certs", File: "/etc/ssl/certs/ca-certificates.crt"}

// chroots makes the chroot of each suite once.
var chroots = func() map[string]func() (string, error) {
	made := map[string]func() (string, error){}
	for _, s := range lab.Suites() {
		made[s.Name] = sync.OnceValues(func() (string, error) { return s.Chroot(*cache) })
	}
	return made
}()

// eachSuite runs the test for every suite, side by side.
func eachSuite(t *testing.T, do func(t *testing.T, s lab.Suite, chroot string)) {
	for _, s := range lab.Suites() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			t.Logf("the chroot of %s is in %s, and is made if it is not there", s.Name, *cache)
			chroot, err := chroots[s.Name]()
			if err != nil {
				t.Fatal(err)
			}
			s, err := s.WithRelease(chroot)
			ok(t, err)
			if s.Unmeasured() {
				t.Logf("%s has ARC %s, which is unmeasured: it is judged as %s, and what does not agree is listed", s.Name, s.Release, s.Measured)
			}
			do(t, s, chroot)
		})
	}
}

// disagree fails the test, unless nobody has measured the release yet.
func disagree(t *testing.T, s lab.Suite, format string, args ...any) {
	t.Helper()
	if s.Unmeasured() {
		t.Logf("unmeasured: "+format, args...)
		return
	}
	t.Errorf(format, args...)
}

// open gives a CE with a host certificate, without any CA.
func open(t *testing.T, s lab.Suite, chroot string) *lab.CE {
	t.Helper()
	ce := openBare(t, s, chroot)
	ok(t, ce.Remove(world.GridDir))
	ok(t, ce.Warm())
	return ce
}

// openBare gives a CE as its packages leave it, with a host certificate.
func openBare(t *testing.T, s lab.Suite, chroot string) *lab.CE {
	t.Helper()
	ce, err := lab.Open(s, chroot)
	ok(t, err)
	t.Cleanup(ce.Close)
	ok(t, ce.Write("/etc/grid-security/hostcert.pem", string(hostCert().PEM()), 0o644))
	ok(t, ce.Write("/etc/grid-security/hostkey.pem", string(hostCert().KeyPEM()), 0o400))
	return ce
}

var (
	hostCA = sync.OnceValue(func() *pki.Entity {
		return worlds.New(pki.Spec{Subject: "/O=Example Hosts/CN=Example Host CA", Key: "rsa7"})
	})
	hostCert = sync.OnceValue(func() *pki.Entity {
		return worlds.New(pki.Spec{Subject: "/O=Example Hosts/CN=ce.example.org", Key: "rsa8", Issuer: hostCA(),
			EKU: []string{"serverAuth", "clientAuth"}, DNSNames: []string{"ce.example.org"}, IPs: []net.IP{net.IPv4(127, 0, 0, 1)}})
	})
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// start starts the CE with the configuration, in place of what runs.
func start(t *testing.T, ce *lab.CE, conf lab.Conf) error {
	t.Helper()
	ok(t, ce.Stop())
	ok(t, ce.Configure(conf))
	return ce.Start()
}
