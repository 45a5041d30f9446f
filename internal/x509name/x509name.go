// Package x509name writes names as OpenSSL does: the one-line form
// (X509_NAME_oneline, `-nameopt compat`) and the two hashes by which a trust
// directory is looked up. It knows no certificates and no files.
package x509name

import (
	"crypto/md5"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
)

// Name is a name in all forms that a trust directory needs.
type Name struct {
	OneLine string // as the function OneLine
	Hash    uint32 // as the function Hash
	OldHash uint32 // as the function OldHash

	Canonical string // as the function Canonical
}

// Read gives all forms of a DER-encoded Name, which it reads once. Errors are
// those of OneLine and Hash; OldHash is good in any case.
func Read(der []byte) (Name, error) {
	n := Name{OldHash: OldHash(der)}
	rdns, err := parse(der)
	if err != nil {
		return n, err
	}
	form := canonical(rdns)
	n.Hash, n.Canonical = hash(form), string(form)
	n.OneLine, err = oneLine(rdns)
	return n, err
}

// OneLine is OpenSSL's one-line form of a DER-encoded Name, as OpenSSL 3
// prints it ("/" and "+" inside a value are escaped, arc-behaviour F3). A Name
// that OpenSSL would not read, or whose one-line form is longer than it allows
// (1 MiB), is an error. The empty Name is the empty string.
//
// Source: X509_NAME_oneline in OpenSSL's crypto/x509/x509_obj.c.
func OneLine(der []byte) (string, error) {
	rdns, err := parse(der)
	if err != nil {
		return "", err
	}
	return oneLine(rdns)
}

// Hash is the SHA-1 hash of the canonical form (`openssl x509 -hash`). A Name
// that OpenSSL would not read is an error.
//
// Source: X509_NAME_hash_ex in OpenSSL's crypto/x509/x509_cmp.c.
func Hash(der []byte) (uint32, error) {
	form, err := Canonical(der)
	if err != nil {
		return 0, err
	}
	return hash(form), nil
}

func hash(form []byte) uint32 {
	sum := sha1.Sum(form)
	return binary.LittleEndian.Uint32(sum[:])
}

// Canonical is the form in which OpenSSL compares names: two names are equal
// where their canonical forms are, and a name stands below another where its
// form begins with that of the other (X509_NAME_cmp, directoryName
// constraints). A Name that OpenSSL would not read is an error.
//
// Source: x509_name_canon in OpenSSL's crypto/x509/x_name.c.
func Canonical(der []byte) ([]byte, error) {
	rdns, err := parse(der)
	if err != nil {
		return nil, err
	}
	return canonical(rdns), nil
}

// OldHash is the MD5 hash of the encoding (`openssl x509 -subject_hash_old`).
// It looks at no structure, so it has a value even where Hash has an error.
func OldHash(der []byte) uint32 {
	sum := md5.Sum(der)
	return binary.LittleEndian.Uint32(sum[:])
}

// Format writes a hash as the names of a trust directory do: eight lower-case
// hexadecimal digits.
func Format(hash uint32) string {
	return hex.EncodeToString(binary.BigEndian.AppendUint32(nil, hash))
}
