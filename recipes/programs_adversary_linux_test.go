package recipes_test

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var rounds = flag.Int("program-rounds", 12, "how often each program of a timer runs beside an adversary")

// adversaryID is a user and group that no system gives to anybody.
const adversaryID = 64217

// adversary is what he has: a directory of his own, the names in it that a
// program of root comes to, and what he would like to change.
type adversary struct{ dir, victim string }

// TestAdversary is the adversary when startAdversary runs it again as another
// process; it is no test by itself.
func TestAdversary(t *testing.T) {
	dir, victim := os.Getenv("ADVERSARY_DIR"), os.Getenv("ADVERSARY_VICTIM")
	if dir == "" {
		return
	}
	if os.Geteuid() != adversaryID || os.Getegid() != adversaryID {
		t.Fatal("the adversary is not who he should be")
	}
	a := adversary{dir, victim}
	for turn := 0; ; turn++ {
		a.exchange(turn)
		if turn%16 == 0 {
			a.disturb(turn)
			time.Sleep(time.Duration(turn%7) * 20 * time.Millisecond) // so that some runs get through
		}
	}
}

// exchange takes each thing away, puts something else there for a moment, and
// puts it back. Many of these steps fail: that is his trouble.
func (a adversary) exchange(turn int) {
	_ = filepath.WalkDir(a.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == a.dir || strings.HasSuffix(name, ".mine") {
			return nil
		}
		_ = os.Rename(name, name+".mine")
		switch turn % 6 {
		case 0:
			_ = os.Symlink(a.victim, name)
		case 1:
			_ = os.Symlink(a.victim+"/file", name)
		case 2:
			_ = os.Link(a.victim+"/file", name)
		case 3:
			_ = syscall.Mkfifo(name, 0o666)
		case 4:
			_ = os.Mkdir(name, 0o777)
			_ = os.Symlink(a.victim+"/file", name+"/keys")
			_ = os.Symlink(a.victim+"/new", name+"/.arclint.new")
		case 5:
			_ = os.Symlink(a.victim+"/new", name)
		}
		_ = os.Symlink(a.victim+"/new", filepath.Dir(name)+"/.arclint.new")
		_ = os.RemoveAll(name)
		_ = os.Rename(name+".mine", name)
		return nil
	})
}

// disturb opens his directories to everybody and closes them again, and stops or
// ends what runs as him.
func (a adversary) disturb(turn int) {
	_ = os.Chmod(a.dir+"/tokenissuers", 0o777)
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range all {
		pid, _ := strconv.Atoi(filepath.Base(p))
		info, err := os.ReadFile(p + "/status")
		if err != nil || pid == os.Getpid() || !strings.Contains(string(info), fmt.Sprintf("\nUid:\t%d\t", adversaryID)) {
			continue
		}
		_ = os.WriteFile(p+"/mem", []byte("x"), 0) // he may not
		if turn%48 == 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	_ = os.Chmod(a.dir+"/tokenissuers", 0o755)
}

// startAdversary runs this test's own program as the adversary, until the test
// ends.
func startAdversary(t *testing.T, dir, victim string) {
	t.Helper()
	self := filepath.Join(shared(t), "adversary")
	data, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(self, data, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run", "^TestAdversary$")
	cmd.Dir, cmd.Env = "/", []string{"ADVERSARY_DIR=" + dir, "ADVERSARY_VICTIM=" + victim}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Credential: &syscall.Credential{Uid: adversaryID, Gid: adversaryID}}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan error, 1)
	go func() { gone <- cmd.Wait() }()
	t.Cleanup(func() {
		select {
		case err := <-gone:
			t.Errorf("the adversary gave up: %v", err)
		default:
			_ = cmd.Process.Kill()
			<-gone
		}
	})
}

// shared is a temporary directory that other users can enter.
func shared(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "arclint-attack")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// give gives all of a tree to the adversary.
func give(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(name, adversaryID, adversaryID)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// prey makes a tree of root that nothing may change, and gives what shows that
// nothing did.
func prey(t *testing.T) (dir string, state func() map[string]string) {
	t.Helper()
	dir = filepath.Join(shared(t), "victim")
	for _, name := range []string{"/keys", "/issuer", "/metadata", "/file", "/tokenissuers/keys", "/.hidden"} {
		if err := os.MkdirAll(filepath.Dir(dir+name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+name, []byte("untouched"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, func() map[string]string {
		all := snapshot(t, dir)
		for name := range all {
			info, err := os.Lstat(dir + name)
			if err != nil {
				t.Fatal(err)
			}
			st := info.Sys().(*syscall.Stat_t)
			all[name] += fmt.Sprintf(" %d:%d %d links, inode %d, %v %v", st.Uid, st.Gid, st.Nlink, st.Ino, st.Mtim, st.Ctim)
		}
		return all
	}
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: an adversary is another user")
	}
}

// TestRefreshBesideAdversary: the owner of the control directory exchanges all
// that is in it while root's program runs. He gets nothing that is not his.
func TestRefreshBesideAdversary(t *testing.T) {
	needRoot(t)
	w := newWorld()
	is := serve(t, w, net.IPv4(127, 0, 0, 1))
	old, script, env := pinSite(t, w, is.url)
	mustRun(t, script, old, env)
	root := filepath.Join(shared(t), "root")
	if out, err := exec.Command("cp", "-a", old, root).CombinedOutput(); err != nil {
		t.Fatal(err, string(out))
	}
	control := root + "/var/spool/arc/jobstatus"
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	give(t, control)
	victim, state := prey(t)
	before := state()
	mustRunTool(t, tool(t, root), root, env)
	startAdversary(t, control, victim)
	pinned, refused := 0, 0
	for n := range *rounds {
		is.change(func() { is.keys = `{"keys":[` + rsaKey(fmt.Sprint("key", n), 2048) + `]}` })
		if out, err := runTool(t, tool(t, root), root, env); err == nil {
			pinned++
		} else if refused++; !strings.Contains(out, "stays as it is") {
			t.Fatalf("round %d: %v\n%s", n, err, out)
		}
		if after := state(); !maps.Equal(before, after) {
			t.Fatalf("round %d: something was changed, -before +after\n%s", n, cmp.Diff(before, after))
		}
	}
	noneOfRoot(t, control)
	t.Logf("%d rounds: pinned in %d, refused in %d", *rounds, pinned, refused)
}

// noneOfRoot: root made nothing where another user rules.
func noneOfRoot(t *testing.T, dir string) {
	t.Helper()
	_ = filepath.WalkDir(dir, func(name string, _ fs.DirEntry, _ error) error {
		if info, err := os.Lstat(name); err == nil && info.Sys().(*syscall.Stat_t).Uid == 0 {
			t.Errorf("root made %s", name)
		}
		return nil
	})
}

// syncSite is a site with the program sync-client-certificates, filled.
func syncSite(t *testing.T) (root string, run func() (string, error)) {
	t.Helper()
	needTools(t, "python3")
	w := newWorld()
	root = filepath.Join(shared(t), "root")
	grid := root + "/etc/grid-security"
	files := map[string]string{"/issuer-anchors/root.pem": string(w.public.PEM()), "/client-certificates/.keep": ""}
	for name, text := range w.tree() {
		if below, ok := strings.CutPrefix(name, "/etc/grid-security/certificates/"); ok && !strings.HasPrefix(text, "-> ") {
			files["/certificates/"+below] = text
		}
	}
	files["/certificates/"+w.grid.Hash()+".0"] = string(w.grid.PEM())
	files["/certificates/"+w.public.Hash()+".0"] = string(w.public.PEM())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(grid+name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(grid+name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	program := programOf(t)
	return root, func() (string, error) { return runTool(t, program, root, nil) }
}

// programOf is the program sync-client-certificates as it is installed.
func programOf(t *testing.T) string {
	t.Helper()
	program := filepath.Join(shared(t), "sync")
	data, err := os.ReadFile("shell/sync-client-certificates.py")
	if err == nil {
		err = os.WriteFile(program, data, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// farmOf is the links of the directory for client certificates.
func farmOf(t *testing.T, root string) map[string]string {
	t.Helper()
	links := map[string]string{}
	dir := root + "/etc/grid-security/client-certificates/"
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if links[e.Name()], err = os.Readlink(dir + e.Name()); err != nil && e.Name() != ".keep" {
			t.Errorf("%s is no link", e.Name())
		}
	}
	delete(links, ".keep")
	return links
}

// TestSyncBesideAdversary: the CAs come from a directory of another user, to
// which root's link leads, such as one of a network file system. He exchanges
// what is in it, and gets links by that name and nothing else.
func TestSyncBesideAdversary(t *testing.T) {
	needRoot(t)
	root, run := syncSite(t)
	certificates, his := root+"/etc/grid-security/certificates", root+"/srv/his"
	if err := os.MkdirAll(root+"/srv", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(certificates, his); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/srv/his", certificates); err != nil {
		t.Fatal(err)
	}
	give(t, his)
	if out, err := run(); err != nil || len(farmOf(t, root)) == 0 {
		t.Fatalf("%v, no links\n%s", err, out)
	}
	victim, state := prey(t)
	before := state()
	startAdversary(t, his, victim)
	changed, refused := 0, 0
	for n := range *rounds {
		out, err := run()
		if err != nil {
			refused++
		}
		if strings.Contains(out, "linked") || strings.Contains(out, "removed") {
			changed++
		}
		if strings.Contains(out, "Traceback") {
			t.Fatalf("round %d:\n%s", n, out)
		}
		if after := state(); !maps.Equal(before, after) {
			t.Fatalf("round %d: something was changed, -before +after\n%s", n, cmp.Diff(before, after))
		}
		for name, to := range farmOf(t, root) {
			if rest, ok := strings.CutPrefix(to, "../certificates/"); !ok || strings.Contains(rest, "/") {
				t.Fatalf("round %d: %s leads to %s", n, name, to)
			}
		}
	}
	noneOfRoot(t, his)
	t.Logf("%d rounds: links changed in %d, refused in %d", *rounds, changed, refused)
}

// TestProgramsRefuseDirectoriesOfOthers: what another user could exchange, or
// anybody in a group, is not written to.
func TestProgramsRefuseDirectoriesOfOthers(t *testing.T) {
	needRoot(t)
	for _, dir := range []string{"", "/etc", "/etc/grid-security", "/etc/grid-security/client-certificates", "/etc/grid-security/issuer-anchors"} {
		for _, act := range []func(string) error{
			func(d string) error { return os.Chown(d, adversaryID, adversaryID) },
			func(d string) error { return os.Chmod(d, 0o775) },
			func(d string) error { return os.Chmod(d, 0o1777) },
		} {
			root, run := syncSite(t)
			if err := act(root + dir); err != nil {
				t.Fatal(err)
			}
			if out, err := run(); err == nil || !strings.Contains(out, "stay as they are") || len(farmOf(t, root)) > 0 {
				t.Errorf("%q: error %v, want a refusal:\n%s", dir, err, out)
			}
		}
	}
	w := newWorld()
	is := serve(t, w, net.IPv4(127, 0, 0, 1))
	for _, dir := range []string{"/var", "/var/spool/arc", "/var/spool/arc/jobstatus", "/run", "/run/arclint"} {
		root, script, env := pinSite(t, w, is.url)
		mustRun(t, script, root, env)
		is.change(func() { is.keys = `{"keys":[` + rsaKey("of "+dir, 2048) + `]}` })
		if err := os.Chmod(root+dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if out, err := runTool(t, tool(t, root), root, env); err == nil || !strings.Contains(out, "chmod go-w") {
			t.Errorf("%q: error %v, want a refusal:\n%s", dir, err, out)
		}
	}
}
