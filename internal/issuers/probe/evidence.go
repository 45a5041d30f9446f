package probe

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"arclint/internal/issuers"
)

// marker begins every file of evidence that the probe wrote.
const marker = "# chain as served, written by arclint probe\n"

// ErrNotOurs tells that a file in the way was not written by the probe.
var ErrNotOurs = errors.New("was not written by arclint probe")

// ErrOtherIssuer tells that the key set in the way is that of another issuer of
// the same host. All else is written then.
var ErrOtherIssuer = errors.New("holds the keys of another issuer of this host, and stays")

// WriteEvidence writes into dir the chains of the result, leaf first, one
// file for each server, and the issuer's key set, named as issuers.EvidenceName
// and issuers.KeySetName say, and returns the names. A key set of another issuer
// of the same host, from an earlier probe, stays: ErrOtherIssuer. A file of an earlier probe is replaced at once or not at all; any
// other file only if overwrite is set, otherwise the error is ErrNotOurs.
func WriteEvidence(dir string, r Result, overwrite bool) ([]string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	written := []string{}
	for _, s := range r.Servers {
		name, err := issuers.EvidenceName(s.Host, s.Port)
		if err != nil {
			return written, err
		}
		if err := replace(root, name, marker, evidence(s, r.At), overwrite); err != nil {
			return written, fmt.Errorf("%s: %w", name, err)
		}
		written = append(written, name)
	}
	if r.keySet == nil {
		return written, nil
	}
	name, err := writeKeySet(root, r, overwrite)
	if name != "" {
		written = append(written, name)
	}
	return written, err
}

// keySetMarker begins every key set that the probe wrote.
const keySetMarker = `{"` + issuers.KeySetIssuer + `":`

// maxKeySet is what a reader of the evidence takes.
const maxKeySet = 1 << 20

// writeKeySet gives the name of the file; "" where it wrote none.
func writeKeySet(root *os.Root, r Result, overwrite bool) (string, error) {
	host, port, err := issuers.HostPort(r.Issuer)
	if err != nil {
		return "", err
	}
	name, err := issuers.KeySetName(host, port)
	if err != nil {
		return "", err
	}
	data, mark, err := keySet(r)
	if err != nil || len(data) > maxKeySet {
		return "", err
	}
	mine, _, err := isOurs(root, name, mark)
	if err != nil {
		return "", err
	}
	probed, _, err := isOurs(root, name, keySetMarker)
	if err != nil {
		return "", err
	}
	if probed && !mine && !overwrite {
		return "", fmt.Errorf("%s: %w", name, ErrOtherIssuer)
	}
	if err := replace(root, name, mark, data, overwrite); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return name, nil
}

// keySet is the text of a file, and how it begins: with the issuer, so that
// that of another one is told from it.
func keySet(r Result) (data []byte, mark string, err error) {
	issuer, err := json.Marshal(r.Issuer)
	if err != nil {
		return nil, "", err
	}
	mark = keySetMarker + string(issuer) + ",\n"
	data = append([]byte(mark+`"keys":`), r.keySet...)
	return append(data, "}\n"...), mark, nil
}

// evidence is the text of a file: a line with the subject before each PEM block.
func evidence(s Server, at time.Time) []byte {
	var out bytes.Buffer
	out.WriteString(marker)
	fmt.Fprintf(&out, "# host %s port %s, %s\n", s.Host, s.Port, at.UTC().Format(time.RFC3339))
	for _, cert := range s.served {
		fmt.Fprintf(&out, "subject=%s\n", subjectOf(cert))
		out.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
	}
	return out.Bytes()
}

// replace puts data under the name by way of a file beside it.
func replace(root *os.Root, name, mark string, data []byte, overwrite bool) error {
	ours, exists, err := isOurs(root, name, mark)
	if err != nil {
		return err
	}
	if exists && !ours && !overwrite {
		return ErrNotOurs
	}
	temporary := ".arclint-" + rand.Text()
	if err := create(root, temporary, data); err != nil {
		return errors.Join(err, removed(root, temporary))
	}
	if exists {
		err = root.Rename(temporary, name)
		return errors.Join(err, removed(root, temporary))
	}
	// A link fails where a file has come into being since.
	return errors.Join(root.Link(temporary, name), removed(root, temporary))
}

// create writes a new file through to the disk.
func create(root *os.Root, name string, data []byte) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// removed takes a file away, if it is still there.
func removed(root *os.Root, name string) error {
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// isOurs says whether what stands under the name begins with the mark. Only a regular
// file can be ours; nothing else is opened.
func isOurs(root *os.Root, name, mark string) (ours, exists bool, err error) {
	info, err := root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, false, nil
	}
	if err != nil || !info.Mode().IsRegular() {
		return false, true, err
	}
	file, err := root.Open(name)
	if err != nil {
		return false, true, err
	}
	defer file.Close()
	first := make([]byte, len(mark))
	if _, err := io.ReadFull(file, first); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, true, err
	}
	return string(first) == mark, true, nil
}
