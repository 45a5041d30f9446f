package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"arclint/internal/authgroup"
)

// maxClaims bounds the claims of a token, in bytes.
const maxClaims = 1 << 20

// Claims are what a token says, in its order.
type Claims struct {
	members []member
}

type member struct {
	name   string
	values []string // strings only: of a string one, of an array its strings
	single bool     // it is a string
	number *float64
}

// ParseClaims reads claims from a JSON object.
func ParseClaims(data []byte) (*Claims, error) {
	if len(data) > maxClaims {
		return nil, fmt.Errorf("claims have more than %d bytes", maxClaims)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("claims are not a JSON object")
	}
	c := &Claims{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("claims: %w", err)
		}
		var value any
		if err := dec.Decode(&value); err != nil {
			return nil, fmt.Errorf("claims: %w", err)
		}
		text, _ := name.(string)
		c.members = append(c.members, memberOf(text, value))
	}
	if _, err := dec.Token(); err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("claims: text follows the JSON object")
	}
	return c, nil
}

func memberOf(name string, value any) member {
	m := member{name: name}
	switch v := value.(type) {
	case string:
		m.values, m.single = []string{v}, true
	case float64:
		m.number = &v
	case []any:
		for _, e := range v {
			if text, ok := e.(string); ok {
				m.values = append(m.values, text)
			}
		}
	}
	return m
}

// find is the first claim of that name, which cJSON compares without regard to
// the case of ASCII letters (arc-behaviour A9).
func (c *Claims) find(name string) (member, bool) {
	i := slices.IndexFunc(c.members, func(m member) bool { return strings.EqualFold(m.name, name) })
	if i < 0 {
		return member{}, false
	}
	return c.members[i], true
}

// all are the strings of a claim (OTokensSH.cpp, getAll).
func (c *Claims) all(name string) []string {
	m, _ := c.find(name)
	return m.values
}

// first is the first string of a claim, "" where there is none.
func (c *Claims) first(name string) string {
	if values := c.all(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// has says whether a claim of exactly that name is there: authtokensgen looks
// so (arc-behaviour A11).
func (c *Claims) has(name string) bool {
	return slices.ContainsFunc(c.members, func(m member) bool { return m.name == name })
}

// refused says why ARC takes the token for none, "" where it does not. The
// signature and the trust in the issuer's keys are not looked at here.
func (c *Claims) refused(p *Policy) string {
	if reason := c.untimely(p.site.Now); reason != "" {
		return reason
	}
	iss := c.Issuer()
	switch {
	case iss == "":
		return "the token has no iss, or one that is no string"
	case p.pinned(iss), authgroup.HasScheme(iss, "https"):
		return ""
	case authgroup.HasScheme(iss, "http"):
		return "the keys of an issuer with http:// count as unsafe (arc-behaviour I1)"
	case !p.site.Release.IssuerWithoutScheme:
		return "the issuer is no URL (arc-behaviour I2)"
	}
	return ""
}

func (p *Policy) pinned(issuer string) bool {
	for _, pin := range p.site.Pinned {
		if pin.Err == nil && pin.Is(issuer) {
			return true
		}
	}
	return false
}

// untimely applies nbf and exp without leeway; a token without exp is good for
// ever (arc-behaviour A9, S10).
func (c *Claims) untimely(now time.Time) string {
	if m, ok := c.find("nbf"); ok && (m.number == nil || now.Unix() < int64(*m.number)) {
		return "nbf is not a time in the past"
	}
	if m, ok := c.find("exp"); ok && (m.number == nil || now.Unix() > int64(*m.number)) {
		return "exp is not a time in the future"
	}
	return ""
}

// Issuer is the claim iss, "" where it is none that ARC reads: it must be a
// string, not an array of one.
func (c *Claims) Issuer() string {
	if m, ok := c.find("iss"); ok && m.single {
		return m.values[0]
	}
	return ""
}

// Subject is the claim sub, "" where it is none that ARC reads.
func (c *Claims) Subject() string { return c.first("sub") }
