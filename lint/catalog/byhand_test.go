package catalog_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/release"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
	"arclint/lint/catalog"
)

const (
	maxColumns = 80
	maxWords   = 25
)

// TestByHand: a rule that no recipe repairs says how to do it, with lines to
// write. Who follows it needs no other page.
func TestByHand(t *testing.T) {
	for _, r := range catalog.All() {
		if r.ByHand == "" {
			if r.Recipe == lint.Manual {
				t.Errorf("%s is repaired by hand, and ByHand does not say how", r.ID)
			}
			continue
		}
		prose, blocks := partsOf(t, r)
		if len(blocks) == 0 {
			t.Errorf("%s: ByHand has no line to write, and no command", r.ID)
		}
		checkProse(t, r, prose)
		for _, block := range blocks {
			checkLines(t, r, block)
		}
	}
}

// partsOf cuts ByHand into its prose and the blocks of indented lines, which
// stand between empty lines: so Markdown reads it too.
func partsOf(t *testing.T, r *lint.Rule) (prose []string, blocks [][]string) {
	t.Helper()
	after := false // lines to write, which the paragraph follows
	for paragraph := range strings.SplitSeq(r.ByHand, "\n\n") {
		lines := strings.Split(paragraph, "\n")
		for _, line := range lines {
			if len(line) > maxColumns {
				t.Errorf("%s: %q is longer than %d columns", r.ID, line, maxColumns)
			}
			if line == "" || line != strings.TrimRight(line, " \t") || strings.Contains(line, "\t") {
				t.Errorf("%s: an empty line, a tab or a blank at the end: %q", r.ID, line)
			}
		}
		code := func(line string) bool { return strings.HasPrefix(line, "    ") }
		switch {
		case !slices.ContainsFunc(lines, code):
			prose, after = append(prose, strings.Join(lines, " ")), false
		case slices.ContainsFunc(lines, func(line string) bool { return !code(line) }):
			t.Errorf("%s: no empty line between prose and lines to write:\n%s", r.ID, paragraph)
		default:
			for i := range lines {
				lines[i] = lines[i][4:]
			}
			if after && lines[0][0] == '[' && blocks[len(blocks)-1][0][0] == '[' {
				lines = append(blocks[len(blocks)-1], lines...) // one arc.conf with several blocks
				blocks = blocks[:len(blocks)-1]
			}
			blocks, after = append(blocks, lines), true
		}
	}
	return prose, blocks
}

// banned are words that style.md forbids, and coinages of this project.
var banned = regexp.MustCompile(`(?i)\b(wants?|wanted|stands?|doors?|holes?|crowds?|persons?|takes \w+ for)\b`)

// imperatives may begin a sentence, or what follows its condition.
var imperatives = strings.Fields("Add Admit Ask Change Check Close Compare Convert Copy Correct Expect Fetch Find Get Give Install Join Keep " +
	"Leave Let Look Make Move Name Put Read Refuse Remove Rename Replace Restore Run See Send Show Take Tell Try Turn Type Upgrade Use Write")

var (
	sentenceEnd = regexp.MustCompile(`\. +|[.:]$`)
	condition   = regexp.MustCompile(`^(?:If|On|For|Where|Once|Before|After|Until|With|In) .*?, `)
)

func checkProse(t *testing.T, r *lint.Rule, prose []string) {
	t.Helper()
	for _, paragraph := range prose {
		if !strings.HasSuffix(paragraph, ".") && !strings.HasSuffix(paragraph, ":") {
			t.Errorf("%s: no period and no colon ends %q", r.ID, paragraph)
		}
		if word := banned.FindString(paragraph); word != "" {
			t.Errorf("%s: say %q otherwise: %s", r.ID, word, paragraph)
		}
		for _, sentence := range sentenceEnd.Split(paragraph, -1) {
			if sentence == "" {
				continue
			}
			if n := len(strings.Fields(sentence)); n > maxWords {
				t.Errorf("%s: %d words: %s", r.ID, n, sentence)
			}
			if !isImperative(sentence) {
				t.Errorf("%s: does not begin by telling what to do: %s", r.ID, sentence)
			}
		}
	}
}

// isImperative looks behind each comma of a condition: "On ARC 6, if X, do Y".
func isImperative(sentence string) bool {
	for rest := sentence; ; {
		first, _, _ := strings.Cut(rest, " ")
		first = strings.Trim(first, ",:.")
		if first != "" && slices.Contains(imperatives, strings.ToUpper(first[:1])+first[1:]) {
			return true
		}
		if !condition.MatchString(sentence) {
			return false
		}
		var more bool
		if _, rest, more = strings.Cut(rest, ", "); !more {
			return false
		}
	}
}

// tools are the programs that a block of commands may call.
var tools = strings.Fields("apt-get arcctl arclint cat cd chmod chown cmp cp curl date diff dnf fetch-crl find " +
	"getent gpasswd grep iconv id install ln logrotate ls mv openssl rm sed systemctl test timedatectl touch tr umask useradd")

// checkLines knows three kinds of blocks: lines of arc.conf, which begin with a
// header, commands, and lines of another file.
func checkLines(t *testing.T, r *lint.Rule, lines []string) {
	t.Helper()
	first, _, _ := strings.Cut(lines[0], " ")
	switch {
	case strings.HasPrefix(first, "["):
		checkConf(t, r, lines)
	case slices.Contains(tools, first):
		for _, command := range joined(lines) {
			checkCommand(t, r, command)
		}
	case regexp.MustCompile(`^[a-z-]+$`).MatchString(first) && strings.Contains(lines[0], " "):
		t.Errorf("%s: no program of the list: %s", r.ID, lines[0])
	}
}

// joined puts lines that a backslash continues together.
func joined(lines []string) []string {
	return strings.Split(strings.ReplaceAll(strings.Join(lines, "\n"), "\\\n", ""), "\n")
}

func checkCommand(t *testing.T, r *lint.Rule, command string) {
	t.Helper()
	for part := range strings.SplitSeq(command, " | ") {
		words := strings.Fields(part)
		if len(words) == 0 || !slices.Contains(tools, words[0]) {
			t.Errorf("%s: no program of the list: %s", r.ID, part)
			continue
		}
		readsKey := words[0] == "openssl" && len(words) > 1 && slices.Contains(strings.Fields("pkey rsa ec pkcs12 genrsa genpkey"), words[1])
		silent := func(w string) bool { return slices.Contains(strings.Fields("-noout -out -pubout -nokeys"), w) }
		if readsKey && !slices.ContainsFunc(words, silent) {
			t.Errorf("%s: prints a private key: %s", r.ID, part)
		}
		if words[0] == "cat" && strings.Contains(part, "key") {
			t.Errorf("%s: may print a private key: %s", r.ID, part)
		}
	}
}

// checkConf: ARC reads the lines as they look, and some release to which the
// rule applies knows each of them.
func checkConf(t *testing.T, r *lint.Rule, lines []string) {
	t.Helper()
	doc := arcconf.Parse(source.New("/etc/arc.conf", []byte(strings.Join(lines, "\n")+"\n")))
	for _, p := range doc.Problems {
		t.Errorf("%s: ARC does not read %q", r.ID, p.Span.Text())
	}
	for _, section := range doc.Sections {
		if section.ReplacedBy != nil {
			t.Errorf("%s: [%s] replaces the one above", r.ID, section.Name)
		}
	}
	var doubt string
	for _, row := range release.Default().All() {
		if !r.Upgrade && !slices.Contains(r.Releases(), row.Measured) {
			continue
		}
		if doubt = unknownTo(row.Ref, doc); doubt == "" {
			return
		}
	}
	t.Errorf("%s: no release to which it applies knows all of this: %s", r.ID, doubt)
}

// unknownTo is the first line that the release does not know, "" for none.
func unknownTo(ref *arcref.Reference, doc *arcconf.Document) string {
	for _, b := range doc.Blocks {
		block := ref.Block(b.Kind)
		if block == nil {
			return ref.Version + " has no [" + b.Name + "]"
		}
		for _, o := range b.Options {
			name := o.Name.Text
			if b.Kind == "authgroup" {
				name = strings.TrimLeft(name, "+-!")
			}
			known := block.Option(name)
			switch {
			case known == nil:
				return ref.Version + " has no " + name + " in [" + b.Name + "]"
			case !o.HasEquals || o.Value.Text == "":
				return "a line without a value: " + o.Line.Text()
			case len(known.Allowed) > 0 && !slices.Contains(known.Allowed, o.Value.Text) && name != "lrms":
				return ref.Version + " does not allow " + o.Line.Text()
			}
		}
	}
	return ""
}

// TestByHandRepairs: the lines of arc.conf that a rule says to write are none of
// which it complains itself, on any release to which it applies.
func TestByHandRepairs(t *testing.T) {
	for _, row := range release.Default().All() {
		version, ref := row.Measured, row.Ref
		for _, r := range catalog.All() {
			if r.ByHand == "" || r.Upgrade || !slices.Contains(r.Releases(), version) {
				continue
			}
			_, blocks := partsOf(t, r)
			for _, lines := range blocks {
				text := strings.Join(lines, "\n") + "\n"
				if lines[0][0] != '[' || unknownTo(ref, arcconf.Parse(source.New("/etc/arc.conf", []byte(text)))) != "" {
					continue
				}
				s, at := appended(t, version, text)
				for _, f := range run(t, r, s) {
					if f.Span.Start >= at {
						t.Errorf("%s says to write on ARC %s what it reports: %s\n%s", r.ID, version, f.Message, text)
					}
				}
			}
		}
	}
}

// appended is the base site with the text in place of its blocks of these names,
// and the byte at which the text begins.
func appended(t *testing.T, version, text string) (s *site.Site, at int) {
	t.Helper()
	base, err := fixtures.Base(version)
	if err != nil {
		t.Fatal(err)
	}
	old, err := base.Tree.ReadFile("/etc/arc.conf", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var conf strings.Builder
	replaced := false
	for line := range strings.Lines(string(old)) {
		if line[0] == '[' {
			replaced = strings.Contains(text, strings.TrimSpace(line))
		}
		if !replaced {
			conf.WriteString(line)
		}
	}
	tree := rootfs.Overlay(base.Tree)
	if err := tree.WriteFile("/etc/arc.conf", []byte(conf.String()+text), 0o644); err != nil {
		t.Fatal(err)
	}
	base.Tree = tree
	return load(t, base), conf.Len()
}
