package certificate

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"

	"arclint/internal/ber"
)

// parts are those of a certificate that crypto/x509 looks into; each is DER.
type parts struct {
	algorithm, key []byte
	extensions     [][]byte
}

// placeholders are parts that crypto/x509 takes and that mean nothing.
var (
	anyOID       = []byte{0x06, 0x02, 0x2a, 0x03}
	anyAlgorithm = ber.Wrap(ber.Universal, ber.Sequence, true, anyOID)
	anyName      = ber.Wrap(ber.Universal, ber.Sequence, true)
	anyBits      = []byte{0x03, 0x01, 0x00}
	anyKey       = ber.Wrap(ber.Universal, ber.Sequence, true, anyAlgorithm, anyBits)
	anySerial    = []byte{0x02, 0x01, 0x01}
	anyTime      = ber.Wrap(ber.Universal, ber.UTCTime, false, []byte("260101000000Z"))
	version3     = ber.Wrap(ber.Context, 0, true, []byte{0x02, 0x01, 0x02})
)

// parse gives crypto/x509 a certificate that has these parts, and placeholders for
// the others.
func (p parts) parse() (*x509.Certificate, error) {
	seq := func(contents ...[]byte) []byte { return ber.Wrap(ber.Universal, ber.Sequence, true, contents...) }
	algorithm, key := p.algorithm, p.key
	if algorithm == nil {
		algorithm = anyAlgorithm
	}
	if key == nil {
		key = anyKey
	}
	tbs := [][]byte{version3, anySerial, algorithm, anyName, seq(anyTime, anyTime), anyName, key}
	if len(p.extensions) > 0 {
		tbs = append(tbs, ber.Wrap(ber.Context, 3, true, seq(p.extensions...)))
	}
	return x509.ParseCertificate(seq(seq(tbs...), algorithm, anyBits))
}

// surrogate is a certificate with what crypto/x509 makes of the algorithm, the key
// and the extensions, each of which it may refuse.
func surrogate(v *ber.Value) *x509.Certificate {
	tbs := v.Parts[0].Parts
	var take parts
	if algorithm := tbs[fieldAlgorithm].DER(); string(algorithm) == string(v.Parts[1].DER()) {
		if _, err := (parts{algorithm: algorithm}).parse(); err == nil {
			take.algorithm = algorithm
		}
	}
	key := tbs[fieldKey].DER()
	_, keyErr := parts{key: key}.parse()
	if keyErr == nil {
		take.key = key
	}
	var refused []pkix.Extension
	take.extensions, refused = extensionsTaken(tbs[fieldExtensions])
	cert, err := take.parse()
	if err != nil {
		cert = &x509.Certificate{} // each part was taken alone
	}
	if keyErr != nil {
		cert.PublicKeyAlgorithm, cert.PublicKey = otherKey(tbs[fieldKey])
	}
	cert.Extensions = extensionList(v.Parts[0].Parts[fieldExtensions])
	for _, e := range refused {
		if e.Critical {
			cert.UnhandledCriticalExtensions = append(cert.UnhandledCriticalExtensions, e.Id)
		}
	}
	return cert
}

// extensionsTaken parts the extensions into those that crypto/x509 takes, in DER, and
// the others. Of several with one OID it takes the first.
func extensionsTaken(list *ber.Value) (taken [][]byte, refused []pkix.Extension) {
	if list == nil {
		return nil, nil
	}
	var seen []string
	for _, v := range list.Parts[0].Parts {
		der, id := v.DER(), string(v.Parts[0].Content)
		_, err := parts{extensions: [][]byte{der}}.parse()
		if err != nil || slices.Contains(seen, id) {
			refused = append(refused, extensionOf(v))
			continue
		}
		taken, seen = append(taken, der), append(seen, id)
	}
	return taken, refused
}

func extensionOf(v *ber.Value) pkix.Extension {
	critical := v.Parts[1] != nil && v.Parts[1].Content[0] != 0
	return pkix.Extension{Id: arcs(v.Parts[0].Content), Critical: critical, Value: v.Parts[2].Content}
}

// Dotted writes the content of an OID with dots. A number that is too large to be
// that of anything is written as another large one.
func Dotted(content []byte) string { return arcs(content).String() }

// arcs are the arcs of an OID; one that an int does not hold is the largest.
func arcs(content []byte) asn1.ObjectIdentifier {
	const most = 1<<31 - 1
	var list asn1.ObjectIdentifier
	arc := 0
	for _, b := range content {
		if arc = arc<<7 | int(b&0x7f); arc > most {
			arc = most
		}
		if b >= 0x80 {
			continue
		}
		if list == nil {
			first := min(arc/40, 2)
			list, arc = append(list, first), arc-40*first
		}
		list, arc = append(list, arc), 0
	}
	return list
}
