// Package x509name writes names as OpenSSL does: the one-line form
// (X509_NAME_oneline, `-nameopt compat`) and the two hashes by which a trust
// directory is looked up. It knows no certificates and no files.
package x509name

// OneLine is OpenSSL's one-line form of a DER-encoded Name, as OpenSSL 3
// prints it ("/" and "+" inside a value are escaped, arc-behaviour F3). An
// encoding that cannot be read is an error.
func OneLine(der []byte) (string, error) { panic("not built yet") }

// Hash is the SHA-1 hash of the canonical form (`openssl x509 -hash`).
func Hash(der []byte) (uint32, error) { panic("not built yet") }

// OldHash is the MD5 hash of the encoding (`-subject_hash_old`).
func OldHash(der []byte) uint32 { panic("not built yet") }
