package openssl

import (
	"unsafe"

	"arclint/internal/certificate"
)

// signing is a question for a signature: the key of a certificate and a signed
// structure, each told by where its bytes stand.
type signing struct {
	key, raw *byte
	oneName  bool // the algorithm is named alike in both places, or only one of them counts
}

// checkSignature says whether the key of the signer has signed tbs, which is the
// signed part of raw, a certificate or a CRL. Errors are those of certificate.Check.
// The chain of a host is verified for six kinds of clients.
func (m *Memory) checkSignature(signer *facts, signature certificate.Signature, raw, tbs, signed []byte) error {
	at := signing{unsafe.SliceData(signer.RawSubjectPublicKeyInfo), unsafe.SliceData(raw), signature.Inner.Equal(signature.Outer)}
	m.mu.Lock()
	err, ok := m.signed[at]
	m.mu.Unlock()
	if ok {
		return err
	}
	err = certificate.Check(signer.keyKind, signer.key, signature, tbs, signed)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.signed[at] = err
	return err
}
