package probe

import (
	"encoding/json"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteEvidence(t *testing.T) {
	f := newFixture(t)
	f.setMetadata(`{"jwks_uri":"https://` + otherHost + `:8443/dune/jwks"}`)
	r := f.probe(t)
	dir := t.TempDir()
	for range 2 { // the second time it replaces its own files
		names, err := WriteEvidence(dir, r, false)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{host + ".pem", otherHost + "_8443.pem", host + ".jwks.json"}, names); diff != "" {
			t.Errorf("names (-want +got):\n%s", diff)
		}
	}
	text := read(t, filepath.Join(dir, host+".pem"))
	want := marker + "# host issuer.example.org port 443, 2026-07-01T12:00:00Z\n" +
		"subject=/O=Example/CN=issuer.example.org\n-----BEGIN CERTIFICATE-----\n"
	if !strings.HasPrefix(text, want) {
		t.Errorf("file begins with %q, want %q", text[:min(len(text), len(want))], want)
	}
	rest, count := []byte(text), 0
	for block, after := pem.Decode(rest); block != nil; block, after = pem.Decode(after) {
		if string(block.Bytes) != string(f.chain[count].cert.Raw) {
			t.Errorf("certificate %d is not that of the chain", count)
		}
		count++
	}
	if count != len(f.chain) {
		t.Errorf("%d certificates, want %d", count, len(f.chain))
	}
	onlyFiles(t, dir, host+".jwks.json", host+".pem", otherHost+"_8443.pem")
}

func TestWriteEvidenceKeepsWhatIsNotOurs(t *testing.T) {
	r := newFixture(t).probe(t)
	const theirs = "a chain that somebody pasted\n"
	tests := map[string]func(t *testing.T, path string){
		"file": func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(theirs), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"empty file": func(t *testing.T, path string) {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"link": func(t *testing.T, path string) {
			if err := os.Symlink("elsewhere", path); err != nil {
				t.Fatal(err)
			}
		},
		"link to a file of ours": func(t *testing.T, path string) {
			if err := os.WriteFile(path+".real", []byte(marker), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Base(path)+".real", path); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, put := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, host+".pem")
			put(t, path)
			before, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := WriteEvidence(dir, r, false); !errors.Is(err, ErrNotOurs) {
				t.Errorf("error is %v, want %v", err, ErrNotOurs)
			}
			after, err := os.Lstat(path)
			if err != nil || after.Mode() != before.Mode() || after.Size() != before.Size() {
				t.Errorf("what was there is now %v, %v", after, err)
			}
			if _, err := WriteEvidence(dir, r, true); err != nil {
				t.Fatalf("asked to overwrite: %v", err)
			}
			if text := read(t, path); !strings.HasPrefix(text, marker) {
				t.Errorf("after overwriting it begins with %.40q", text)
			}
			if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
				t.Errorf("after overwriting it is %v, %v, want a file", info, err)
			}
			if _, err := os.Stat(filepath.Join(dir, "elsewhere")); !errors.Is(err, fs.ErrNotExist) {
				t.Error("wrote through the link")
			}
		})
	}
}

func TestWriteEvidenceWithoutDirectory(t *testing.T) {
	if _, err := WriteEvidence(filepath.Join(t.TempDir(), "missing"), Result{}, false); err == nil {
		t.Error("no error, want one: the directory is missing")
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// onlyFiles: nothing temporary stays behind.
func onlyFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestWriteKeySet: the keys are written as served, and those of another issuer
// of the host, or of somebody else, stay.
func TestWriteKeySet(t *testing.T) {
	r := newFixture(t).probe(t)
	dir := t.TempDir()
	path := filepath.Join(dir, host+".jwks.json")
	write := func(r Result, overwrite bool) error {
		_, err := WriteEvidence(dir, r, overwrite)
		return err
	}
	if err := write(r, false); err != nil {
		t.Fatal(err)
	}
	var set struct {
		Issuer string          `json:"arclint_probe"`
		Keys   json.RawMessage `json:"keys"`
	}
	first := read(t, path)
	if err := json.Unmarshal([]byte(first), &set); err != nil || set.Issuer != r.Issuer || string(set.Keys) != string(r.keySet) {
		t.Errorf("%v: key set of %q, %.60q, want %q, %.60q", err, set.Issuer, set.Keys, r.Issuer, r.keySet)
	}
	other := r
	other.Issuer += "/other"
	if err := write(other, false); !errors.Is(err, ErrOtherIssuer) || read(t, path) != first {
		t.Errorf("another issuer of the host: %v, want %v and the file as it was", err, ErrOtherIssuer)
	}
	if err := write(other, true); err != nil || read(t, path) == first {
		t.Errorf("asked to overwrite: %v", err)
	}
	if err := os.WriteFile(path, []byte(`{"keys":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := write(r, false); !errors.Is(err, ErrNotOurs) {
		t.Errorf("a key set of somebody else: %v, want %v", err, ErrNotOurs)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	r.keySet = json.RawMessage("[" + strings.Repeat(" ", maxKeySet) + "]")
	if err := write(r, false); err != nil {
		t.Fatal(err)
	}
	r.keySet = nil
	if err := write(r, false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("wrote a key set that is too large, or none")
	}
}
