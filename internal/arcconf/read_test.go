package arcconf

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"arclint/internal/rootfs"

	"github.com/google/go-cmp/cmp"
)

// tree makes a file tree. A text that begins with "-> " makes a link.
func tree(t *testing.T, files map[string]string) *rootfs.Mem {
	t.Helper()
	m := rootfs.NewMem()
	for path, text := range files {
		var err error
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			err = m.Symlink(target, path)
		} else {
			err = m.WriteFile(path, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func paths(d *Document) []string {
	var found []string
	for _, f := range d.Files {
		found = append(found, f.Path)
	}
	return found
}

func TestRead(t *testing.T) {
	const main = "/etc/arc.conf"
	for _, tt := range []struct {
		name     string
		files    map[string]string
		arc6     bool
		want     []string
		problems string
	}{
		{
			name: "arc.conf alone",
			want: []string{main},
		},
		{
			name: "files of a directory by name, hidden ones too, then sub-directories",
			files: map[string]string{
				main + ".d/b.conf": "", main + ".d/.a.conf": "", main + ".d/10.conf": "",
				main + ".d/B.conf": "", main + ".d/c.conf~": "", main + ".d/readme": "", main + ".d/dconf": "",
				main + ".d/.conf": "", main + ".d/a/z.conf": "", main + ".d/a/a/z.conf": "", main + ".d/a.conf/x.conf": "",
			},
			want: []string{
				main,
				main + ".d/.a.conf", main + ".d/.conf", main + ".d/10.conf", main + ".d/B.conf", main + ".d/b.conf",
				main + ".d/a/z.conf", main + ".d/a/a/z.conf", main + ".d/a.conf/x.conf",
			},
		},
		{
			name:  "ARC 6 reads arc.conf alone",
			files: map[string]string{main + ".d/b.conf": "[x]"},
			arc6:  true,
			want:  []string{main},
		},
		{
			name: "links are followed and keep the name of the link",
			files: map[string]string{
				main + ".d": "-> /srv/conf", "/srv/conf/a.conf": "-> ../one", "/srv/one": "[one]",
				"/srv/conf/dir": "-> /srv/more", "/srv/more/b.conf": "", "/srv/conf/dir.conf": "-> /srv/more",
			},
			want: []string{main, main + ".d/a.conf", main + ".d/dir/b.conf", main + ".d/dir.conf/b.conf"},
		},
		{
			name: "loops end, dangling links and what is no file are problems",
			files: map[string]string{
				main + ".d/a.conf": "", main + ".d/up": "-> .", main + ".d/sub/top": "-> ..", main + ".d/sub/b.conf": "",
				main + ".d/gone.conf": "-> /nowhere", main + ".d/gone": "-> /nowhere", main + ".d/self.conf": "-> self.conf",
			},
			want: []string{main, main + ".d/a.conf", main + ".d/sub/b.conf"},
			problems: main + ".d/gone.conf unreadable: file does not exist\n" +
				main + ".d/self.conf unreadable: too many levels of symbolic links\n" +
				main + ".d/sub/top link-loop: leads back to /etc/arc.conf.d\n" +
				main + ".d/up link-loop: leads back to /etc/arc.conf.d\n",
		},
		{
			name:  "arc.conf.d is a file",
			files: map[string]string{main + ".d": "[x]"},
			want:  []string{main},
		},
		{
			name:     "too large together",
			files:    map[string]string{main + ".d/a.conf": strings.Repeat("#", maxFile-1), main + ".d/b.conf": "##", main + ".d/c.conf": ""},
			want:     []string{main, main + ".d/a.conf"},
			problems: main + ".d/b.conf too-many: more than 33554432 bytes in arc.conf.d: this one and those after it are not read\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := tree(t, tt.files)
			if err := m.WriteFile(main, []byte("[common]\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			d, err := Read(m, main, Options{ConfD: !tt.arc6})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, paths(d)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.problems, problems(d)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			checkDocument(t, d)
		})
	}
}

func TestReadUnreadable(t *testing.T) {
	m := tree(t, map[string]string{
		"/etc/arc.conf": "", "/etc/arc.conf.d/denied.conf": "", "/etc/arc.conf.d/shut/a.conf": "", "/etc/arc.conf.d/z.conf": "[z]",
	})
	for _, err := range []error{
		m.Deny("/etc/arc.conf.d/denied.conf"),
		m.Deny("/etc/arc.conf.d/shut"),
		m.Special("/etc/arc.conf.d/fifo.conf", fs.ModeNamedPipe),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	d, err := Read(m, "/etc/arc.conf", Options{ConfD: true})
	if err != nil {
		t.Fatal(err)
	}
	want := "/etc/arc.conf.d/denied.conf unreadable: permission denied\n" +
		"/etc/arc.conf.d/fifo.conf unreadable: not a regular file\n" +
		"/etc/arc.conf.d/shut unreadable: permission denied\n"
	if diff := cmp.Diff(want, problems(d)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if d.Block("z") == nil {
		t.Error("the file after the unreadable ones was not read")
	}
}

func TestReadError(t *testing.T) {
	m := tree(t, map[string]string{
		"/etc/large": strings.Repeat("#", maxFile+1), "/etc/dir/x": "", "/etc/loop": "-> loop", "/etc/denied": "",
	})
	if err := m.Deny("/etc/denied"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		"/etc/none":   fs.ErrNotExist,
		"/etc/large":  rootfs.ErrTooLarge,
		"/etc/dir":    rootfs.ErrNotRegular,
		"/etc/loop":   rootfs.ErrLoop,
		"/etc/denied": fs.ErrPermission,
	} {
		d, err := Read(m, path, Options{ConfD: true})
		if d != nil || !errors.Is(err, want) {
			t.Errorf("Read(%s) = %v, %v, want %v", path, d, err, want)
		}
	}
}

// A directory in which every level links twice to the next has twice the paths
// at each level: the walk must end early.
func TestReadIsBounded(t *testing.T) {
	files := map[string]string{"/etc/arc.conf": ""}
	for level := range 30 {
		for _, name := range []string{"a", "b"} {
			files[fmt.Sprintf("/srv/%d/%s", level, name)] = fmt.Sprintf("-> ../%d", level+1)
		}
		files[fmt.Sprintf("/srv/%d/x.conf", level)] = "[common]\n"
	}
	files["/etc/arc.conf.d"] = "-> /srv/0"
	files["/srv/30/x.conf"] = "[common]\n"
	d, err := Read(tree(t, files), "/etc/arc.conf", Options{ConfD: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(d.Files); got > maxFiles+1 {
		t.Errorf("read %d files", got)
	}
	if got := problems(d); !strings.Contains(got, string(TooMany)) || strings.Count(got, "\n") != 1 {
		t.Errorf("problems = %q, want one of the kind %s", got, TooMany)
	}
}
