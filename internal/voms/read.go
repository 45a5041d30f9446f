package voms

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"arclint/internal/ber"
	"arclint/internal/gridsec"
	"arclint/internal/x509name"
)

// Read gives the attribute certificates that a certificate carries, none where it
// carries none. The error says why those in it were not read.
func Read(c *gridsec.Certificate) ([]*Certificate, error) {
	for _, e := range c.Extensions {
		if e.Id.String() == Extension {
			return readList(c, e.Value)
		}
	}
	return nil, nil
}

func readList(c *gridsec.Certificate, der []byte) ([]*Certificate, error) {
	list, rest, ok := listType.Read(der)
	switch {
	case !ok || len(rest) > 0:
		return nil, errors.New("they are not in the form of RFC 5755")
	case len(list.Parts[0].Parts) > maxCertificates:
		return nil, fmt.Errorf("there are %d, and at most %d are read", len(list.Parts[0].Parts), maxCertificates)
	}
	var all []*Certificate
	for i, v := range list.Parts[0].Parts {
		ac := &Certificate{In: c, Place: i}
		if err := ac.fill(v); err != nil {
			return nil, fmt.Errorf("number %d: %w", i+1, err)
		}
		all = append(all, ac)
	}
	return all, nil
}

// fill takes what was read by acType.
func (c *Certificate) fill(v *ber.Value) error {
	info := v.Parts[0].Parts
	c.Signed, c.Signature = v.Parts[0].Whole, bits(v.Parts[2])
	c.Algorithm, c.Named = algorithmOf(v.Parts[1]), v.Parts[1].DER()
	if string(info[fieldAlgorithm].DER()) != string(c.Named) || v.Parts[2].Content[0] != 0 {
		c.odd("its signature is not written as the standard says")
	}
	var err error
	if c.Issuer, err = c.soleName(info[fieldIssuer].Parts[0], "the issuer"); err != nil {
		return err
	}
	if err := c.readHolder(info[fieldHolder]); err != nil {
		return err
	}
	for i, at := range []*time.Time{&c.NotBefore, &c.NotAfter} {
		if *at, err = time.Parse("20060102150405Z", string(info[fieldValidity].Parts[i].Content)); err != nil {
			return errors.New("its validity is no time in the form of RFC 5755")
		}
	}
	c.readAttributes(info[fieldAttributes].Parts)
	if info[fieldExtensions] != nil {
		return c.readExtensions(info[fieldExtensions].Parts)
	}
	c.Unmarked = true
	return nil
}

// odd keeps the first thing that arclint does not judge.
func (c *Certificate) odd(what string) {
	if c.Odd == "" {
		c.Odd = what
	}
}

// soleName is the one name of a directory in GeneralNames.
func (c *Certificate) soleName(names *ber.Value, of string) (string, error) {
	if len(names.Parts) != 1 || names.Parts[0].Tag != tagDirectory {
		c.odd(of + " is not one name of a directory")
		return "", nil
	}
	text, err := x509name.OneLine(names.Parts[0].Parts[0].Whole)
	if err != nil {
		return "", fmt.Errorf("%s: %w", of, err)
	}
	return text, nil
}

func (c *Certificate) readHolder(v *ber.Value) error {
	base := v.Parts[0]
	if base == nil {
		c.odd("the holder is not named by a certificate")
		return nil
	}
	c.Serial = new(big.Int)
	if _, err := asn1.Unmarshal(base.Parts[1].DER(), &c.Serial); err != nil {
		return fmt.Errorf("the serial number of the holder: %w", err)
	}
	var err error
	c.Holder, err = c.soleName(base.Parts[0], "the holder")
	if base.Parts[2] != nil || v.Parts[1] != nil || v.Parts[2] != nil {
		c.odd("the holder is named twice")
	}
	return err
}

// readAttributes takes the URI of the server and the FQANs (checkAttributes and
// verifyVOMSAC in VOMSUtil.cpp).
func (c *Certificate) readAttributes(all []*ber.Value) {
	found := false
	for _, a := range all {
		if dotted(a.Parts[0]) != oidFQANs {
			c.odd("it has attributes other than FQANs")
			continue
		}
		if found || len(a.Parts[1].Parts) != 1 {
			c.odd("it has several lists of FQANs")
			continue
		}
		found = true
		c.readFQANs(a.Parts[1].Parts[0].Whole)
	}
	if !found {
		c.odd("it has no FQANs")
	}
}

func (c *Certificate) readFQANs(der []byte) {
	v, rest, ok := syntax.Read(der)
	if !ok || len(rest) > 0 || v.Parts[0] == nil || len(v.Parts[0].Parts) != 1 || v.Parts[0].Parts[0].Tag != tagURI {
		c.odd("its FQANs have no single server in a URI")
		return
	}
	c.URI = string(v.Parts[0].Parts[0].Content)
	c.VO, c.Host = parts(c.URI)
	if strings.Trim(c.VO+c.Host, nameCharacters) != "" {
		c.odd("the VO or the host of its URI has characters that names have not")
	}
	if len(v.Parts[1].Parts) > maxFQANs {
		c.odd("it has very many FQANs")
		return
	}
	for _, f := range v.Parts[1].Parts {
		if f.Class != ber.Universal || f.Tag != ber.OctetString {
			c.odd("one of its FQANs is no OCTET STRING")
			return
		}
		c.FQANs = append(c.FQANs, string(f.Content))
		c.checkFQAN(string(f.Content))
	}
}

// nameCharacters are those of VOs and hosts that stand in paths.
const nameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_"

// checkFQAN: the first part of an FQAN is a group, or a role or capability alone.
func (c *Certificate) checkFQAN(text string) {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "/"), "/")
	if key, _, ok := strings.Cut(first, "="); ok && key != "Role" && key != "Capability" {
		c.odd("one of its FQANs begins neither with a group nor with a role")
	}
}

// parts are the VO and the host of a URI; both are "" where ARC finds no host that a
// port follows (arc-behaviour V1).
func parts(uri string) (vo, host string) {
	vo, rest, ok := strings.Cut(uri, "://")
	host, _, port := strings.Cut(rest, ":")
	if !ok || !port {
		return "", ""
	}
	return vo, host
}

func (c *Certificate) readExtensions(all []*ber.Value) error {
	seen := map[string]bool{}
	for _, e := range all {
		id, critical := dotted(e.Parts[0]), e.Parts[1] != nil && e.Parts[1].Content[0] != 0
		if seen[id] {
			c.odd("it has an extension twice")
		}
		seen[id] = true
		switch {
		case id == oidTargets:
			c.Targets = true
		case critical:
			c.Critical = append(c.Critical, id)
		}
		if id == oidSigners {
			if err := c.readSigners(e.Parts[2].Content); err != nil {
				return err
			}
		}
	}
	c.Unmarked = !seen[oidNoRevAvail] || !seen[oidAuthority]
	return nil
}

func (c *Certificate) readSigners(der []byte) error {
	v, rest, ok := signerType.Read(der)
	if !ok || len(rest) > 0 {
		return errors.New("the certificates of its signer are not in the form of VOMS")
	}
	if len(v.Parts[0].Parts) > maxSigners {
		return fmt.Errorf("it has more than %d certificates of its signer", maxSigners)
	}
	for _, s := range v.Parts[0].Parts {
		signer, err := gridsec.ParseCertificate(s.Whole)
		if err != nil {
			return fmt.Errorf("a certificate of its signer: %w", err)
		}
		c.Signers = append(c.Signers, signer)
	}
	return nil
}

func dotted(v *ber.Value) string {
	var id asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(v.DER(), &id); err != nil {
		return "" // an arc of more than 31 bits: none of ours
	}
	return id.String()
}

func bits(v *ber.Value) []byte {
	return asn1.BitString{Bytes: v.Content[1:], BitLength: 8*(len(v.Content)-1) - int(v.Content[0])}.RightAlign()
}

// algorithmOf is the algorithm of a signature, 0 where it is not known here.
func algorithmOf(v *ber.Value) x509.SignatureAlgorithm {
	return map[string]x509.SignatureAlgorithm{
		"1.2.840.113549.1.1.4":  x509.MD5WithRSA,
		"1.2.840.113549.1.1.5":  x509.SHA1WithRSA,
		"1.2.840.113549.1.1.11": x509.SHA256WithRSA,
		"1.2.840.113549.1.1.12": x509.SHA384WithRSA,
		"1.2.840.113549.1.1.13": x509.SHA512WithRSA,
		"1.2.840.10045.4.3.2":   x509.ECDSAWithSHA256,
		"1.2.840.10045.4.3.3":   x509.ECDSAWithSHA384,
		"1.2.840.10045.4.3.4":   x509.ECDSAWithSHA512,
		"1.3.101.112":           x509.PureEd25519,
	}[dotted(v.Parts[0])]
}
