package recipes_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/pki"
	"arclint/recipes"
)

// rsaKey is a public key as JWK with an RSA modulus of that many bits.
func rsaKey(kid string, bits int) string {
	return fmt.Sprintf(`{"kty":"RSA","kid":%q,"e":"AQAB","n":%q}`, kid, "_"+strings.Repeat("A", bits/6))
}

const ecKey = `{"kty":"EC","crv":"P-256","kid":"ec","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`

// issuerServer is an issuer on this machine; a test changes what it answers.
type issuerServer struct {
	url string
	mu  sync.Mutex // for answers: a connection may outlive the test that made it
	answers
}

type answers struct {
	metadata, keys string
	redirect       string
	status         int
}

// change changes the answers.
func (is *issuerServer) change(how func()) {
	is.mu.Lock()
	defer is.mu.Unlock()
	how()
}

func (is *issuerServer) now() answers {
	is.mu.Lock()
	defer is.mu.Unlock()
	return is.answers
}

// serve starts the issuer with a certificate under the world's public root,
// for the address at which it listens, or for another host.
func serve(t *testing.T, w world, host net.IP) *issuerServer {
	t.Helper()
	leaf := pki.New(pki.Spec{Subject: "/CN=127.0.0.1", Key: "rsa1", Issuer: w.inter, IPs: []net.IP{host}, NotAfter: time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)})
	is := &issuerServer{answers: answers{status: http.StatusOK}}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := is.now()
		switch {
		case a.redirect != "":
			http.Redirect(w, r, a.redirect, http.StatusFound)
		case r.URL.Path == "/vo/.well-known/openid-configuration":
			w.WriteHeader(a.status)
			fmt.Fprint(w, a.metadata)
		case r.URL.Path == "/keys":
			fmt.Fprint(w, a.keys)
		default:
			http.NotFound(w, r)
		}
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Cert, w.inter.Cert}, PrivateKey: leaf.Key}}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	is.url = server.URL + "/vo"
	is.metadata = fmt.Sprintf(`{"issuer":%q,"jwks_uri":%q}`, is.url, server.URL+"/keys")
	is.keys = `{"keys":[` + rsaKey("one", 2048) + `]}`
	return is
}

// pinSite is a root directory with the script and tools of pin-issuer for the
// server, and the environment that lets them trust it.
func pinSite(t *testing.T, w world, issuer string) (root, script string, env []string) {
	t.Helper()
	needTools(t, "sh", "python3", "sha256sum")
	files := w.tree()
	p := makeOn(t, "pin-issuer", w.load(t, files.mem(t), "7.2.0"), recipes.Params{Issuer: issuer})
	root = files.write(t)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, w.public.PEM(), 0o644); err != nil {
		t.Fatal(err)
	}
	return root, writeScript(t, p), []string{"ARCLINT_CA_FILE=" + ca, "no_proxy=127.0.0.1"}
}

func pinnedFiles(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	files, err := filepath.Glob(root + "/var/spool/arc/jobstatus/tokenissuers/*/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		found[filepath.Base(f)] = string(data)
	}
	return found
}

func tool(t *testing.T, root string) string {
	t.Helper()
	found, err := filepath.Glob(root + "/usr/local/sbin/arclint-issuer-*")
	if err != nil || len(found) != 1 {
		t.Fatalf("%d tools, %v", len(found), err)
	}
	return found[0]
}

func TestPinIssuer(t *testing.T) {
	w := newWorld()
	is := serve(t, w, net.IPv4(127, 0, 0, 1))
	root, script, env := pinSite(t, w, is.url)
	before := snapshot(t, root)

	mustRun(t, script, root, env, "--dry-run")
	if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
		t.Fatalf("the dry run changed something: -before +after\n%s", diff)
	}
	mustRun(t, script, root, env)
	want := map[string]string{"issuer": is.url, "metadata": is.metadata, "keys": is.keys}
	if diff := cmp.Diff(want, pinnedFiles(t, root)); diff != "" {
		t.Fatalf("pinned, -want +got\n%s", diff)
	}
	after := snapshot(t, root)
	if out := mustRun(t, script, root, env); !strings.Contains(out, "nothing to change") {
		t.Errorf("the second run says:\n%s", out)
	}
	if diff := cmp.Diff(after, snapshot(t, root)); diff != "" {
		t.Errorf("the second run changed something\n%s", diff)
	}
	if out := mustRunTool(t, tool(t, root), root, env); out != "" {
		t.Errorf("the tool has nothing to do, but says %q", out)
	}

	is.change(func() { is.keys = `{"keys":[` + rsaKey("one", 2048) + `,` + ecKey + `]}` })
	if out := mustRunTool(t, tool(t, root), root, env); !strings.Contains(out, "pinned the keys") {
		t.Errorf("new keys, but the tool says %q", out)
	}
	if got := pinnedFiles(t, root)["keys"]; got != is.keys {
		t.Errorf("keys are %q, want the new ones", got)
	}

	mustRun(t, backups(t, root)[0], root, env)
	if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
		t.Errorf("-before +after the rollback\n%s", diff)
	}
}

// TestPinIssuerRefuses: whatever the issuer serves that cannot be trusted, the
// old keys stay and the reason is said.
func TestPinIssuerRefuses(t *testing.T) {
	w := newWorld()
	is := serve(t, w, net.IPv4(127, 0, 0, 1))
	root, script, env := pinSite(t, w, is.url)
	mustRun(t, script, root, env)
	good := is.now()
	want := pinnedFiles(t, root)
	base := strings.TrimSuffix(is.url, "/vo")
	for name, c := range map[string]struct {
		change func()
		says   string
	}{
		"no JSON":            {func() { is.metadata = "<html>" }, "no JSON"},
		"other issuer":       {func() { is.metadata = strings.Replace(is.metadata, `/vo"`, `/vo/"`, 1) }, "tokens carry the first"},
		"no issuer":          {func() { is.metadata = `{"jwks_uri":"` + base + `/keys"}` }, "tokens carry the first"},
		"issuer twice":       {func() { is.metadata = `{"issuer":"x",` + is.metadata[1:] }, "twice"},
		"keys on other host": {func() { is.metadata = `{"issuer":"` + is.url + `","jwks_uri":"https://localhost/keys"}` }, "decide yourself"},
		"keys by http":       {func() { is.metadata = strings.Replace(is.metadata, `"jwks_uri":"https`, `"jwks_uri":"http`, 1) }, "not https"},
		"user in jwks_uri": {func() {
			is.metadata = strings.Replace(is.metadata, `"jwks_uri":"https://`, `"jwks_uri":"https://u@`, 1)
		}, "not https on"},
		"jwks_uri executes":  {func() { is.metadata = strings.Replace(is.metadata, `/keys`, `/$(touch x)`, 1) }, "no URL"},
		"redirect":           {func() { is.redirect = base + "/keys" }, "status 302"},
		"not found":          {func() { is.status = http.StatusNotFound }, "status 404"},
		"empty keys":         {func() { is.keys = `{"keys":[]}` }, "none of the 0 keys"},
		"no keys":            {func() { is.keys = `[]` }, "no list of keys"},
		"RSA 1024":           {func() { is.keys = `{"keys":[` + rsaKey("a", 2048) + `,` + rsaKey("b", 1024) + `]}` }, "1024"},
		"secret":             {func() { is.keys = `{"keys":[{"kty":"oct","k":"AAAA","kid":"a"}]}` }, "secret"},
		"private key":        {func() { is.keys = strings.Replace(is.keys, `"kty"`, `"d":"AA","kty"`, 1) }, "secret"},
		"no kid":             {func() { is.keys = strings.Replace(is.keys, `"kid":"one",`, "", 1) }, "with a kid"},
		"only P-384":         {func() { is.keys = `{"keys":[` + strings.Replace(ecKey, "P-256", "P-384", 1) + `]}` }, "none of the 1 keys"},
		"too large":          {func() { is.keys = `{"keys":[` + rsaKey("a", 2048) + `],"x":"` + strings.Repeat("x", 2<<20) + `"}` }, "cannot fetch"},
		"too large, chunked": {func() { is.metadata = strings.Repeat(" ", 5<<20) + is.metadata }, "cannot fetch"},
		"nested":             {func() { is.keys = strings.Repeat("[", 100000) }, "no JSON"},
		"not UTF-8":          {func() { is.keys = "\xff\xfe" }, "no JSON"},
		"empty answer":       {func() { is.keys = "" }, "empty"},
	} {
		t.Run(name, func(t *testing.T) {
			is.change(c.change)
			defer is.change(func() { is.answers = good })
			out, err := runTool(t, tool(t, root), root, env)
			if err == nil || !strings.Contains(out, c.says) || !strings.Contains(out, "stays as it is") {
				t.Errorf("error %v, want a refusal with %q:\n%s", err, c.says, out)
			}
			if diff := cmp.Diff(want, pinnedFiles(t, root)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestPinIssuerChecksTLS: a CA that is not the system's, and a certificate for
// another host, are refused; the CE itself would not see the second
// (arc-behaviour S10).
func TestPinIssuerChecksTLS(t *testing.T) {
	w := newWorld()
	t.Run("other CA", func(t *testing.T) {
		is := serve(t, w, net.IPv4(127, 0, 0, 1))
		root, script, env := pinSite(t, w, is.url)
		env[0] = "ARCLINT_CA_FILE=" + root + "/etc/grid-security/certificates/ExampleGridCA.pem"
		wantRefusal(t, root, script, env)
	})
	t.Run("other host", func(t *testing.T) {
		is := serve(t, w, net.IPv4(127, 0, 0, 2))
		root, script, env := pinSite(t, w, is.url)
		wantRefusal(t, root, script, env)
	})
	t.Run("environment", func(t *testing.T) {
		is := serve(t, w, net.IPv4(127, 0, 0, 1))
		root, script, env := pinSite(t, w, is.url)
		good := strings.TrimPrefix(env[0], "ARCLINT_CA_FILE=")
		env[0] = "ARCLINT_CA_FILE=" + root + "/etc/grid-security/certificates/ExampleGridCA.pem"
		wantRefusal(t, root, script, append(env, "CURL_CA_BUNDLE="+good, "SSL_CERT_FILE="+good))
	})
}

func wantRefusal(t *testing.T, root, script string, env []string) {
	t.Helper()
	out, err := run(t, script, root, env)
	if err == nil || !strings.Contains(out, "cannot fetch") {
		t.Errorf("error %v, want a refusal:\n%s", err, out)
	}
	if got := pinnedFiles(t, root); len(got) > 0 {
		t.Errorf("pinned %v", got)
	}
}

// TestPinIssuerTwice: two directories for one issuer are for a person to sort
// out (arc-behaviour G3), and a newline that breaks the file issuer is repaired
// (G2).
func TestPinIssuerTwice(t *testing.T) {
	w := newWorld()
	is := serve(t, w, net.IPv4(127, 0, 0, 1))
	root, script, env := pinSite(t, w, is.url)
	mustRun(t, script, root, env)
	file, err := filepath.Glob(root + "/var/spool/arc/jobstatus/tokenissuers/*/issuer")
	if err != nil || len(file) != 1 {
		t.Fatal(file, err)
	}
	if err := os.WriteFile(file[0], []byte(is.url+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	mustRunTool(t, tool(t, root), root, env)
	if got := pinnedFiles(t, root)["issuer"]; got != is.url {
		t.Errorf("issuer is %q, want %q", got, is.url)
	}
	other := root + "/var/spool/arc/jobstatus/tokenissuers/other"
	if err := os.Mkdir(other, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other+"/issuer", []byte(is.url), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := runTool(t, tool(t, root), root, env); err == nil || !strings.Contains(out, "pins this issuer as well") {
		t.Errorf("error %v, want a refusal:\n%s", err, out)
	}
}
