package gridsec

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// Credential is the host certificate and key.
type Credential struct {
	CertPath string
	Cert     *File // nil where CertErr is set
	CertErr  error
	CertInfo rootfs.Info
	KeyPath  string
	KeyInfo  rootfs.Info
	KeyErr   error // fs.ErrNotExist, fs.ErrPermission, ...
	Key      *Key  // nil where the key could not be read
}

// Key is what may be known of a private key: never the key itself.
type Key struct {
	Encrypted bool
	Algorithm string // "RSA", "EC P-256", ...
	Bits      int
	Matches   *bool // whether it belongs to the first certificate; nil: unknown (encrypted)
	Of        int   // the place in the file of the certificate to which it belongs; -1: none, or unknown
	ParseErr  error
}

// ErrNoKey says that a file holds no private key in PEM or DER.
var ErrNoKey = errors.New("holds no private key in PEM or DER")

// Credential reads a certificate and its key, which may stand in one file. It
// never fails: CertErr, KeyErr and Key.ParseErr say what could not be read. The
// bytes of the key are overwritten before it returns.
func (r *Reader) Credential(certPath, keyPath string) *Credential {
	c := &Credential{CertPath: certPath, KeyPath: keyPath}
	f := r.File(certPath)
	c.CertInfo = f.Info
	if f.Err == nil && len(f.Certificates) == 0 {
		f.Err = ErrNoObject
	}
	if c.CertErr = f.Err; f.Err == nil {
		c.Cert = f
	}
	var data []byte
	data, c.KeyInfo, c.KeyErr = r.readKey(keyPath)
	if c.KeyErr != nil {
		return c
	}
	defer clear(data)
	var public crypto.PublicKey
	c.Key, public = parseKey(data)
	c.Key.Of = -1
	if c.Cert != nil && public != nil {
		c.Key.Of = slices.IndexFunc(c.Cert.Certificates, func(cert *Certificate) bool { return equalKeys(public, cert.PublicKey) })
		matches := c.Key.Of == 0
		c.Key.Matches = &matches
	}
	return c
}

func (r *Reader) readKey(path string) ([]byte, rootfs.Info, error) {
	info, err := r.resolver.Stat(path)
	if err != nil {
		return nil, info, err
	}
	data, err := r.fsys.ReadFile(info.Path, maxFile)
	return data, info, err
}

// parseKey looks at the first private key in the bytes.
func parseKey(data []byte) (*Key, crypto.PublicKey) {
	blocks := scanPEM(source.New("", data), true)
	defer func() {
		for _, b := range blocks {
			clear(b.der)
		}
	}()
	for _, b := range blocks {
		if !b.isKey() || b.indented {
			continue
		}
		switch {
		case b.fault != "":
			return &Key{ParseErr: errors.New(b.fault)}, nil
		case b.label == "ENCRYPTED PRIVATE KEY", b.header:
			return &Key{Encrypted: true, Algorithm: labelAlgorithm(b.label)}, nil
		}
		private, err := parsePrivate(b)
		if err != nil {
			return &Key{ParseErr: err}, nil
		}
		return describe(private)
	}
	return parseDERKey(data)
}

// parseDERKey reads a file that is the DER of a key, which ARC loads as well
// (ConfigTLSMCC.cpp: SSL_FILETYPE_ASN1).
func parseDERKey(data []byte) (*Key, crypto.PublicKey) {
	for _, label := range []string{"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"} {
		if private, err := parsePrivate(pemBlock{label: label, der: data}); err == nil {
			return describe(private)
		}
	}
	return &Key{ParseErr: ErrNoKey}, nil
}

func labelAlgorithm(label string) string {
	algorithm := strings.TrimSpace(strings.TrimSuffix(label, keyLabel))
	if algorithm == "ENCRYPTED" {
		return ""
	}
	return algorithm
}

// maxKey is the size of a private key in DER, in bytes: an RSA key of 16384 bits,
// the largest that OpenSSL reckons with, has 9,300. Go would try for minutes
// whether a larger one is sound.
const maxKey = 16 << 10

func parsePrivate(b pemBlock) (crypto.PrivateKey, error) {
	if len(b.der) > maxKey {
		return nil, errors.New("the key is larger than arclint reads; check it with openssl pkey")
	}
	var private crypto.PrivateKey
	var err error
	switch b.label {
	case "RSA PRIVATE KEY":
		private, err = x509.ParsePKCS1PrivateKey(b.der)
	case "EC PRIVATE KEY":
		private, err = x509.ParseECPrivateKey(b.der)
	case "PRIVATE KEY":
		private, err = x509.ParsePKCS8PrivateKey(b.der)
	default:
		return nil, fmt.Errorf("a key of the form %q, want PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY", b.label)
	}
	if err != nil {
		// The error of the library is not passed on: it may speak of the key.
		return nil, errors.New("arclint cannot read the key; check it with openssl pkey")
	}
	return private, nil
}

func describe(private crypto.PrivateKey) (*Key, crypto.PublicKey) {
	switch k := private.(type) {
	case *rsa.PrivateKey:
		return &Key{Algorithm: "RSA", Bits: k.N.BitLen()}, k.Public()
	case *ecdsa.PrivateKey:
		curve := k.Params()
		return &Key{Algorithm: "EC " + curve.Name, Bits: curve.BitSize}, k.Public()
	case ed25519.PrivateKey:
		return &Key{Algorithm: "Ed25519", Bits: 256}, k.Public()
	case *ecdh.PrivateKey:
		return &Key{Algorithm: "X25519", Bits: 256}, k.Public()
	}
	return &Key{Algorithm: fmt.Sprintf("%T", private)}, nil
}

// equalKeys compares public keys of any kind.
func equalKeys(a, b crypto.PublicKey) bool {
	derA, errA := x509.MarshalPKIXPublicKey(a)
	derB, errB := x509.MarshalPKIXPublicKey(b)
	return errA == nil && errB == nil && bytes.Equal(derA, derB)
}
