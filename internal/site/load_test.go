package site

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/release"
	"arclint/internal/rootfs"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const smallest = "[common]\nhostname=ce.example.org\n"

// tree makes a site of files by path.
func tree(t *testing.T, files map[string]string) *rootfs.Mem {
	t.Helper()
	m := rootfs.NewMem()
	m.SetTime(now)
	for path, text := range files {
		if err := m.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func load(t *testing.T, files map[string]string, opts Options) *Site {
	t.Helper()
	if _, ok := files["/etc/arc.conf"]; !ok {
		files["/etc/arc.conf"] = smallest
	}
	opts.Now = now
	s, err := Load(tree(t, files), opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// three is a table of the first releases, which stays as it is when there are more.
func three(t *testing.T) release.Table {
	t.Helper()
	var table release.Table
	for _, r := range release.Default().All()[:3] {
		var err error
		if table, err = table.With(r); err != nil {
			t.Fatal(err)
		}
	}
	return table
}

// told is what a Release says without its facts.
type told struct {
	Version, Measured string
	Exact             bool
	Origin            string
}

func toldOf(r Release) told { return told{r.Version, r.Measured, r.Exact, r.Origin} }

func TestRelease(t *testing.T) {
	const packages = "/usr/lib/python3/dist-packages/arc/paths_dist.py"
	for _, tt := range []struct {
		name  string
		files map[string]string
		given string
		want  told
	}{
		{"nothing tells", map[string]string{}, "", told{Version: "7.2.0", Measured: "7.2.0", Exact: true}},
		{"Debian's packages tell", map[string]string{packages: "ARC_VERSION = '7.0.0'\n"}, "", told{Version: "7.0.0", Measured: "7.0.0", Exact: true, Origin: packages}},
		{
			"EL's packages tell", map[string]string{"/usr/lib64/python3.9/site-packages/arc/paths_dist.py": "x = 1\nARC_VERSION=\"6.17.0\"\n"}, "",
			told{Version: "6.17.0", Measured: "6.17.0", Exact: true, Origin: "/usr/lib64/python3.9/site-packages/arc/paths_dist.py"},
		},
		{"the user's word wins", map[string]string{packages: "ARC_VERSION = '7.0.0'\n"}, "6.17.0", told{Version: "6.17.0", Measured: "6.17.0", Exact: true, Origin: "--arc-version"}},
		{"a newer release than any measured", map[string]string{}, "7.9.1", told{Version: "7.9.1", Measured: "7.2.0", Origin: "--arc-version"}},
		{"between two measured ones", map[string]string{}, "7.1.0", told{Version: "7.1.0", Measured: "7.0.0", Origin: "--arc-version"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, toldOf(load(t, tt.files, Options{ARCVersion: tt.given, Releases: three(t)}).Release)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOSFamily(t *testing.T) {
	for _, tt := range []struct {
		name, osRelease string
		extra           string
		want            OSFamily
	}{
		{"Debian", "ID=debian\n", "", Debian},
		{"Ubuntu", "ID=ubuntu\nID_LIKE=debian\n", "", Debian},
		{"Alma", "ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\n", "", RHEL},
		{"an unknown one that is like EL", "ID=scientific\nID_LIKE=\"rhel fedora\"\n", "", RHEL},
		{"unknown, without a hint", "ID=other\n", "", Debian},
		{"unknown, with EL's trust store", "ID=other\n", "/etc/pki/tls/cert.pem", RHEL},
	} {
		files := map[string]string{"/etc/os-release": tt.osRelease}
		if tt.extra != "" {
			files[tt.extra] = ""
		}
		if got := load(t, files, Options{}).OSFamily; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestAccounts(t *testing.T) {
	s := load(t, map[string]string{
		"/etc/passwd":        "root:x:0:0::/root:/bin/sh\nbroken\ndune:x:1001:1001::/home/dune:/bin/sh\nbad:x:many:1::/:\n",
		"/etc/group":         "root:x:0:\ndune:x:1001:\nadm:x:4:other,dune\nshort:x:5\n",
		"/etc/nsswitch.conf": "# comment\npasswd:  files systemd\ngroup: files\n",
	}, Options{})
	want := &Accounts{
		Users: map[string]int{"root": 0, "dune": 1001}, Groups: map[string]int{"root": 0, "dune": 1001, "adm": 4, "short": 5},
		InGroups: map[string][]string{"root": {"root"}, "dune": {"adm", "dune"}}, Services: []string{"files", "systemd"},
	}
	if diff := cmp.Diff(want, s.Accounts); diff != "" {
		t.Error(diff)
	}
	if !s.Accounts.Complete() {
		t.Error("files and systemd are complete")
	}
	if (&Accounts{Services: []string{"files", "sss"}}).Complete() {
		t.Error("sss may hold more")
	}
	if load(t, map[string]string{}, Options{}).Accounts != nil {
		t.Error("no /etc/passwd, want no accounts")
	}
}

func TestPinned(t *testing.T) {
	const dir = "/var/spool/arc/jobstatus/tokenissuers/"
	s := load(t, map[string]string{
		"/etc/arc.conf":    smallest + "[arex]\n",
		dir + "a/issuer":   "https://issuer.example.org/dune",
		dir + "a/metadata": "{}",
		dir + "a/keys":     `{"keys":[]}`,
		dir + "b/issuer":   "https://issuer.example.org/other\n",
		dir + "b/metadata": "no JSON",
		dir + "b/keys":     "",
	}, Options{})
	var got []string
	for _, p := range s.Pinned {
		line := p.Dir + " " + p.Issuer
		if p.Err != nil {
			line += " " + strings.ReplaceAll(p.Err.Error(), "\n", "; ")
		}
		got = append(got, line)
	}
	want := []string{
		dir + "a https://issuer.example.org/dune",
		dir + "b https://issuer.example.org/other\n keys: is empty; metadata: is not JSON",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	old := load(t, map[string]string{"/etc/arc.conf": smallest + "[arex]\n", dir + "a/issuer": "x"}, Options{ARCVersion: "6.17.0"})
	if len(old.Pinned) != 0 {
		t.Error("6.17 reads no pinned issuers")
	}
}

func TestClientCADirs(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                       {GridCADir},
		"x509_cert_dir=\n":                       {GridCADir},
		"x509_cert_dir=/etc/custom\n":            {"/etc/custom"},
		"x509_cert_dir=/etc/custom:/etc/other\n": {"/etc/custom", "/etc/other"},
	} {
		s := load(t, map[string]string{"/etc/arc.conf": "[common]\n" + text}, Options{})
		if diff := cmp.Diff(want, s.ClientCADirs()); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestUnreadable(t *testing.T) {
	denied := tree(t, map[string]string{"/etc/arc.conf": smallest})
	if err := denied.Deny("/etc/arc.conf"); err != nil {
		t.Fatal(err)
	}
	directory := rootfs.NewMem()
	if err := directory.Mkdir("/etc/arc.conf", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		tree rootfs.FS
		want string
	}{
		{"no arc.conf", rootfs.NewMem(), "/etc/arc.conf: does not exist in this root; give --root or --config"},
		{"denied", denied, "may not be read by this user"},
		{"a directory", directory, "is not a regular file"},
		{"too large", tree(t, map[string]string{"/etc/arc.conf": strings.Repeat("#", 32<<20+1)}), "is too large to be an arc.conf"},
	} {
		_, err := Load(tt.tree, Options{Now: now})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", tt.name, err, tt.want)
		}
	}
	if _, err := Load(tree(t, map[string]string{"/etc/arc.conf": smallest}), Options{Now: now, ARCVersion: "seven"}); err == nil {
		t.Error("version seven, want an error")
	}
}

func TestNamedPath(t *testing.T) {
	s := load(t, map[string]string{
		"/etc/arc.conf":    smallest + "[arex]\nsessiondir=/var/session drain\ncontroldir=/var/control\n",
		"/var/session/a/b": "",
	}, Options{})
	if n, ok := s.NamedPath("/var/session/"); !ok || n.Err != nil || !n.Mode.IsDir() {
		t.Errorf("/var/session: %+v, %v", n, ok)
	}
	if n, ok := s.NamedPath("/var/control"); !ok || n.Err == nil {
		t.Errorf("/var/control: %+v, %v, want that it does not exist", n, ok)
	}
	if _, ok := s.NamedPath("/elsewhere"); ok {
		t.Error("/elsewhere was not named")
	}
}

func TestOnce(t *testing.T) {
	type keyA struct{}
	type keyB struct{}
	s, calls := &Site{}, 0
	count := func() int { calls++; return calls }
	if a, again, b := Once(s, keyA{}, count), Once(s, keyA{}, count), Once(s, keyB{}, count); a != 1 || again != 1 || b != 2 {
		t.Errorf("got %d, %d, %d", a, again, b)
	}
	failed := errors.New("x")
	if got := Once(s, "error", func() error { return failed }); !errors.Is(got, failed) {
		t.Error(got)
	}
}
