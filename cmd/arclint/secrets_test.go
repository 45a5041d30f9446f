package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"arclint/fixtures"
	"arclint/internal/rootfs"
	"arclint/recipes"
)

// secretText is what stands in a file to which others may have put a link.
const secretText = "root:$y$j9T$CANARY-%d-end:20000:0:99999:7:::\n"

// TestSecrets plants secrets wherever arclint reads, on every example site, and
// looks for them in every output of every command in every format.
func TestSecrets(t *testing.T) {
	t.Setenv("ARCLINT_SECRET", "CANARY-environment-end")
	places, outputs := 0, 0
	for _, name := range siteNames(t) {
		s := siteNamed(t, name)
		root := filepath.Join(t.TempDir(), "ce")
		must(t, writeTree(root, s.Tree))
		p := planter{t: t, root: root}
		p.plantAll()
		must(t, p.pack())
		places += p.count
		for _, args := range p.commands(s) {
			var stdout, stderr bytes.Buffer
			run(append([]string{"arclint"}, args...), &stdout, &stderr)
			outputs += 2
			for _, out := range []string{stdout.String(), stderr.String()} {
				if found := p.leaks(out); found != "" {
					t.Errorf("%s: arclint %s shows %s: %.300s", name, strings.Join(args, " "), found, lineWith(out, found))
				}
			}
		}
	}
	t.Logf("%d places with secrets, %d outputs without one of them", places, outputs)
}

func siteNames(t *testing.T) []string {
	names := fixtures.Versions()
	found, err := filepath.Glob("../../fixtures/sites/*/site.txt")
	must(t, err)
	for _, file := range found {
		text, err := os.ReadFile(file)
		must(t, err)
		if !strings.Contains("\n"+string(text), "\non ") && !strings.Contains(string(text), "fifo ") { // what recipes make of others; no FIFO can be written
			names = append(names, filepath.Base(filepath.Dir(file)))
		}
	}
	return names
}

func siteNamed(t *testing.T, name string) *fixtures.Site {
	if slices.Contains(fixtures.Versions(), name) {
		s, err := fixtures.Base(name)
		must(t, err)
		return s
	}
	s, err := fixtures.LoadSite("../../fixtures/sites/" + name)
	must(t, err)
	return s
}

// planter puts secrets into a tree.
type planter struct {
	t     *testing.T
	root  string
	count int
	keys  []string // lines of private keys
}

// secret is a text that no output may have.
func (p *planter) secret() string {
	p.count++
	return fmt.Sprintf("CANARY-%d-end", p.count)
}

var canary = regexp.MustCompile(`CANARY-[0-9a-z]+-end`)

func lineWith(out, text string) string {
	for line := range strings.Lines(out) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}

// leaks names a secret in an output.
func (p *planter) leaks(out string) string {
	if found := canary.FindString(out); found != "" {
		return found
	}
	for _, line := range p.keys {
		if strings.Contains(out, line) {
			return "a private key"
		}
	}
	return ""
}

func (p *planter) write(path, text string) {
	name := filepath.Join(p.root, path)
	must(p.t, os.MkdirAll(filepath.Dir(name), 0o755))
	must(p.t, os.WriteFile(name, []byte(text), 0o644))
}

func (p *planter) link(target, path string) {
	name := filepath.Join(p.root, path)
	must(p.t, os.MkdirAll(filepath.Dir(name), 0o755))
	must(p.t, os.Symlink(target, name))
}

const gridDir = "/etc/grid-security/certificates"

func (p *planter) plantAll() {
	p.noteKeys()
	p.write("/etc/shadow", fmt.Sprintf(secretText, 1000+p.count))
	p.count++
	pinned := "/var/spool/arc/jobstatus/tokenissuers/"
	for i, target := range []string{"/etc/shadow", "/etc/grid-security/hostkey.pem", "/etc/arc.conf"} {
		for j, name := range []string{"issuer", "metadata", "keys"} {
			dir := fmt.Sprintf("%scanary%d%d/", pinned, i, j)
			p.write(dir+"metadata", `{"jwks_uri":"`+p.secret()+`"}`)
			p.write(dir+"keys", `{"keys":["`+p.secret()+`"]}`)
			p.write(dir+"issuer", "https://issuer.example.org/canary")
			must(p.t, os.Remove(filepath.Join(p.root, dir+name)))
			p.link(target, dir+name)
		}
	}
	for i, name := range []string{"%08x.0", "%08x.r0", "%08x.signing_policy", "%08x.namespaces", "c%d.info", "c%d.crl_url", "c%d.pem"} {
		p.link("/etc/shadow", gridDir+"/"+fmt.Sprintf(name, 0xca0+i))
		p.write(gridDir+"/"+fmt.Sprintf(name, 0xcb0+i), "password = "+p.secret()+"\n"+p.secret()+" : x\n")
		p.link("/etc/grid-security/hostkey.pem", gridDir+"/"+fmt.Sprintf(name, 0xcc0+i))
	}
	p.write("/etc/grid-security/vomsdir/canary/a.example.org.lsc", p.secret()+"\npassword "+p.secret()+"\n#"+p.secret()+"\n")
	p.link("/etc/shadow", "/etc/grid-security/vomsdir/canary/b.example.org.lsc")
	p.write("/etc/grid-security/canary-list", "root:"+p.secret()+":1\n\"unclosed "+p.secret()+"\n\t"+p.secret()+"\n/CN=x password="+p.secret()+" y\n")
	p.write("/etc/grid-security/canary-pool/pool", "root:"+p.secret()+":1\n"+p.secret()+" x\n")
	p.write("/etc/grid-security/canary-pool/config", "password="+p.secret()+"\n timeout = "+p.secret()+"\n")
	p.link("/etc/shadow", "/etc/grid-security/canary-pool/_CN=x")
	p.write("/etc/form.conf", "[lrms]\nlrms = fork\nboinc_db_pass = \""+p.secret()+"\"\n#boinc_db_pass="+p.secret()+"\n[common]\nhttp_proxy = http://user:"+p.secret()+"@proxy.example.org/\n")
	p.write("/etc/kept.conf", "[common]\nhttp_proxy=http://user:"+p.secret()+"@proxy.example.org/\nhostname = ce.example.org\n")
	p.write("/etc/token", "header."+p.secret()+".signature")
	p.plantConf()
}

// pack makes an archive of the tree: this process would keep the directories open
// in which each command reads.
func (p *planter) pack() error {
	tree, err := rootfs.Dir(p.root)
	if err != nil {
		return err
	}
	plain := func(w io.Writer) io.WriteCloser { return nopCloser{w} }
	return errors.Join(writeArchive(p.root+".tar", tree, plain), tree.Close())
}

// noteKeys remembers the lines of the private keys of the site.
func (p *planter) noteKeys() {
	must(p.t, filepath.WalkDir(p.root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(name)
		if err == nil && bytes.Contains(data, []byte("PRIVATE KEY-----")) {
			p.count++
			_, key, _ := strings.Cut(string(data), "PRIVATE KEY-----")
			for line := range strings.Lines(key) {
				if line = strings.TrimSpace(line); len(line) > 40 {
					p.keys = append(p.keys, line)
				}
			}
		}
		return err
	}))
}

// plantConf writes secrets into arc.conf, well and badly.
func (p *planter) plantConf() {
	name := filepath.Join(p.root, "etc/arc.conf")
	data, err := os.ReadFile(name)
	must(p.t, err)
	conf := string(data)
	for header, lines := range map[string]string{
		"[common]": "http_proxy = \"http://user:" + p.secret() + "@proxy.example.org:3128/\"\n",
		"[lrms]": "boinc_db_pass=\"" + p.secret() + "\"\nboinc_db_pas=" + p.secret() + " # why\nboinc_db_pass " + p.secret() + "\n  #boinc_db_pass=" + p.secret() +
			"\ndb_password = " + p.secret() + "\nmy_secret='" + p.secret() + "'\napitoken=" + p.secret() + "\\\n",
		"[arex]": "statecallout=FINISHED timeout=10 /bin/x --password=" + p.secret() + " https://a.example.org/?token=" + p.secret() + "\n",
	} {
		conf = strings.Replace(conf, header+"\n", header+"\n"+lines, 1)
	}
	conf = "db_password=" + p.secret() + "\n" + conf +
		"\n[authgroup:canary]\nfile=/etc/grid-security/canary-list\n[mapping]\nmap_with_file=canary /etc/grid-security/canary-list\nmap_to_pool=canary /etc/grid-security/canary-pool\n"
	must(p.t, os.WriteFile(name, []byte(conf), 0o644))
}

// commands are all that read a site, in all formats.
func (p *planter) commands(s *fixtures.Site) [][]string {
	site := []string{"--root", p.root + ".tar", "--now", s.Now.Format(time.RFC3339)}
	var list [][]string
	add := func(command string, more []string, formats ...string) {
		for _, format := range formats {
			list = append(list, slices.Concat([]string{command, "--format", format}, site, more))
		}
	}
	add("check", nil, "text", "json")
	add("check", []string{"--show-suppressed", "--no-site-ignores"}, "text", "json")
	add("check", []string{"--target", "7.2.0"}, "text", "json")
	add("trust", nil, "text", "json")
	add("access", nil, "text", "json", "markdown")
	add("negtest", []string{"--static"}, "text", "json", "junit")
	add("whoami", []string{"--subject", "/CN=x"}, "text", "json")
	add("whoami", []string{"--token", filepath.Join(p.root, "etc/token")}, "text", "json")
	add("whoami", []string{"--claims", filepath.Join(p.root, "etc/shadow")}, "text")
	for _, file := range []string{"etc/shadow", "etc/grid-security/hostkey.pem"} {
		add("verify", []string{"--purpose", "client", filepath.Join(p.root, file)}, "text", "json")
	}
	for _, r := range recipes.All() {
		add("recipe", []string{r.ID}, "shell", "diff", "text")
	}
	add("recipe", []string{"--target", "7.2.0"}, "shell", "diff", "text")
	conf := filepath.Join(p.root, "etc/arc.conf")
	for _, file := range []string{conf, filepath.Join(p.root, "etc/form.conf"), filepath.Join(p.root, "etc/kept.conf")} {
		list = append(list, []string{"fmt", file}, []string{"fmt", "--check", file}, []string{"fmt", "--write", file}, []string{"fmt", file})
	}
	return append(list, slices.Concat([]string{"recipe", "--prove"}, site, []string{"edit-arc-conf"}))
}
