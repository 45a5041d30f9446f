package certificate

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"time"

	"arclint/internal/ber"
)

// ErrNoList says that OpenSSL does not read the CRL.
var ErrNoList = errors.New("it is no CRL that OpenSSL reads")

// The templates of x_crl.c.
var (
	revokedType = ber.Seq(ber.F(integer), ber.F(date), ber.Opt(ber.SeqOf(extensionType)))
	listInfo    = ber.Seq(
		ber.Opt(integer), ber.F(algorithm), ber.F(nameType), ber.F(date), ber.Opt(date), ber.Opt(ber.SeqOf(revokedType)),
		ber.Opt(ber.SeqOf(extensionType)).Within(0))
	listType = ber.Seq(ber.F(listInfo), ber.F(algorithm), ber.F(bitString))
)

// The fields of listInfo and of revokedType.
const (
	listIssuer = iota + 2
	listThisUpdate
	listNextUpdate
	listRevoked
	listExtensions

	revokedSerial  = 0
	revokedDate    = 1
	revokedDetails = 2
)

// ReadList reads a CRL as d2i_X509_CRL does. Of one that crypto/x509 reads everything
// is as there; of another one only what a verification asks for is filled in. A time
// that OpenSSL cannot compare is the zero time: HasBadNextUpdate tells it from one that
// is missing. The error is ErrNoList.
func ReadList(data []byte) (*x509.RevocationList, error) {
	rest, strict, ok := listType.Check(data)
	if !ok {
		return nil, ErrNoList
	}
	whole := data[: len(data)-len(rest) : len(data)-len(rest)]
	v, _, ok := listType.Read(whole)
	if !ok {
		return nil, ErrNoList
	}
	if strict {
		if list, err := x509.ParseRevocationList(whole); err == nil {
			setListTimes(list, v)
			return list, nil
		}
	}
	return fillList(v), nil
}

func fillList(v *ber.Value) *x509.RevocationList {
	info := v.Parts[0].Parts
	list := &x509.RevocationList{
		Raw: v.Whole, RawTBSRevocationList: v.Parts[0].Whole, RawIssuer: asStands(info[listIssuer]), Issuer: nameOf(info[listIssuer]),
		Signature: bitsOf(v.Parts[2]), Extensions: extensionList(info[listExtensions]),
	}
	setListTimes(list, v)
	if cert, err := (parts{algorithm: v.Parts[1].DER()}).parse(); err == nil {
		list.SignatureAlgorithm = cert.SignatureAlgorithm
	}
	if info[listRevoked] != nil {
		for _, e := range info[listRevoked].Parts {
			list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, revokedOf(e))
		}
	}
	return list
}

func setListTimes(list *x509.RevocationList, v *ber.Value) {
	info := v.Parts[0].Parts
	list.ThisUpdate, _ = timeOf(info[listThisUpdate])
	list.NextUpdate = time.Time{}
	if next := info[listNextUpdate]; next != nil {
		list.NextUpdate, _ = timeOf(next)
	}
}

func revokedOf(v *ber.Value) (e x509.RevocationListEntry) {
	e.Raw, e.SerialNumber = v.Whole, number(v.Parts[revokedSerial].Content)
	e.RevocationTime, _ = timeOf(v.Parts[revokedDate])
	if list := v.Parts[revokedDetails]; list != nil {
		for _, x := range list.Parts {
			e.Extensions = append(e.Extensions, extensionOf(x))
		}
	}
	for _, x := range e.Extensions {
		if code, _, ok := ber.First(x.Value); ok && x.Id.String() == oidReasonCode && len(code.Content) == 1 {
			e.ReasonCode = int(code.Content[0])
		}
	}
	return e
}

const oidReasonCode = "2.5.29.21"

// extensionList are the extensions in an optional field that stands around them.
func extensionList(field *ber.Value) (list []pkix.Extension) {
	if field == nil {
		return nil
	}
	for _, v := range field.Parts[0].Parts {
		list = append(list, extensionOf(v))
	}
	return list
}

// HasBadNextUpdate says whether the CRL has a nextUpdate that OpenSSL cannot compare.
func HasBadNextUpdate(list *x509.RevocationList) bool {
	if !list.NextUpdate.IsZero() {
		return false
	}
	v, _, ok := listType.Read(list.Raw)
	return ok && v.Parts[0].Parts[listNextUpdate] != nil
}

// HasShortListTime says whether a time of the CRL is shorter than one with seconds and a
// zone, which some versions of OpenSSL do not read (asn1_ex_c2i).
func HasShortListTime(list *x509.RevocationList) bool {
	odd := list.ThisUpdate.IsZero() || list.NextUpdate.IsZero()
	for i := range list.RevokedCertificateEntries {
		odd = odd || list.RevokedCertificateEntries[i].RevocationTime.IsZero()
	}
	if !odd {
		return false
	}
	v, _, ok := listType.Read(list.Raw)
	if !ok {
		return false
	}
	info := v.Parts[0].Parts
	short := isShort(info[listThisUpdate]) || info[listNextUpdate] != nil && isShort(info[listNextUpdate])
	if info[listRevoked] != nil {
		for _, e := range info[listRevoked].Parts {
			short = short || isShort(e.Parts[revokedDate])
		}
	}
	return short
}
