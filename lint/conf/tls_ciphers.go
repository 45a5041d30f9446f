package conf

import (
	_ "embed"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var tlsCiphers = &lint.Rule{
	ID:    "conf/tls-ciphers",
	Title: "A word of tlsciphers does nothing, or the list selects nothing",
	Why: "ARC gives tlsciphers to OpenSSL, which reads it as a list of suites of TLS 1.2 and older. OpenSSL ignores a word that it does not know. " +
		"The suites of TLS 1.3 are not chosen by this list: they have names that begin with TLS_. " +
		"With a list that selects no suite, and with a word after @ that OpenSSL does not know, the CE listens and answers nobody.",
	Source:   "arc.conf.reference [arex/ws] tlsciphers; OpenSSL openssl-ciphers(1); arc-behaviour D10, D11",
	Impact:   lint.Hygiene,
	Facts:    []string{"D11"},
	Severity: lint.Note,
	Recipe:   lint.Manual,
	ByHand: `Correct the word, or remove it. See what the list selects:

    openssl ciphers -v -tls1_2 'HIGH:!eNULL:!aNULL'

Remove the line where the default will do:

    [arex/ws]
    tlsciphers=HIGH:!eNULL:!aNULL

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		o := s.Conf.Block("arex/ws").First("tlsciphers")
		if o == nil || hasOtherFault("arex/ws", o) || strings.ContainsAny(o.Value.Text, `\$`) || strings.TrimSpace(o.Value.Text) == "" {
			return
		}
		if reportDeaf(r, o) {
			return
		}
		for _, word := range cipherWords(o) {
			switch {
			case strings.HasPrefix(word.Text, "TLS_") || word.Text == tls13:
				r.At(word.Span, "%s has no effect in tlsciphers", word.Text).About(word.Text).
					Means("OpenSSL does not choose suites of TLS 1.3 by this list.").Do("Remove the word.")
			case !knownCipher(word.Text):
				r.At(word.Span, "OpenSSL does not know the cipher suite %s", word.Text).About(word.Text).
					Means("OpenSSL ignores the word.").Do("Correct the word, or remove it.")
			}
		}
	},
}

// reportDeaf speaks of a list that OpenSSL refuses: then it says nothing of its words.
func reportDeaf(r *lint.Reporter, o *arcconf.Option) bool {
	const effect = "The CE listens and answers nobody."
	for word := range strings.FieldsFuncSeq(o.Value.Text, isCipherGap) {
		if level, ok := strings.CutPrefix(word, "@SECLEVEL="); word[0] == '@' && word != "@STRENGTH" && !(ok && len(level) == 1 && "0" <= level && level <= "5") {
			r.At(o.Value.Span, "OpenSSL refuses the list because of %s", word).Means(effect).
				Do("Write @STRENGTH, @SECLEVEL= with a digit from 0 to 5, or neither.").As(lint.Error).About("deaf").Unserving(true)
			return true
		}
	}
	off := map[string]bool{}
	for word := range strings.FieldsFuncSeq(o.Value.Text, isCipherGap) {
		if word[0] == '!' {
			off[word[1:]] = true
		}
	}
	for _, word := range cipherWords(o) {
		if knownCipher(word.Text) && word.Text[0] != '+' && !off[word.Text] && !off["ALL"] {
			return false
		}
	}
	r.At(o.Value.Span, "the list selects no cipher suite").Means(effect).
		Do("Name suites of TLS 1.2, as HIGH does, or remove the line.").As(lint.Error).About("deaf").Unserving(true)
	return true
}

// isCipherGap says whether OpenSSL parts words at the rune.
func isCipherGap(c rune) bool { return strings.ContainsRune(": ,;", c) }

// cipherWords are the words of the list that are to turn something on. What
// one with "-" or "!" turns off may be off already.
func cipherWords(o *arcconf.Option) []arcconf.Word {
	var words []arcconf.Word
	text, from := o.Value.Text, 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && !isCipherGap(rune(text[i])) {
			continue
		}
		if i > from && !strings.ContainsRune("-!@", rune(text[from])) {
			words = append(words, o.Value.Sub(from, i))
		}
		from = i + 1
	}
	return words
}

// knownCipher says whether OpenSSL 3 knows the word. A "+" joins several, and
// before one it moves suites to the end.
func knownCipher(word string) bool {
	for part := range strings.SplitSeq(strings.TrimPrefix(word, "+"), "+") {
		if !slices.Contains(cipherGroups, part) && !slices.Contains(oldCiphers, part) && !slices.Contains(cipherSuites, part) {
			return false
		}
	}
	return true
}

// cipherSuites are the names that `openssl ciphers ALL:COMPLEMENTOFALL` of
// OpenSSL 3 lists, but for those of TLS 1.3.
var cipherSuites = strings.Fields(cipherList)

//go:embed ciphers.txt
var cipherList string

// cipherGroups are the other words that OpenSSL 3 takes.
var cipherGroups = strings.Fields(`ALL COMPLEMENTOFALL COMPLEMENTOFDEFAULT DEFAULT eNULL aNULL NULL
	kRSA kDHE kEDH DH kECDHE kEECDH ECDH kPSK kRSAPSK kECDHEPSK kDHEPSK kSRP aRSA aDSS DSS aECDSA ECDSA aPSK aSRP
	DHE EDH ADH ECDHE EECDH AECDH RSA PSK SRP AES AES128 AES256 AESGCM AESCCM AESCCM8 CAMELLIA CAMELLIA128 CAMELLIA256
	CHACHA20 ARIA ARIA128 ARIA256 ARIAGCM CBC MD5 SHA1 SHA SHA256 SHA384 SSLv3 TLSv1 TLSv1.0 TLSv1.2 HIGH FIPS
	SUITEB128 SUITEB128ONLY SUITEB128C2 SUITEB192`)

// oldCiphers are words of which it depends on the build what they stand for.
var oldCiphers = strings.Fields(`kGOST kGOST18 aGOST01 aGOST aGOST12 GOST89 GOST2012 GOST94 GOST12 3DES DES RC4 RC2 IDEA SEED
	LOW MEDIUM EXP EXPORT DES-CBC3-SHA RC4-SHA RC4-MD5 IDEA-CBC-SHA SEED-SHA EDH-RSA-DES-CBC3-SHA ECDHE-RSA-DES-CBC3-SHA
	ECDHE-ECDSA-DES-CBC3-SHA DHE-RSA-SEED-SHA DHE-DSS-SEED-SHA ECDHE-RSA-RC4-SHA ECDHE-ECDSA-RC4-SHA kDHr kDHd kDH
	kECDHr kECDHe kECDH aECDH aDH`)
