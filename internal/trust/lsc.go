package trust

import (
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/voms"
)

// lscAnswer says whether an .lsc file can admit a VOMS server, and where it cannot, what
// keeps it from that: a clause, "" where nothing more than V2 is to be said.
func lscAnswer(s *site.Site, l *gridsec.LSC) (answer Answer, why string) {
	if l.Err != nil {
		return Unknown, l.Path + " could not be read"
	}
	if strings.Contains(l.Host, ":") {
		return Refused, Misplaced(l)
	}
	answer = Refused
	for _, c := range voms.Chains(l) {
		switch fault := chainFault(s, c); {
		case fault == "" && Misplaced(l) != "":
			answer, why = Unknown, l.Path+" is read only for a server that writes its name with these capital letters"
		case fault == "" && absentCA(s, c) != "":
			answer, why = Unknown, "its CA "+absentCA(s, c)+" is not among the trust anchors: its attributes count only if the server sends the certificate of that CA with them, below one that is"
		case fault == "":
			return Accepted, ""
		case answer == Refused && why == "":
			why = fault
		}
	}
	return answer, why
}

// chainFault is what keeps a chain from being that of a server whose attributes count
// (arc-behaviour V2, V5), "" where nothing does that is known.
func chainFault(s *site.Site, c voms.Chain) string {
	if len(c.Lines) == 1 {
		return "" // V3
	}
	for _, name := range c.Lines[:2] {
		if fault, _ := NameFault(name); fault != "" {
			return fault
		}
	}
	if c.Never() >= 0 {
		return "it has a line that is the name of no certificate"
	}
	cas, all := vomsCAs(s)
	if !all {
		return ""
	}
	known := func(name string) bool { return len(cas[name]) > 0 }
	switch ca, ended := EndedCA(s, c.Lines); {
	case Swapped(c.Lines, known):
		return "the CA is above the server"
	case len(c.Lines) > 3 && SecondServer(c.Lines, known) > 0:
		return "two servers are in one chain"
	case ended:
		return "the CA " + ca + " has expired"
	}
	return ""
}

// absentCA is the CA that a chain names last where it is none of the trust anchors
// (arc-behaviour V5), "" where it is one, or where no CA is known.
func absentCA(s *site.Site, c voms.Chain) string {
	cas, all := vomsCAs(s)
	if last := c.Lines[len(c.Lines)-1]; len(c.Lines) > 1 && all && len(cas) > 0 && len(cas[last]) == 0 {
		return last
	}
	return ""
}

// CAFault says what is wrong with the CA of the servers of a VO.
type CAFault int

// The faults of such a CA.
const (
	CASound  CAFault = iota // nothing that is known
	CAEnded                 // it has expired
	CAAbsent                // it is not installed
)

// FaultOfCA says what is wrong with a CA that the .lsc files of a VO name, the graver
// fault first. It is for a VO whose attributes do not count for certain.
func FaultOfCA(s *site.Site, name string) CAFault {
	found := CASound
	for _, vo := range s.VOMS.VOs {
		if vo.Name != name {
			continue
		}
		for _, l := range vo.LSCs {
			if l.Err != nil || strings.Contains(l.Host, ":") {
				continue
			}
			for _, c := range voms.Chains(l) {
				if _, ended := EndedCA(s, c.Lines); ended {
					return CAEnded
				}
				if chainFault(s, c) == "" && absentCA(s, c) != "" {
					found = CAAbsent
				}
			}
		}
	}
	return found
}

// Swapped says whether the CA stands above the server.
func Swapped(names []string, known func(name string) bool) bool {
	return len(names) > 1 && known(names[0]) && !known(names[1])
}

// EndedCA is the CA that issued the server's certificate by the second name of a chain,
// and whether each one of that name has expired (arc-behaviour D7). false where some
// directory was not read.
func EndedCA(s *site.Site, names []string) (ca string, ended bool) {
	cas, _ := vomsCAs(s)
	if len(names) < 2 || len(cas[names[1]]) == 0 {
		return "", false
	}
	return names[1], !slices.ContainsFunc(cas[names[1]], func(ca *gridsec.Certificate) bool { return !s.Now.After(ca.NotAfter) })
}

// vomsCAs are the CAs that ARC checks VOMS servers against, by name. all says that every
// directory of them was read.
func vomsCAs(s *site.Site) (known map[string][]*gridsec.Certificate, all bool) {
	for _, d := range clientPlaces(s).grid {
		if d == nil || d.Err != nil || d.Unseen() != "" {
			return nil, false
		}
	}
	return site.Once(s, vomsCAsKey{}, func() map[string][]*gridsec.Certificate {
		known := map[string][]*gridsec.Certificate{}
		for _, c := range attributeEngine(s).Store.Certificates() {
			known[c.SubjectName] = append(known[c.SubjectName], c)
		}
		return known
	}), true
}

type vomsCAsKey struct{}

// Misplaced says what is wrong with the name of an .lsc file; "" for nothing.
func Misplaced(lsc *gridsec.LSC) string {
	switch {
	case strings.Contains(lsc.Host, ":"):
		return "the name of the file has a port in it"
	case strings.ToLower(lsc.Host) != lsc.Host:
		return "the name of the file has capital letters, which servers do not write in their names"
	}
	return ""
}

// SecondServer is the first line after the second that names a host and is no CA that
// is known; 0 where there is none.
func SecondServer(names []string, known func(name string) bool) int {
	for i := 2; i < len(names); i++ {
		if !known(names[i]) && strings.Count(HostIn(names[i]), ".") > 1 {
			return i
		}
	}
	return 0
}

// firstTypes are the attributes with which names of servers and CAs begin.
var firstTypes = []string{"DC", "C", "O", "OU", "CN", "ST", "L"}

// NameFault is what keeps a line from being a name as OpenSSL prints it, but for a bare
// slash, and a sentence on how it is written; "" for nothing.
func NameFault(text string) (fault, repair string) {
	key, _, _ := strings.Cut(strings.TrimPrefix(text, "/"), "=")
	switch {
	case strings.HasPrefix(text, `"`), strings.HasPrefix(text, "'"):
		return "ARC reads the quotes as a part of the name", "Remove the quotes."
	case !strings.HasPrefix(text, "/"):
		return "the name is not in OpenSSL's one-line form", "Write it in this form: /DC=org/DC=example/CN=voms.example.org."
	case strings.ToUpper(key) != key && slices.Contains(firstTypes, strings.ToUpper(key)):
		return "the name has " + key + "= where OpenSSL prints " + strings.ToUpper(key) + "=", "Write " + strings.ToUpper(key) + "=: the case of letters counts."
	case escaped(text) != text:
		return "the name has characters that are not ASCII, which OpenSSL prints as bytes", "Write each byte in this way: " + escaped(text) + "."
	}
	return "", ""
}

func escaped(text string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c > '~' {
			b.WriteString(`\x`)
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// HostIn is the host in the last CN of a name, "" where there is none.
func HostIn(name string) string {
	_, cn, ok := cutLast(name, "/CN=")
	if !ok {
		return ""
	}
	if _, host, service := cutLast(cn, "/"); service {
		cn = host
	}
	if !strings.Contains(cn, ".") || strings.ContainsAny(cn, " @=") {
		return ""
	}
	return cn
}

func cutLast(text, sep string) (before, after string, found bool) {
	at := strings.LastIndex(text, sep)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(sep):], true
}
