package main

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
)

// columns of the input.
const (
	inIssuer = iota
	inVO
	inSoftware
	inJWKS
	inRoot
	inIGTF
	inSource
	inDate
	inStatus
	inNotes
	inColumns
)

const unknown = "unknown"

// Parts of the remarks that become columns of their own.
var (
	keysRemark     = regexp.MustCompile(`keys: ([0-9]+x [A-Z0-9]+(?:, [0-9]+x [A-Z0-9]+)*)(?: only \(.*\))?`)
	replacedRemark = regexp.MustCompile(`replaced by ([^ ;]+)`)
	searchIndex    = regexp.MustCompile(`\), [0-9]{9,} \(`) // numbers of a private index
)

// successors are replacements that a source tells in words, not in the table:
// wlcg-authz-docs calls the first "old MitreID" and the second the Keycloak issuer.
var successors = map[string]string{
	"https://aai.egi.eu/oidc/": "https://aai.egi.eu/auth/realms/egi",
}

// issuersTable makes the compact table. Rows without a URL are no issuers.
func issuersTable(path string) ([][]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	rows := [][]string{{"url", "vo", "software", "jwks", "tls_root", "igtf", "status", "keys", "replaced_by", "open", "inferred", "source", "date", "notes"}}
	known := map[string]string{} // host -> issuer
	var in [][]string
	for n, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		cells := strings.Split(line, "\t")
		if len(cells) != inColumns {
			return nil, fmt.Errorf("%s:%d: %d columns, want %d", path, n+1, len(cells), inColumns)
		}
		if u, err := url.Parse(cells[inIssuer]); err == nil && u.Scheme == "https" {
			in = append(in, cells)
			known[u.Host] = cells[inIssuer]
		}
	}
	for _, cells := range in {
		rows = append(rows, issuerRow(cells, known))
	}
	return rows, nil
}

func issuerRow(cells []string, known map[string]string) []string {
	jwks, jwksRemark := valueOrUnknown(cells[inJWKS])
	root, rootRemark := valueOrUnknown(cells[inRoot])
	status, statusRemark := statusCode(cells[inStatus])
	notes := []string{statusRemark, labelled("TLS CA: ", rootRemark), cells[inNotes], labelled("jwks_uri: ", jwksRemark)}
	keys := ""
	if m := keysRemark.FindStringSubmatch(cells[inNotes]); m != nil {
		keys, notes[2] = m[1], strings.Trim(strings.Replace(cells[inNotes], m[0], "", 1), "; ")
	}
	source := strings.ReplaceAll(searchIndex.ReplaceAllString(cells[inSource], "; "), "search(", "search (")
	return []string{
		cells[inIssuer], cells[inVO], cells[inSoftware], jwks, root, cells[inIGTF], status, keys,
		successor(cells, known),
		yesNo(strings.Contains(cells[inNotes], "anyone can get a token")),
		yesNo(strings.Contains(cells[inNotes], "issuer string inferred")),
		source, cells[inDate], strings.Join(nonEmpty(notes), "; "),
	}
}

// valueOrUnknown splits a cell into what is known and a remark. A cell that
// says that the present state is unknown is unknown.
func valueOrUnknown(cell string) (value, remark string) {
	if !strings.HasPrefix(cell, unknown) && !strings.Contains(cell, "current unknown") && !strings.Contains(cell, "not seen") {
		return cell, ""
	}
	remark = strings.TrimPrefix(cell, unknown)
	if strings.Contains(remark, "convention") || strings.Contains(remark, "default issuer") || remark == "" {
		return unknown, "" // a habit of the software, no fact of the issuer
	}
	return unknown, unbracket(remark)
}

// unbracket takes off brackets around the whole text.
func unbracket(text string) string {
	text = strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(text, "("); ok {
		return strings.TrimSuffix(inner, ")")
	}
	return text
}

func labelled(label, text string) string {
	if text == "" {
		return ""
	}
	return label + text
}

// statusCode is the first word of the status that is a code of the package.
func statusCode(cell string) (code, remark string) {
	switch {
	case strings.HasPrefix(cell, "example"):
		return "legacy", "example in documentation"
	case strings.HasPrefix(cell, "legacy: "):
		return "legacy", strings.TrimPrefix(cell, "legacy: ")
	}
	code, remark, _ = strings.Cut(cell, " ")
	if remark != "" && !strings.HasPrefix(remark, "(") {
		return code, cell
	}
	return code, unbracket(remark)
}

// successor is the URL of the issuer that replaces this one, "" if none does.
func successor(cells []string, known map[string]string) string {
	if next, ok := successors[cells[inIssuer]]; ok {
		return next
	}
	m := replacedRemark.FindStringSubmatch(cells[inNotes])
	if m == nil {
		return ""
	}
	if path, ok := strings.CutPrefix(m[1], "/"); ok {
		base, err := url.Parse(cells[inIssuer])
		if err != nil {
			return ""
		}
		return base.Scheme + "://" + base.Host + "/" + path
	}
	return known[m[1]]
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func nonEmpty(cells []string) []string {
	var kept []string
	for _, c := range cells {
		if c != "" {
			kept = append(kept, c)
		}
	}
	return kept
}
