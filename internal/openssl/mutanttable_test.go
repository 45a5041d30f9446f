package openssl_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/golden"
)

const mutantTablePath = "testdata/mutants.md"

// refusal is a reason for which crypto/x509 refuses certificates that OpenSSL reads.
type refusal struct {
	why            string
	read, accepted int // mutants: read, and accepted as the issuer of another or for itself
}

var (
	quotedWord = regexp.MustCompile(`"[^"]*"|\b\d+\b`)
	tagNumber  = regexp.MustCompile(`\{[^}]*\}.*`)
)

func (m *mutation) refused(err error, code, child int) {
	if code == unread {
		return
	}
	why := strings.TrimPrefix(err.Error(), "x509: ")
	why = strings.TrimSpace(tagNumber.ReplaceAllString(quotedWord.ReplaceAllString(why, "N"), ""))
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.refusals[why]
	if r == nil {
		r = &refusal{why: why}
		m.refusals[why] = r
	}
	r.read++
	if code == 0 || child == 0 {
		r.accepted++
	}
}

// mutantTable is what is read of testdata/mutants.md: the differences to OpenSSL that
// are left, each with its reason.
type mutantTable struct {
	left []leftOver
	head []string // what was measured, a line a release
}

// leftOver is a difference that stays.
type leftOver struct {
	versions, change, how *regexp.Regexp
	line                  string
}

var (
	leftRow = regexp.MustCompile("^\\| `([^`]+)` \\| `([^`]+)` \\| `([^`]+)` \\| (.+) \\|$")
	headRow = regexp.MustCompile(`^\| (\d\.\d+\.\d+) \|`)
)

func readMutantTable(t *testing.T) mutantTable {
	t.Helper()
	text, err := os.ReadFile(mutantTablePath)
	if err != nil {
		t.Fatal(err)
	}
	table := mutantTable{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if found := leftRow.FindStringSubmatch(line); found != nil {
			compile := func(s string) *regexp.Regexp {
				return regexp.MustCompile("^(?:" + strings.ReplaceAll(s, `\|`, "|") + ")$")
			}
			table.left = append(table.left, leftOver{compile(found[1]), compile(found[2]), compile(found[3]), line})
		} else if headRow.MatchString(line) {
			table.head = append(table.head, line)
		}
	}
	return table
}

func (m mutantTable) explains(version, change, how string) bool {
	return slices.ContainsFunc(m.left, func(l leftOver) bool {
		return l.versions.MatchString(version) && l.change.MatchString(change) && l.how.MatchString(how)
	})
}

// write writes the table anew with what this run saw, and keeps the reasons of what is
// left and the rows of other releases.
func (m *mutation) write(t *testing.T) {
	read := m.counts["mutants"] - m.counts["mutant: OpenSSL does not read it"]
	row := fmt.Sprintf("| %s | %d | %d | %d | %d | %d | %d |", m.version, m.counts["mutants"], read, m.counts["mutant: OpenSSL accepts it"], m.counts["child: OpenSSL accepts it"],
		m.counts["child: "+notChecked]+m.counts["mutant: "+notChecked], m.counts["differences that "+mutantTablePath+" explains"])
	head := []string{row}
	for _, line := range m.table.head {
		if !strings.HasPrefix(line, "| "+m.version+" |") {
			head = append(head, line)
		}
	}
	slices.Sort(head)
	var b strings.Builder
	fmt.Fprintf(&b, "# Certificates that are nearly right\n\n`make mutants` changes certificates (the system's store, the IGTF distribution, made ones of all kinds) in one place,\n"+
		"signs them again, installs each as a CA and asks `openssl verify` and arclint about it and about one that it issued: whether\n"+
		"it is read, under which hash, and the first fault. `UPDATE=1` and `OPENSSL=program` write the row of a release.\n\n"+
		"| OpenSSL | mutants | read | accepted themselves | accepted as an issuer | not checked, and said so | differences left |\n|---|---|---|---|---|---|---|\n%s\n\n", strings.Join(head, "\n"))
	fmt.Fprintf(&b, "## What crypto/x509 refuses and OpenSSL reads\n\nN stands for a number or a quoted word. arclint reads all of them as OpenSSL does. The numbers are of OpenSSL %s.\n\n"+
		"| crypto/x509 says | read by OpenSSL | accepted |\n|---|---|---|\n", m.version)
	for _, r := range slices.SortedFunc(maps.Values(m.refusals), func(a, b *refusal) int { return cmp.Compare(a.why, b.why) }) {
		fmt.Fprintf(&b, "| %s | %d | %d |\n", r.why, r.read, r.accepted)
	}
	b.WriteString("\n## What is left\n\nThe columns are regular expressions; a difference that no row explains fails the test.\n\n| OpenSSL | change | seen | why |\n|---|---|---|---|\n")
	for _, l := range m.table.left {
		b.WriteString(l.line + "\n")
	}
	golden.Write(t, mutantTablePath, []byte(b.String()))
}
