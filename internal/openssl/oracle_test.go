package openssl_test

import (
	"crypto/x509/pkix"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/rootfs"
)

// oracle is an installed openssl and the profile of its version.
type oracle struct {
	program, version string
	profile          openssl.Profile
}

// findOracle gives the program of the environment variable OPENSSL, or openssl.
// The test is skipped where there is none of a series whose differences are known.
func findOracle(t *testing.T) oracle {
	t.Helper()
	o := oracle{program: "openssl"}
	if path := os.Getenv("OPENSSL"); path != "" {
		o.program = path
	}
	out, err := exec.Command(o.program, "version").Output()
	if err != nil {
		t.Skipf("openssl cannot be asked: install openssl (%v)", err)
	}
	o.version = strings.Fields(string(out))[1]
	var ok bool
	if o.profile, ok = openssl.ProfileOf(o.version); !ok {
		t.Skipf("openssl is %s, whose differences are not known: install 3.0, 3.5 or 3.6", o.version)
	}
	o.askPatches(t)
	return o
}

// askPatches asks for what differs between patch releases.
func (o *oracle) askPatches(t *testing.T) {
	root := pki.New(pki.Spec{Subject: "/CN=Root", Key: "rsa1", IsCA: pki.True})
	leaf := pki.New(pki.Spec{Subject: "/CN=host.example.org", Key: "rsa2", Issuer: root})
	hidden := draw{store: files{root.Hash() + ".0": []byte("garbage\n"), root.Hash() + ".1": root.PEM()}, chain: []*pki.Entity{leaf}}
	delta := oddCRLs("asked", pki.CRLSpec{Extensions: []pkix.Extension{extension("2.5.29.27", true, "020101")}})[1]
	codes := o.ask(t, lay(t, []draw{hidden, delta}), openssl.Server)
	o.profile.SkipsUnreadable, o.profile.SkipsDeltas = codes[0] == 0, codes[1] == 0
}

// files are the files of a trust directory by name.
type files map[string][]byte

// draw is a chain and the trust directory that it meets. Draws that are laid out
// together must have no name of a CA in common.
type draw struct {
	store files
	chain []*pki.Entity // the end-entity certificate first
	log   string        // how it was made
}

// layout is a directory in which draws are laid out: ca, sent.pem, leaf-N.pem.
type layout struct {
	dir   string
	draws []draw
}

func lay(t *testing.T, draws []draw) layout {
	t.Helper()
	l := layout{t.TempDir(), draws}
	if err := os.Mkdir(filepath.Join(l.dir, "ca"), 0o755); err != nil {
		t.Fatal(err)
	}
	var sent []byte
	for i, d := range draws {
		for name, data := range d.store {
			l.write(t, filepath.Join("ca", name), data)
		}
		l.write(t, leafName(i), d.chain[0].PEM())
		sent = append(sent, pki.Chain(d.chain...)...)
	}
	l.write(t, "sent.pem", sent)
	return l
}

func leafName(i int) string { return fmt.Sprintf("leaf-%d.pem", i) }

func (l layout) write(t *testing.T, name string, data []byte) {
	t.Helper()
	path := filepath.Join(l.dir, name)
	if _, err := os.Lstat(path); err == nil {
		t.Fatalf("%s is there twice: two draws have a name in common", path)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// engine looks into the same directory.
func (l layout) engine(t *testing.T, p openssl.Profile) *openssl.Engine {
	t.Helper()
	tree, err := rootfs.Dir(l.dir)
	if err != nil {
		t.Fatal(err)
	}
	return &openssl.Engine{Store: openssl.NewStore([]*gridsec.Dir{gridsec.NewReader(tree).Dir("/ca")}, nil), Profile: p}
}

// noCRL is X509_V_ERR_UNABLE_TO_GET_CRL, which ARC forgives.
const noCRL = 3

// ask gives OpenSSL's first error for each draw. Where it finds no CRL it is
// asked without.
func (o oracle) ask(t *testing.T, l layout, p openssl.Purpose) []int {
	t.Helper()
	all := make([]int, len(l.draws))
	for i := range all {
		all[i] = i
	}
	first := o.verify(t, l, p, all, "-crl_check")
	codes := make([]int, len(all))
	var without []int
	for i := range codes {
		if codes[i] = first[i]; codes[i] == noCRL {
			without = append(without, i)
		}
	}
	for i, code := range o.verify(t, l, p, without) {
		codes[i] = code
	}
	return codes
}

var (
	errorLine = regexp.MustCompile(`^error (\d+) at \d+ depth lookup`)
	lastLine  = regexp.MustCompile(`^error leaf-(\d+)\.pem: verification failed$`)
	fineLine  = regexp.MustCompile(`^leaf-(\d+)\.pem: OK$`)
)

// internalError is what verify gives where OpenSSL reports no error of a
// certificate but fails.
const internalError = -1

// verify runs openssl verify once for the draws of these numbers, and gives each
// its first error.
func (o oracle) verify(t *testing.T, l layout, p openssl.Purpose, numbers []int, flags ...string) map[int]int {
	t.Helper()
	if len(numbers) == 0 {
		return nil
	}
	args := append([]string{"verify", "-CApath", "ca", "-no-CAfile", "-no-CAstore", "-auth_level", strconv.Itoa(o.profile.Level),
		"-purpose", p.String(), "-allow_proxy_certs", "-attime", strconv.FormatInt(pki.Now.Unix(), 10), "-untrusted", "sent.pem"}, flags...)
	for _, n := range numbers {
		args = append(args, leafName(n))
	}
	cmd := exec.Command(o.program, args...)
	cmd.Dir = l.dir
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run() // it fails where one of them is refused
	codes := map[int]int{}
	first := internalError
	for line := range strings.Lines(stderr.String()) {
		line = strings.TrimSpace(line)
		if m := errorLine.FindStringSubmatch(line); m != nil && first == internalError {
			first = atoi(m[1])
		} else if m := lastLine.FindStringSubmatch(line); m != nil {
			codes[atoi(m[1])], first = first, internalError
		}
	}
	for line := range strings.Lines(stdout.String()) {
		if m := fineLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			codes[atoi(m[1])] = 0
		}
	}
	if len(codes) != len(numbers) {
		t.Fatalf("%s verify answers for %d of %d:\n%s", o.program, len(codes), len(numbers), stderr.String())
	}
	return codes
}

func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		panic(err) // a regular expression found it
	}
	return n
}

// fits says whether the reason is what the error of OpenSSL means.
func fits(code int, r openssl.Reason) bool {
	for _, reason := range reasonOf[code] {
		if r == reason {
			return true
		}
	}
	return false
}

// reasonOf are the X509_V_ERR_* of OpenSSL's x509_vfy.h.
var reasonOf = map[int][]openssl.Reason{
	internalError: {openssl.NameConstraint},
	0:             {openssl.OK},
	1:             {openssl.Unreadable, openssl.NameConstraint},
	2:             {openssl.NoAnchor},
	7:             {openssl.BadSignature},
	8:             {openssl.CRLBadSig},
	9:             {openssl.NotYetValid},
	10:            {openssl.Expired},
	11:            {openssl.CRLNotYetValid},
	12:            {openssl.CRLExpired},
	13:            {openssl.Unreadable},
	14:            {openssl.Unreadable},
	18:            {openssl.NoAnchor},
	19:            {openssl.NoAnchor},
	20:            {openssl.NoAnchor, openssl.NoIntermediate, openssl.Unreadable}, // also where the leaf is invalid
	21:            {openssl.BadSignature},
	23:            {openssl.Revoked},
	25:            {openssl.PathLength},
	26:            {openssl.WrongPurpose},
	28:            {openssl.WrongPurpose},
	32:            {openssl.NotACA},
	34:            {openssl.Unreadable},
	35:            {openssl.CRLBadSig},
	36:            {openssl.Unreadable},
	37:            {openssl.WrongPurpose},
	38:            {openssl.PathLength},
	39:            {openssl.WrongPurpose},
	41:            {openssl.Unreadable},
	44:            {openssl.CRLBadSig},
	47:            {openssl.NameConstraint},
	48:            {openssl.NameConstraint},
	49:            {openssl.NameConstraint},
	51:            {openssl.NameConstraint},
	53:            {openssl.NameConstraint},
	66:            {openssl.WeakKey},
	67:            {openssl.WeakKey},
	68:            {openssl.WeakKey},
	72:            {openssl.NameConstraint},
	79:            {openssl.NotACA},
	94:            {openssl.WeakKey},
}
