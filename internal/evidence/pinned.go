package evidence

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"net/url"
	"path"
	"strings"
	"time"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// Pinned is one directory of controldir/tokenissuers (arc-behaviour G1-G3).
type Pinned struct {
	Dir       string
	Issuer    string       // the bytes of the file issuer, verbatim: a newline at the end makes it another issuer (G2); "" where Odd is set
	Odd       string       // what the file holds in place of the URL of an issuer, without a byte of it: it may be a link to a secret
	Source    *source.File // the file issuer; without its bytes where Odd is set
	Metadata  *source.File
	Keys      *source.File
	Modified  time.Time // of the file keys
	Refreshed bool      // the timer of the recipe pin-issuer is installed for it
	Err       error     // why ARC does not read the directory; the fields above hold what could be read

	sum [sha256.Size]byte // of the bytes of the file issuer
}

// Is says whether the file issuer holds these bytes and no others.
func (p *Pinned) Is(issuer string) bool {
	return p.Source != nil && p.sum == sha256.Sum256([]byte(issuer))
}

// errEmpty is what 7.x says of a file without content ("Empty data for JWT issuer").
var errEmpty = errors.New("is empty")

// PinnedIssuers are the directories of one CE.
type PinnedIssuers []*Pinned

// ReadPinned reads controldir/tokenissuers as 7.x does at start. No directory
// there means no pinned issuers.
func ReadPinned(fsys rootfs.FS, controldir string) PinnedIssuers {
	entries, err := rootfs.List(fsys, path.Join(controldir, "tokenissuers"))
	if rootfs.Unread(err) {
		return PinnedIssuers{{Dir: path.Join(controldir, "tokenissuers"), Err: err}}
	}
	if err != nil {
		return nil
	}
	var found PinnedIssuers
	for _, e := range entries {
		found = append(found, readPinnedDir(fsys, e.Path))
	}
	return found
}

// For are the directories of tokenissuers that this release reads for the
// issuer. Of two the one counts that is read last, in an order that the files do
// not tell (arc-behaviour G3).
func (p PinnedIssuers) For(issuer string) PinnedIssuers {
	var found PinnedIssuers
	for _, dir := range p {
		if dir.Err == nil && dir.Is(issuer) {
			found = append(found, dir)
		}
	}
	return found
}

// Unread is a directory that this run could not read and that may pin the keys of
// the issuer; "" where there is none.
func (p PinnedIssuers) Unread(issuer string) string {
	for _, dir := range p {
		if rootfs.Unread(dir.Err) && (dir.Source == nil || dir.Is(issuer)) {
			return dir.Dir
		}
	}
	return ""
}

func readPinnedDir(fsys rootfs.FS, dir string) *Pinned {
	p := &Pinned{Dir: dir}
	read := func(name string) *source.File {
		file := path.Join(dir, name)
		data, info, err := rootfs.Read(fsys, file, maxFile)
		if err == nil && len(data) == 0 {
			err = errEmpty
		}
		if err != nil {
			p.Err = errors.Join(p.Err, fmt.Errorf("%s: %w", name, err))
			return nil
		}
		p.Modified = info.ModTime
		return source.New(file, data)
	}
	p.Source, p.Metadata, p.Keys = read("issuer"), read("metadata"), read("keys")
	if p.Source != nil {
		p.readIssuer(fsys)
	}
	if p.Metadata != nil && !json.Valid(p.Metadata.Data) {
		p.Err = errors.Join(p.Err, errors.New("metadata: is not JSON"))
	}
	if p.Keys != nil && !isKeySet(p.Keys.Data) {
		p.Err = errors.Join(p.Err, errors.New("keys: is not a JSON object with an array keys"))
	}
	return p
}

// maxIssuer is the longest URL of an issuer that is shown, in bytes.
const maxIssuer = 2048

// readIssuer takes the bytes of the file issuer for the URL of an issuer only if
// they are one: whoever may write the control directory may have put a link to
// any file there, and what is read is shown.
func (p *Pinned) readIssuer(fsys rootfs.FS) {
	data := p.Source.Data
	p.sum = sha256.Sum256(data)
	if !isIssuerURL(string(data)) {
		p.Odd = fmt.Sprintf("not an issuer URL, %d bytes", len(data))
		clear(data)
		p.Source = source.New(p.Source.Path, nil)
		return
	}
	p.Issuer = string(data)
	_, err := rootfs.Stat(fsys, refreshTimer(p.Issuer))
	p.Refreshed = err == nil
}

// isIssuerURL says whether the text is one URL, with or without blanks around it
// and a newline at its end. It holds no user and no password.
func isIssuerURL(text string) bool {
	if len(text) > maxIssuer {
		return false
	}
	text = strings.TrimSpace(text)
	for _, c := range []byte(text) {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

// isKeySet says whether 7.x takes the bytes for a set of keys (S72
// src/hed/libs/otokens/jwse_keys.cpp:395-400): an empty array is one, of no use.
func isKeySet(data []byte) bool {
	var set struct {
		Keys *[]json.RawMessage `json:"keys"`
	}
	return json.Unmarshal(data, &set) == nil && set.Keys != nil
}

// refreshTimer is the systemd timer that the recipe pin-issuer installs for an
// issuer; like arcctl's directories it is named by the CRC-32 of the URL.
// Another way to refresh pinned keys cannot be told from the files.
func refreshTimer(issuer string) string {
	return fmt.Sprintf("/etc/systemd/system/arclint-issuer-%x.timer", crc32.ChecksumIEEE([]byte(issuer)))
}
