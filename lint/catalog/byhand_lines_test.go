package catalog_test

import (
	"maps"
	"os/exec"
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

// tools are the programs that a block of commands may call.
var tools = strings.Fields("apt-get arcctl arclint cat cd chmod chown cmp cp curl date diff dnf fetch-crl find " +
	"getent gpasswd grep iconv id install ln logrotate ls mv openssl rm sed systemctl timedatectl touch " +
	"tr useradd")

// keyTools are the parts of openssl that print a private key if nobody forbids.
var keyTools = strings.Fields("pkey rsa ec pkcs12 genrsa genpkey")

// checkLines knows three kinds of blocks: lines of arc.conf, which begin with a
// header, commands, and lines of another file.
func checkLines(t *testing.T, r *lint.Rule, lines []string) {
	t.Helper()
	first, _, _ := strings.Cut(lines[0], " ")
	switch {
	case strings.HasPrefix(first, "["):
		checkConf(t, r, lines)
	case slices.Contains(tools, first):
		if out, err := exec.Command("sh", "-n", "-c", strings.Join(lines, "\n")).CombinedOutput(); err != nil {
			t.Errorf("%s: no commands of a shell: %s", r.ID, out)
		}
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
		readsKey := words[0] == "openssl" && len(words) > 1 && slices.Contains(keyTools, words[1])
		silent := func(w string) bool { return slices.Contains(strings.Fields("-noout -out -pubout -nokeys"), w) }
		if readsKey && !slices.ContainsFunc(words, silent) {
			t.Errorf("%s: prints a private key: %s", r.ID, part)
		}
		if words[0] == "cat" && strings.Contains(part, "key") {
			t.Errorf("%s: may print a private key: %s", r.ID, part)
		}
	}
}

// TestByHandOpenSSL: openssl knows every option of the commands. -sha256 is one
// of the digests, which its help does not list.
func TestByHandOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	help := map[string][]string{}
	for _, r := range catalog.All() {
		if r.ByHand == "" {
			continue
		}
		_, blocks := partsOf(t, r)
		for _, b := range blocks {
			for _, command := range joined(b.lines) {
				words := strings.Fields(command)
				if len(words) < 2 || words[0] != "openssl" {
					continue
				}
				sub := words[1]
				if help[sub] == nil {
					text, _ := exec.Command("openssl", sub, "-help").CombinedOutput() // some versions end with 1
					help[sub] = append(strings.Fields(string(text)), "-sha256")
				}
				for _, word := range words[2:] {
					if strings.HasPrefix(word, "-") && !slices.Contains(help[sub], word) {
						t.Errorf("%s: openssl %s has no %s", r.ID, sub, word)
					}
				}
			}
		}
	}
	if len(help) < 4 {
		t.Errorf("only these commands of openssl were found: %v", slices.Sorted(maps.Keys(help)))
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
			for _, b := range blocks {
				text := strings.Join(b.lines, "\n") + "\n"
				doc := arcconf.Parse(source.New("/etc/arc.conf", []byte(text)))
				if b.lines[0][0] != '[' || !b.isFor(version) || unknownTo(ref, doc) != "" {
					continue
				}
				s, at := appended(t, version, text)
				for _, f := range run(t, r, s) {
					if f.Span.Start >= at {
						t.Errorf("%s says to write on ARC %s what it reports: %s\n%s", r.ID, version, f.Message(), text)
					}
				}
			}
		}
	}
}

// releaseNamed is the release for which a sentence gives lines to write.
var releaseNamed = regexp.MustCompile(`^On ARC ([67][0-9.]*),`)

// isFor says whether the lines are for the release.
func (b block) isFor(version string) bool {
	named := releaseNamed.FindStringSubmatch(b.intro)
	return named == nil || version == named[1] || strings.HasPrefix(version, named[1]+".")
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
