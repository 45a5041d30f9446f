package expiry

import (
	"cmp"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"math"
	"time"
)

// addPinned adds the pinned keys that carry a date: the member exp (OpenID
// Federation 1.0 section 8.7), or the certificate of x5c (RFC 7517 section 4.7). ARC
// takes pinned keys for keys without an end (arc-behaviour G3).
func (r *reading) addPinned() {
	for _, p := range r.site.Pinned {
		if p.Err != nil || p.Keys == nil {
			r.unread(p.Dir, reasonOf(p.Err))
			continue
		}
		name, dated := cmp.Or(p.Issuer, p.Odd), datedKeys(p.Keys.Data)
		if len(dated) == 0 {
			r.Endless = append(r.Endless, Endless{PinnedKey, name, p.Keys.Path, "of " + p.Modified.UTC().Format(time.DateOnly) + "; a key that the issuer withdraws stays trusted until they are fetched again"})
		}
		for _, k := range dated {
			r.Items = append(r.Items, Item{Ends: k.ends, Kind: PinnedKey, Name: name + " key " + k.id, Path: p.Keys.Path, id: []byte(k.id),
				Who: "nobody at once: ARC does not look at the date. The issuer signs with another key by then: fetch its keys again before"})
		}
	}
}

type datedKey struct {
	id   string
	ends time.Time
}

const maxKeys = 1000 // of a set that are looked at

func datedKeys(data []byte) []datedKey {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(data, &set) != nil {
		return nil
	}
	var found []datedKey
	for _, raw := range set.Keys[:min(len(set.Keys), maxKeys)] {
		var key struct {
			Kid string   `json:"kid"`
			Exp float64  `json:"exp"`
			X5C []string `json:"x5c"`
		}
		if json.Unmarshal(raw, &key) != nil {
			continue
		}
		if 0 < key.Exp && key.Exp < maxSeconds {
			found = append(found, datedKey{key.Kid, time.Unix(int64(math.Floor(key.Exp)), 0)})
		} else if ends, err := endOf(key.X5C); err == nil {
			found = append(found, datedKey{key.Kid, ends})
		}
	}
	return found
}

const maxSeconds = 253402300799 // the end of the year 9999

// endOf is the end of the first certificate of x5c, which holds the key.
func endOf(x5c []string) (time.Time, error) {
	if len(x5c) == 0 {
		return time.Time{}, fs.ErrNotExist
	}
	der, err := base64.StdEncoding.DecodeString(x5c[0])
	if err != nil {
		return time.Time{}, err
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return time.Time{}, err
	}
	return c.NotAfter, nil
}
