package recipes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

// Result is what the rules say of a site, and what of the plan its files could
// not show.
type Result struct {
	lint.Result
	Unproven []string // of the result after: effects that were not simulated, and why
}

// Prove applies the plan to an overlay of the site's files, reads the site
// again with load and asks run (lint.Run with the catalog) before and after.
// What needs the network or systemd is simulated where its effect on the files
// is known, and named in after.Unproven where it is not. An error says that the
// plan cannot be applied, or the site not be read, as it stands.
func Prove(s *site.Site, fsys rootfs.FS, plan Plan, load func(rootfs.FS) (*site.Site, error), run func(*site.Site) lint.Result) (before, after Result, err error) {
	before = Result{Result: run(s)}
	effect, err := Try(s, fsys, plan, load)
	if err != nil {
		return before, Result{}, err
	}
	return before, Result{Result: run(effect.Site), Unproven: effect.Unproven}, nil
}

type prover struct {
	tree     *rootfs.Mem
	site     *site.Site
	unproven []string
}

func (p *prover) note(format string, args ...any) {
	p.unproven = append(p.unproven, fmt.Sprintf(format, args...))
}

func (p *prover) apply(a Action) error {
	switch a := a.(type) {
	case WriteFile:
		return p.write(a.Path, a.Content, a.Mode, a.Owner)
	case Link:
		return p.tree.Symlink(a.Target, a.Path)
	case Remove:
		return p.remove(a)
	case Chmod:
		return p.tree.Chmod(a.Path, treeMode(a.Mode))
	case Chown:
		return p.chown(a.Path, a.Owner)
	case Mkdir:
		if info, err := rootfs.Stat(p.tree, a.Path); err == nil && info.Mode.IsDir() {
			return nil
		}
		return errors.Join(p.tree.Mkdir(a.Path, a.Mode), p.chown(a.Path, a.Owner))
	case EditConf:
		return p.edit(a)
	case Run:
		if a.Argv[0] != "systemctl" {
			p.note("the effect of %s", strings.Join(a.Argv, " "))
		}
		return nil
	case RunTool:
		if a.Path == syncTool {
			return p.sync()
		}
		p.note("the effect of %s", a.Path)
		return nil
	case Assert:
		text, _, _ := shellCheck(a.Check)
		p.note("checked by the script only: %s", text)
		return nil
	case Enable:
		return nil
	case FetchIssuer:
		return p.fetch(a)
	case InstallTimer:
		for _, step := range a.steps() {
			if err := p.apply(step); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("the prover does not know the action %T", a)
}

// treeMode is a mode of actions, which has the bits of chmod(1), as package fs
// has it.
func treeMode(mode fs.FileMode) fs.FileMode {
	out := mode.Perm()
	for bit, special := range map[fs.FileMode]fs.FileMode{0o1000: fs.ModeSticky, 0o2000: fs.ModeSetgid, 0o4000: fs.ModeSetuid} {
		if mode&bit != 0 {
			out |= special
		}
	}
	return out
}

func (p *prover) write(name string, data []byte, mode fs.FileMode, owner Owner) error {
	if err := p.tree.WriteFile(name, data, mode); err != nil {
		return err
	}
	return p.chown(name, owner)
}

func (p *prover) remove(a Remove) error {
	info, err := rootfs.Lstat(p.tree, a.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode.IsDir() && !a.Tree:
		return errors.New("is a directory")
	}
	return p.tree.Remove(a.Path)
}

func (p *prover) edit(a EditConf) error {
	f, err := fileOf(a.Edits)
	if err != nil {
		return err
	}
	now, info, err := rootfs.Read(p.tree, a.Path, int64(len(f.Data))+1)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, f.Real()) {
		return errors.New("the file is not the one that the edits speak of")
	}
	after, err := source.ApplyReal(f, a.Edits)
	if err != nil {
		return err
	}
	return p.tree.WriteFile(info.Path, after, info.Mode.Perm())
}

// chown takes names from the site's own accounts; root needs none.
func (p *prover) chown(name string, o Owner) error {
	if o.Like != "" {
		like, err := rootfs.Stat(p.tree, o.Like)
		if err != nil {
			return err
		}
		return p.tree.Chown(name, like.UID, like.GID)
	}
	user, group, _ := strings.Cut(o.text(), ":")
	var users, groups map[string]int
	if p.site.Accounts != nil {
		users, groups = p.site.Accounts.Users, p.site.Accounts.Groups
	}
	uid, known := idOf(users, user)
	gid, alsoKnown := idOf(groups, group)
	if !known || !alsoKnown {
		p.note("the owner %s of %s, since the site does not know the account", o.text(), name)
		return nil
	}
	return p.tree.Chown(name, uid, gid)
}

func idOf(ids map[string]int, name string) (int, bool) {
	if n, err := strconv.Atoi(name); err == nil {
		return n, true
	}
	if name == "root" {
		return 0, true
	}
	id, ok := ids[name]
	return id, ok
}

// fetch pins the keys where they are known. What the issuer serves today is
// not in the files.
func (p *prover) fetch(a FetchIssuer) error {
	if len(a.Keys) == 0 {
		p.note("the keys of the issuer, which only %s serves", a.Issuer)
		return nil
	}
	if !json.Valid(a.Keys) {
		return errors.New("the given keys are no JSON")
	}
	dir := a.dir()
	like := Owner{Like: a.ControlDir}
	for _, made := range []string{path.Dir(dir), dir} {
		if err := p.apply(Mkdir{Path: made, Mode: 0o755, Owner: like}); err != nil {
			return err
		}
	}
	return errors.Join(
		p.write(a.Tool, refreshIssuerTool(a), 0o755, Owner{}),
		p.write(dir+"/metadata", []byte("{}"), 0o644, like),
		p.write(dir+"/keys", a.Keys, 0o644, like),
		p.write(dir+"/issuer", []byte(a.Issuer), 0o644, like),
	)
}

// sync does what the program sync-client-certificates does; the test runs both.
func (p *prover) sync() error {
	reader := gridsec.NewReader(p.tree)
	from, anchors := reader.Dir(site.GridCADir), reader.Dir(anchorDir)
	if err := errors.Join(from.Err, anchors.Err); err != nil {
		return err
	}
	links := clientLinks(from, certificatesOf(anchors))
	present, err := rootfs.List(p.tree, clientDir)
	if err != nil {
		return err
	}
	for _, e := range present {
		target, err := p.tree.Readlink(e.Path)
		if err == nil && strings.HasPrefix(target, "../certificates/") && links[path.Base(e.Path)] == "" {
			if err := p.tree.Remove(e.Path); err != nil {
				return err
			}
		}
	}
	names := make([]string, 0, len(links))
	for name := range links {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := p.tree.Symlink("../certificates/"+links[name], clientDir+"/"+name); err != nil {
			return err
		}
	}
	return nil
}

// clientLinks says which names the directory for client certificates has, and
// to which name of the CA directory each leads.
func clientLinks(from *gridsec.Dir, excluded []*gridsec.Certificate) map[string]string {
	links := map[string]string{}
	keep := map[string]bool{}
	for _, e := range from.Entries {
		if e.Err != nil || e.File == nil || strings.HasPrefix(e.Name, ".") {
			continue
		}
		keep[e.Name] = isCRLName(e.Name) || !bears(e.File, excluded)
		if keep[e.Name] && !looksHashed(e.Name) {
			links[e.Name] = e.Name
		}
	}
	for _, e := range from.Entries {
		hash, n, ok := hashEntry(e.Name)
		if !ok || n != 0 || hash != strings.ToLower(hash) {
			continue
		}
		next := 0
		for old := 0; ; old++ {
			name := fmt.Sprintf("%s.%d", hash, old)
			wanted, there := keep[name]
			if !there {
				break
			}
			if wanted {
				links[fmt.Sprintf("%s.%d", hash, next)] = name
				next++
			}
		}
	}
	return links
}

// looksHashed also holds for names that OpenSSL does not look up, such as an
// upper-case hash: they are not linked.
func looksHashed(name string) bool {
	hash, number, _ := strings.Cut(name, ".")
	return len(hash) == 8 && strings.Trim(strings.ToLower(hash), "0123456789abcdef") == "" && isNumber(number)
}

func isCRLName(name string) bool {
	_, number, ok := strings.Cut(name, ".r")
	return ok && isNumber(number)
}

// bears says whether the file holds a certificate with the key of an excluded
// one.
func bears(f *gridsec.File, excluded []*gridsec.Certificate) bool {
	for _, c := range f.Certificates {
		for _, x := range excluded {
			if bytes.Equal(c.RawSubjectPublicKeyInfo, x.RawSubjectPublicKeyInfo) {
				return true
			}
		}
	}
	return false
}

func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
