package conf

import (
	"slices"
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var tlsProtocols = &lint.Rule{
	ID:    "conf/tls-protocols",
	Title: "tlsprotocols does not name the protocols that are meant",
	Why: "ARC turns off all versions of TLS and then on those that tlsprotocols names, with blanks between them. It ignores a word that it does not know, " +
		"and with no known word no client gets a connection. ARC 7 does not know TLSv1.3. SSL and TLS up to 1.1 are broken (RFC 8996, RFC 7568).",
	Source:   "arc.conf.reference [arex/ws] tlsprotocols; arc-behaviour D10; src/hed/mcc/tls/ConfigTLSMCC.cpp; RFC 8996, RFC 7568",
	Impact:   lint.Hygiene,
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `Write TLSv1.2, since ARC 7 speaks nothing newer, or remove the line. On ARC 6,
add TLSv1.3 after a blank.

    [arex/ws]
    tlsprotocols=TLSv1.2

Ask the CE after the restart:

    openssl s_client -connect ce.example.org:443 -tls1_2 -brief < /dev/null

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		o := s.Conf.Block("arex/ws").First("tlsprotocols")
		if o == nil || hasOtherFault("arex/ws", o) {
			return
		}
		words, good := strings.Fields(o.Value.Text), "TLSv1.2"
		if s.Release.TLS13 {
			good = "TLSv1.2 TLSv1.3"
		}
		if !s.Release.TLS13 && slices.Contains(words, tls13) && !slices.ContainsFunc(words, turnsOn7) {
			r.At(o.Value.Span, "ARC 7 does not know TLSv1.3").Means(noTLS).Do("Write TLSv1.2, or remove the line.").As(lint.Error).Unserving(true)
			return
		}
		if !slices.ContainsFunc(words, isProtocol) {
			r.At(o.Value.Span, "%q names no protocol that ARC knows", o.Value.Text).Means(noTLS).
				Do("Write %s, or remove the line.", good).As(lint.Error).Unserving(true)
			return
		}
		for _, word := range words {
			switch i := slices.Index(protocols, word); {
			case word == `\`: // line-continuation speaks of it
			case i < 0:
				r.At(o.Value.Span, "ARC does not know the protocol %s", word).About(word).Means("ARC ignores the word.").
					Do("Write %s, and nothing else.", good)
			case word == tls13 && !s.Release.TLS13:
				r.At(o.Value.Span, "the word TLSv1.3 has no effect").As(lint.Note).About(word).
					Means("ARC %s speaks TLS 1.2 at most.", s.Release.Measured).Do("Remove the word.")
			case i < slices.Index(protocols, "TLSv1.2"):
				r.At(o.Value.Span, "tlsprotocols turns on %s", word).About(word).Impacts(lint.Intrusion, lint.Low).
					Means("This protocol is broken (RFC 8996, RFC 7568).").Do("Write %s, and nothing else.", good)
			}
		}
	},
}

// protocols are the names that ConfigTLSMCC.cpp knows, oldest first.
var protocols = []string{"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"}

// noTLS is the effect of turning on no protocol.
const noTLS = "Every TLS connection fails."

// tls13 is on by default, and passed over by ARC 7 (arc-behaviour D10).
const tls13 = "TLSv1.3"

// turnsOn7 says whether the word lets ARC 7 speak a protocol.
func turnsOn7(word string) bool { return isProtocol(word) && word != tls13 }

func isProtocol(word string) bool { return slices.Contains(protocols, word) }
