package openssl

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// unicodeHost turns the labels of a host that begin with xn-- into UTF-8
// (ossl_a2ulabel); ok is false where one of them is no Punycode.
func unicodeHost(host string) (unicode string, ok bool) {
	labels := strings.Split(host, ".")
	for i, label := range labels {
		encoded, found := strings.CutPrefix(label, "xn--")
		if !found {
			continue
		}
		if labels[i], ok = decodePunycode(encoded); !ok {
			return "", false
		}
	}
	return strings.Join(labels, "."), true
}

// The parameters of RFC 3492 section 5.
const (
	punyBase, punyMin, punyMax  = 36, 1, 26
	punySkew, punyDamp          = 38, 700
	punyBias, punyFirst, maxInt = 72, 0x80, 1<<31 - 1
)

// decodePunycode is the decoding procedure of RFC 3492 section 6.2.
func decodePunycode(text string) (string, bool) {
	var out []rune
	if i := strings.LastIndexByte(text, '-'); i > 0 {
		out, text = []rune(text[:i]), text[i+1:]
	}
	n, i, bias := punyFirst, 0, punyBias
	for text != "" {
		delta, rest, ok := punyNumber(text, bias)
		if !ok || delta > maxInt-i {
			return "", false
		}
		bias = punyAdapt(delta, len(out)+1, i == 0)
		i, text = i+delta, rest
		n, i = n+i/(len(out)+1), i%(len(out)+1)
		if n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
			return "", false
		}
		out = slices.Insert(out, i, rune(n))
		i++
	}
	return string(out), true
}

// punyNumber reads one generalised number of variable length.
func punyNumber(text string, bias int) (number int, rest string, ok bool) {
	weight := 1
	for k := punyBase; text != ""; k += punyBase {
		digit := strings.IndexByte("abcdefghijklmnopqrstuvwxyz0123456789", lower(text[:1])[0])
		text = text[1:]
		if digit < 0 || digit > (maxInt-number)/weight {
			return 0, "", false
		}
		number += digit * weight
		limit := min(max(k-bias, punyMin), punyMax)
		if digit < limit {
			return number, text, true
		}
		if weight > maxInt/(punyBase-limit) {
			return 0, "", false
		}
		weight *= punyBase - limit
	}
	return 0, "", false
}

// punyAdapt is the bias adaptation of RFC 3492 section 6.1.
func punyAdapt(delta, count int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / count
	k := 0
	for ; delta > (punyBase-punyMin)*punyMax/2; k += punyBase {
		delta /= punyBase - punyMin
	}
	return k + (punyBase-punyMin+1)*delta/(delta+punySkew)
}
