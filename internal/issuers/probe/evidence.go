package probe

import (
	"bytes"
	"crypto/rand"
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

// WriteEvidence writes the chains of the result into dir, leaf first, one
// file for each server, named as issuers.EvidenceName says, and returns the
// names. A file of an earlier probe is replaced at once or not at all; any
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
		if err := replace(root, name, evidence(s, r.At), overwrite); err != nil {
			return written, fmt.Errorf("%s: %w", name, err)
		}
		written = append(written, name)
	}
	return written, nil
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
func replace(root *os.Root, name string, data []byte, overwrite bool) error {
	ours, exists, err := isOurs(root, name)
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

// isOurs reads the first line of what stands under the name. Only a regular
// file can be ours; nothing else is opened.
func isOurs(root *os.Root, name string) (ours, exists bool, err error) {
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
	first := make([]byte, len(marker))
	if _, err := io.ReadFull(file, first); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, true, err
	}
	return string(first) == marker, true, nil
}
