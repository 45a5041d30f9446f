package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"arclint/fixtures"
	"arclint/internal/rootfs"
	"arclint/lint/catalog"
)

const (
	ruleFixtures = "../../fixtures/rules"
	siteFixtures = "../../fixtures/sites"
	confFixtures = "../../fixtures/confs" // an arc.conf alone, as in a repository of configurations
)

// TestPrintedCommands runs each command that a report on a site prints, as it is
// printed: it succeeds and does something. What a person must fill in is filled.
func TestPrintedCommands(t *testing.T) {
	p := &printed{T: t, seen: map[string]int{}}
	p.site("--example", "dune")
	p.site("--example", "dune", "--arc-version", "6.17.0")
	p.site("--example", "upgrade")
	p.site("--example", "upgrade", "--target", "7.2.0")
	confs, err := filepath.Glob(filepath.Join(confFixtures, "*.conf"))
	if err != nil || len(confs) == 0 {
		t.Fatalf("no confs: %v", err)
	}
	for _, file := range confs {
		root := filepath.Join(t.TempDir(), "a root with 'quotes'")
		p.write(filepath.Join(root, "etc", "site's arc.conf"), file)
		for _, version := range []string{"6.17.0", "7.2.0"} {
			p.site("--root", root, "--config", "/etc/site's arc.conf", "--arc-version", version)
		}
		p.site("--root", root, "--config", "/etc/site's arc.conf", "--arc-version", "6.17.0", "--target", "7.2.0")
	}
	p.rules()
	p.sites()
	t.Logf("printed commands run, by recipe: %v", p.seen)
	for _, recipe := range []string{"edit-arc-conf", "upgrade", "narrow-token-rules", "trust-issuer", "fix-modes", "relink-hashes", "remove-anchor"} {
		if p.seen[recipe] == 0 {
			t.Errorf("no report printed the recipe %s", recipe)
		}
	}
}

// printed runs what reports print.
type printed struct {
	*testing.T
	seen map[string]int
}

func (p *printed) write(to, from string) {
	p.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o755)
	}
	if err == nil {
		err = os.WriteFile(to, data, 0o644)
	}
	if err != nil {
		p.Fatal(err)
	}
}

// rules prints reports on the sites of all rules.
func (p *printed) rules() {
	err := filepath.WalkDir(ruleFixtures, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".txtar" {
			return err
		}
		c, err := fixtures.LoadRule(name)
		if err != nil {
			return err
		}
		for _, v := range c.Variants {
			if v.Kind == fixtures.Bad {
				p.archived(v.Site)
			}
		}
		return nil
	})
	if err != nil {
		p.Fatal(err)
	}
}

// sites prints reports on whole sites, but for those that lint/catalog tells as
// changes of another.
func (p *printed) sites() {
	manifests, err := filepath.Glob(filepath.Join(siteFixtures, "*", "site.txt"))
	if err != nil || len(manifests) == 0 {
		p.Fatalf("no sites: %v", err)
	}
	for _, file := range manifests {
		if text, err := os.ReadFile(file); err != nil || regexp.MustCompile(`(?m)^on `).Match(text) {
			continue
		}
		s, err := fixtures.LoadSite(filepath.Dir(file))
		if err != nil {
			p.Fatal(err)
		}
		p.archived(s)
	}
}

// archived prints a report on a site in an archive.
func (p *printed) archived(v *fixtures.Site) {
	dir := p.TempDir()
	root := filepath.Join(dir, "site.tar")
	over := rootfs.Overlay(v.Tree)
	err := writeArchive(root, over, func(w io.Writer) io.WriteCloser { return nopCloser{w} })
	for denied := new(fs.PathError); errors.Is(err, fs.ErrPermission) && errors.As(err, &denied); {
		if err := over.Remove(denied.Path); err != nil { // who makes an archive cannot read it either
			p.Fatal(err)
		}
		err = writeArchive(root, over, func(w io.Writer) io.WriteCloser { return nopCloser{w} })
	}
	if err != nil {
		p.Fatal(err)
	}
	flags := []string{"--root", root, "--now", v.Now.Format(time.RFC3339)}
	if v.Evidence != nil {
		evidence := filepath.Join(dir, "evidence")
		if err := writeTree(evidence, v.Evidence); err != nil {
			p.Fatal(err)
		}
		flags = append(flags, "--evidence", evidence)
	}
	for _, flag := range [][2]string{{"--arc-version", v.ARCVersion}, {"--os-family", v.OSFamily}, {"--target", v.Target}} {
		if flag[1] != "" {
			flags = append(flags, flag[0], flag[1])
		}
	}
	p.site(flags...)
}

var (
	fixLine      = regexp.MustCompile(`(?m)^ +(?:fix:| or:) (arclint .*)$`)
	nextQuestion = regexp.MustCompile(`\(--set (\w+)=\w+ if that is meant`)
	backtick     = regexp.MustCompile("`(arclint [^`]*)`")
)

// site runs what check prints on a site.
func (p *printed) site(flags ...string) {
	p.Helper()
	report := p.arclint(append([]string{"check"}, flags...), exitClean, exitFindings)
	var commands []string
	for _, m := range slices.Concat(fixLine.FindAllStringSubmatch(report, -1), backtick.FindAllStringSubmatch(report, -1)) {
		if !slices.Contains(commands, m[1]) {
			commands = append(commands, m[1])
		}
	}
	for _, command := range commands {
		p.run(command, flags)
	}
}

// run runs one printed command as a shell takes it apart.
func (p *printed) run(command string, flags []string) {
	p.Helper()
	words := p.words(command)
	switch words[0] {
	case "probe":
		return // asks the issuer over the network
	case "recipe":
	default:
		p.arclint(words, exitClean, exitFindings)
		return
	}
	for i := 0; i < len(flags); i += 2 {
		if at := slices.Index(words, flags[i]); at < 0 || words[at+1] != flags[i+1] {
			p.Errorf("%s: want %s %s in it, as check was told", command, flags[i], flags[i+1])
		}
	}
	recipe := words[len(words)-1]
	if slices.Contains(words, "DIR") {
		return // the chain of a real issuer
	}
	asked := false
	for i, word := range words {
		if name, ok := strings.CutSuffix(word, "=VALUE"); ok {
			words[i], asked = name+"="+answerTo(name), true
		}
	}
	if asked {
		words = p.askedAgain(words)
	}
	script := p.arclint(words, exitClean)
	if !strings.HasPrefix(script, "#!/bin/sh\n") {
		p.Errorf("%s writes no script:\n%.300s", command, script)
	}
	steps := p.arclint(append([]string{"recipe", "--format", "text"}, words[1:]...), exitClean)
	for _, m := range backtick.FindAllStringSubmatch(steps, -1) {
		if words := p.words(m[1]); !slices.Contains(words, "FILE") {
			p.arclint(words, exitClean, exitFindings)
		}
	}
	if proven(recipe) {
		proof := p.arclint(append([]string{"recipe", "--prove"}, words[1:]...), exitClean)
		if !strings.Contains(proof, "repaired: ") || strings.Contains(proof, "repaired: 0\n") {
			p.Errorf("%s repairs nothing:\n%.2000s", command, proof)
		}
	}
	p.seen[recipe]++
}

// askedAgain adds the answer to a question that only an answer raises: what the
// recipe would change is known then.
func (p *printed) askedAgain(words []string) []string {
	var stdout, stderr bytes.Buffer
	code := run(append([]string{"arclint"}, words...), &stdout, &stderr)
	m := nextQuestion.FindStringSubmatch(stderr.String())
	if code != exitUsage || m == nil || slices.Contains(words, m[1]+"="+answerTo(m[1])) {
		return words
	}
	return slices.Insert(words, len(words)-1, "--set", m[1]+"="+answerTo(m[1]))
}

// answerTo is what a person might say.
func answerTo(key string) string {
	switch key {
	case "argus":
		return "drop"
	case "access":
		return "change"
	case "rest", "tokens":
		return "yes"
	}
	return "https://ce.example.org"
}

// proven says whether --prove shows what the recipe does: others need the network
// or the package manager, and what upgrade is for is not asked after it.
func proven(recipe string) bool {
	return slices.Contains([]string{"edit-arc-conf", "narrow-token-rules", "fix-modes", "restore-policy-grid", "remove-anchor", "undo-arcctl-deploy"}, recipe)
}

// words takes a command apart as the shell does.
func (p *printed) words(command string) []string {
	p.Helper()
	out, err := exec.Command("sh", "-c", `arclint() { for word in "$@"; do printf '%s\0' "$word"; done; }; `+command).CombinedOutput()
	if err != nil {
		p.Fatalf("%s: %v: %s", command, err, out)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// arclint runs the program and wants one of the exit codes.
func (p *printed) arclint(words []string, codes ...int) string {
	p.Helper()
	var stdout, stderr bytes.Buffer
	code := run(append([]string{"arclint"}, words...), &stdout, &stderr)
	if !slices.Contains(codes, code) || code == exitClean && strings.Contains(stderr.String(), "nothing") {
		p.Errorf("arclint %s: exit %d, want one of %v: %s", strings.Join(words, " "), code, codes, stderr.String())
	}
	return fmt.Sprint(stdout.String())
}

// TestExplainedCommands runs what the explanations of the rules tell to run, here
// on an example in place of the CE.
func TestExplainedCommands(t *testing.T) {
	p := &printed{T: t}
	shown := regexp.MustCompile("(?m)`(arclint [^`]*)`|^    (arclint .*)$")
	placeholder := regexp.MustCompile(`\b[A-Z]{2,}\b`)
	commands := map[string]string{}
	for _, rule := range catalog.All() {
		for _, m := range shown.FindAllStringSubmatch(p.arclint([]string{"explain", rule.ID}, exitClean), -1) {
			commands[m[1]+m[2]] = rule.ID
		}
	}
	if len(commands) == 0 {
		t.Fatal("no explanation names a command")
	}
	p.visitor()
	for command, rule := range commands {
		words := p.words(command)
		switch {
		case words[0] == "probe", placeholder.MatchString(command):
			continue
		case slices.Contains(words, "--target"):
			words = slices.Insert(words, 1, "--example", "upgrade")
		case !slices.Contains([]string{"diff", "rules", "explain"}, words[0]):
			words = slices.Insert(words, 1, "--example", "dune")
		}
		var stdout, stderr bytes.Buffer
		if code := run(append([]string{"arclint"}, words...), &stdout, &stderr); code != exitClean && code != exitFindings {
			t.Errorf("explain %s: %s: exit %d: %s", rule, command, code, stderr.String())
		}
	}
}

// visitor makes a directory with what explanations call by these names, and goes
// there.
func (p *printed) visitor() {
	chain, err := os.ReadFile("../../fixtures/sites/dune-before-7.2/root/etc/grid-security/hostcert.pem")
	if err != nil {
		p.Fatal(err)
	}
	claims := `{"iss":"https://cilogon.org/dune","sub":"jane"}`
	part := base64.RawURLEncoding.EncodeToString
	p.Chdir(p.TempDir())
	for name, data := range map[string]string{
		"claims.json": claims, "user-chain.pem": string(chain), "evidence/cilogon.org.pem": string(chain),
		"token.jwt": part([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + part([]byte(claims)) + "." + part([]byte("signature")),
	} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(data), 0o644)); err != nil {
			p.Fatal(err)
		}
	}
}

// TestConfAlone: what a root with arc.conf alone does not hold is not checked,
// and not missing.
func TestConfAlone(t *testing.T) {
	p := &printed{T: t}
	root := t.TempDir()
	p.write(filepath.Join(root, "etc", "arc.conf"), filepath.Join(confFixtures, "conf-only-root.conf"))
	for _, version := range []string{"6.17.0", "7.2.0"} {
		report := p.arclint([]string{"check", "--root", root, "--arc-version", version, "--fail-on", "note"}, exitClean)
		if !strings.Contains(report, "testCA.allowed-subjects is not in this copy of the site") {
			t.Errorf("ARC %s: want the list named that was not looked at:\n%s", version, report)
		}
	}
}
