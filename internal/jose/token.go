// Package jose reads signed tokens (RFC 7515, RFC 7519) and key sets (RFC 7517),
// and checks signatures with the standard library. It knows nothing of ARC: what
// a CE makes of a token is the business of access and admission.
package jose

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxToken bounds the text of a token, in bytes.
const MaxToken = 1 << 20

// Token is a token in compact form: header, claims and signature. Nothing in it
// is verified.
type Token struct {
	Header    Header
	Claims    []byte // JSON, as it was signed
	signed    []byte // what the signature covers
	signature []byte
}

// Header is what the envelope says. Of members that stand twice the first counts.
type Header struct {
	Alg      string
	Kid      string
	HasKid   bool     // there is a kid, and it is a string
	Embedded []string // members that bring a key or a certificate along: jwk, x5c
}

// Parse reads a token. It fails where the text has not three parts between dots,
// or one of them is not what it must be.
func Parse(text string) (*Token, error) {
	text = strings.TrimSpace(text)
	if len(text) > MaxToken {
		return nil, fmt.Errorf("token has more than %d bytes", MaxToken)
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("token has %d parts between dots, want 3: header, claims, signature", len(parts))
	}
	header, err := decode(parts[0])
	if err != nil {
		return nil, errors.New("header of the token is not base64url")
	}
	t := &Token{signed: []byte(parts[0] + "." + parts[1])}
	if t.Header, err = parseHeader(header); err != nil {
		return nil, err
	}
	if t.Claims, err = decode(parts[1]); err != nil {
		return nil, errors.New("claims of the token are not base64url")
	}
	if t.signature, err = decode(parts[2]); err != nil {
		return nil, errors.New("signature of the token is not base64url")
	}
	return t, nil
}

func decode(part string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(part, "="))
}

func parseHeader(data []byte) (Header, error) {
	var h Header
	seen := map[string]bool{}
	err := eachMember(data, func(name string, value json.RawMessage) {
		if seen[name] {
			return
		}
		seen[name] = true
		switch name {
		case "alg":
			_ = json.Unmarshal(value, &h.Alg) // no string is no algorithm
		case "kid":
			h.HasKid = json.Unmarshal(value, &h.Kid) == nil && len(value) > 0 && value[0] == '"'
		case "jwk", "x5c":
			h.Embedded = append(h.Embedded, name)
		}
	})
	if err != nil {
		return Header{}, fmt.Errorf("header of the token: %w", err)
	}
	return h, nil
}

// eachMember visits the members of a JSON object in their order.
func eachMember(data []byte, visit func(name string, value json.RawMessage)) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return errors.New("is not a JSON object")
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return errors.New("is not a JSON object")
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return errors.New("is not a JSON object")
		}
		text, _ := name.(string)
		visit(text, value)
	}
	if _, err := dec.Token(); err != nil {
		return errors.New("is not a JSON object")
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("text follows the JSON object")
	}
	return nil
}
