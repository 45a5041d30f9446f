package openssl_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/golden"
	"arclint/fixtures/mutants"
	"arclint/fixtures/pki"
	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/rootfs"
)

const keptPath = "testdata/kept.tsv"

// keptVersions are the columns of answers of kept.tsv.
var keptVersions = []string{"3.0.20", "3.0.22", "3.5.9", "3.6.5"}

// keptMutant is a certificate that is nearly right, with what OpenSSL answered to it and
// to one that it issued.
type keptMutant struct {
	what, hash  string // the hash is that of its subject, as OpenSSL gives it; "-": it is not read
	cert, child []byte
	answers     map[string]string // by version: "mutant/child"
}

// keptAuthority is the name of the CA above them.
const keptAuthority = "Authority 0"

// TestKept compares the Engine with what each release of OpenSSL answered to kept
// certificates. It asks no openssl. With UPDATE=1 the installed openssl (or the one of
// OPENSSL) is asked for its column, and mutants are kept where the file has none.
func TestKept(t *testing.T) {
	kept := readKept(t)
	if golden.Update() {
		askKept(t, findOracle(t), kept)
		writeKept(t, kept)
	}
	if len(kept) < 50 {
		t.Errorf("%d certificates are kept, want 50 or more", len(kept))
	}
	for _, version := range keptVersions {
		p, ok := openssl.ProfileOf(version)
		if !ok {
			t.Fatalf("no profile of %s", version)
		}
		t.Run(version, func(t *testing.T) {
			for _, k := range kept {
				k.check(t, p, k.answers[version])
			}
		})
	}
}

func (k *keptMutant) check(t *testing.T, p openssl.Profile, answer string) {
	t.Helper()
	var code, child int
	if _, err := fmt.Sscanf(answer, "%d/%d", &code, &child); err != nil {
		t.Errorf("%s: the answer %q", k.what, answer)
		return
	}
	tree := rootfs.NewMem()
	ca := mutants.NewAuthority(keptAuthority)
	for path, data := range map[string][]byte{"/ca/" + ca.Hash() + ".0": ca.PEM(), "/ca/" + k.hash + ".0": asPEM(k.cert), "/child.pem": asPEM(k.child)} {
		if err := tree.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	reader := gridsec.NewReader(tree)
	engine := &openssl.Engine{Store: openssl.NewStore([]*gridsec.Dir{reader.Dir("/ca")}, nil), Profile: p}
	for path, want := range map[string]int{"/ca/" + k.hash + ".0": code, "/child.pem": child} {
		f := reader.File(path)
		if len(f.Certificates) == 0 {
			if want != unread {
				t.Errorf("%s, %s: it is not read, OpenSSL says %d", k.what, path, want)
			}
			continue
		}
		got := engine.Verify(f.Certificates, openssl.Server, pki.Now)
		if got.Reason == openssl.Unchecked && (want == 0 || want == badSignature) {
			continue
		}
		if want == unread && got.Reason != openssl.Unreadable || want != unread && !fits(want, got.Reason) {
			t.Errorf("%s, %s: %s, OpenSSL says %d\n%s", k.what, path, got.Reason, want, story(got))
		}
	}
}

// readKept reads the file: what was changed, the hash, the answers, the certificate and
// the one that it issued.
func readKept(t *testing.T) (kept []*keptMutant) {
	t.Helper()
	text, err := os.ReadFile(keptPath)
	if err != nil && !golden.Update() {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 4+len(keptVersions) || strings.HasPrefix(line, "#") {
			continue
		}
		k := &keptMutant{what: fields[0], hash: fields[1], answers: map[string]string{}}
		for i, version := range keptVersions {
			k.answers[version] = fields[2+i]
		}
		for i, to := range []*[]byte{&k.cert, &k.child} {
			if *to, err = base64.StdEncoding.DecodeString(fields[2+len(keptVersions)+i]); err != nil {
				t.Fatal(err)
			}
		}
		kept = append(kept, k)
	}
	if golden.Update() && len(kept) == 0 {
		return chooseKept(t)
	}
	return kept
}

// chooseKept takes small certificates of many changes: each change of a kind once.
func chooseKept(t *testing.T) (kept []*keptMutant) {
	var made [][]byte
	for _, der := range append(madeCertificates(t), readCertificates(t, "testdata/kinds.pem")...) {
		if len(der) < 700 {
			made = append(made, der)
		}
	}
	ca := mutants.NewAuthority(keptAuthority)
	seen := map[string]bool{}
	// What mutants.md leaves is left out: an element that has become a time.
	for n := uint64(0); len(kept) < 120 && n < 3000; n++ {
		d := mutants.Draw(made, 1, n, ca)
		kind := strings.TrimPrefix(strings.TrimPrefix(d.What, "below a CA: "), "with its own key: ")
		if seen[kind] || strings.Contains(kind, ";") || strings.HasSuffix(kind, " is 0.23") || len(d.Cert) > 800 || len(d.Child) > 600 {
			continue
		}
		seen[kind] = true
		kept = append(kept, &keptMutant{what: fmt.Sprintf("%q", d.What), hash: "-", cert: d.Cert, child: d.Child, answers: map[string]string{}})
	}
	return kept
}

// askKept asks openssl, once about each.
func askKept(t *testing.T, o oracle, kept []*keptMutant) {
	if !slices.Contains(keptVersions, o.version) {
		t.Fatalf("openssl is %s: there is no column for it", o.version)
	}
	m := &mutation{oracle: o}
	for _, k := range kept {
		l := layout{dir: t.TempDir()}
		if err := os.Mkdir(l.dir+"/ca", 0o755); err != nil {
			t.Fatal(err)
		}
		l.write(t, "ca/authority.pem", mutants.NewAuthority(keptAuthority).PEM())
		l.write(t, "ca/mutant.pem", asPEM(k.cert))
		l.write(t, "child.pem", asPEM(k.child))
		m.rehash(t, l)
		codes := m.codes(t, l, openssl.Server, []string{"ca/mutant.pem", "child.pem"})
		k.answers[o.version] = fmt.Sprintf("%d/%d", codes["ca/mutant.pem"], codes["child.pem"])
		for _, e := range newView(t, l, o.profile).dir.Entries {
			if _, _, _, ok := gridsec.ParseChainName(e.Name); ok && e.Target == "mutant.pem" {
				k.hash = e.Name[:8]
			}
		}
	}
}

func writeKept(t *testing.T, kept []*keptMutant) {
	text := "# Certificates that are nearly right: the change, the hash of the subject, what each release of openssl verify says of it\n" +
		"# and of one that it issued (an error, 0: accepted, -2: not read), and the two. UPDATE=1 go test ./internal/openssl writes a column.\n" +
		"#\thash\t" + strings.Join(keptVersions, "\t") + "\tcertificate\tissued\n"
	for _, k := range kept {
		text += k.what + "\t" + k.hash
		for _, version := range keptVersions {
			text += "\t" + k.answers[version]
		}
		text += "\t" + base64.StdEncoding.EncodeToString(k.cert) + "\t" + base64.StdEncoding.EncodeToString(k.child) + "\n"
	}
	golden.Write(t, keptPath, []byte(text))
}
