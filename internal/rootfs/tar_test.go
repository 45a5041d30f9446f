package rootfs

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"
)

func pack(t testing.TB, w io.Writer, headers ...*tar.Header) {
	t.Helper()
	out := tar.NewWriter(w)
	for _, h := range headers {
		must(t, out.WriteHeader(h))
		if _, err := io.CopyN(out, bytes.NewReader(bytes.Repeat([]byte("x"), int(h.Size))), h.Size); err != nil {
			t.Fatal(err)
		}
	}
	must(t, out.Close())
}

func file(name string, size int64) *tar.Header {
	return &tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o640, Uid: 1, Gid: 2, Size: size, ModTime: time.Unix(1000, 0)}
}

func TestTar(t *testing.T) {
	headers := []*tar.Header{
		{Name: "./", Typeflag: tar.TypeDir, Mode: 0o711},
		{Name: "late", Typeflag: tar.TypeLink, Linkname: "./etc/a"},
		{Name: "lost", Typeflag: tar.TypeLink, Linkname: "nowhere"},
		file("./etc/a", 3),
		file("/abs", 1),
		file("../../up", 2),
		{Name: "etc/link", Typeflag: tar.TypeSymlink, Linkname: "/etc/a"},
		{Name: "hard", Typeflag: tar.TypeLink, Linkname: "etc/a"},
		{Name: "fifo", Typeflag: tar.TypeFifo, Mode: 0o600},
		{Name: "null", Typeflag: tar.TypeChar, Mode: 0o666, Devmajor: 1, Devminor: 3},
		{Name: "usr/lib", Typeflag: tar.TypeDir, Mode: 0o755, Uid: 5},
		{Name: "lib", Typeflag: tar.TypeSymlink, Linkname: "usr/lib"},
		file("lib/x", 4),
		file("etc/a/below", 1),
		file("big", 100),
	}
	for _, zip := range []bool{false, true} {
		var packed bytes.Buffer
		var w io.WriteCloser = nopCloser{&packed}
		if zip {
			w = gzip.NewWriter(&packed)
		}
		pack(t, w, headers...)
		must(t, w.Close())
		m, err := Tar(&packed, Limits{FileBytes: 50})
		if err != nil {
			t.Fatal(err)
		}
		wantNames(t, names(t, m, "/"), "abs", "big", "etc", "fifo", "hard", "late", "lib", "lost", "null", "up", "usr")
		tests := []struct {
			path string
			size int
			err  error
		}{
			{"/etc/a", 3, nil}, {"/abs", 1, nil}, {"/up", 2, nil}, {"/etc/link", 3, nil}, {"/hard", 3, nil}, {"/late", 3, nil},
			{"/usr/lib/x", 4, nil}, {"/lost", 0, ErrNotRegular}, {"/fifo", 0, ErrNotRegular}, {"/null", 0, ErrNotRegular}, {"/big", 0, ErrTooLarge},
		}
		for _, test := range tests {
			data, _, err := Read(m, test.path, 1000)
			if len(data) != test.size || !errors.Is(err, test.err) {
				t.Errorf("Read(%q) = %d bytes, %v, want %d, %v", test.path, len(data), err, test.size, test.err)
			}
		}
		if info, err := m.Lstat("/etc/a"); err != nil || info.Mode != 0o640 || info.UID != 1 || info.GID != 2 || info.ModTime.Unix() != 1000 {
			t.Errorf("Lstat = %+v, %v", info, err)
		}
		if info, err := m.Lstat("/"); err != nil || info.Mode != fs.ModeDir|0o711 {
			t.Errorf("Lstat(/) = %+v, %v", info, err)
		}
	}
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func TestTarLimits(t *testing.T) {
	tests := []struct {
		name   string
		limits Limits
		want   error
	}{
		{"entries", Limits{Entries: 1}, ErrTooMany},
		{"names", Limits{NameBytes: 500}, ErrTooMany},
		{"total", Limits{TotalBytes: 2000}, ErrTooLarge},
		{"total of files that are not kept", Limits{TotalBytes: 2000, FileBytes: 10}, ErrTooLarge},
		{"none", Limits{}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var packed bytes.Buffer
			pack(t, &packed, file("a", 1000), file("b", 1000))
			if _, err := Tar(&packed, test.limits); !errors.Is(err, test.want) {
				t.Errorf("err = %v, want %v", err, test.want)
			}
		})
	}
}

// TestTarKept: what there is no room for is listed, and reading it says why it is
// not there. Names that no path of Linux has are counted.
func TestTarKept(t *testing.T) {
	var packed bytes.Buffer
	deep := strings.Repeat("a/", maxDepth) + "x"
	pack(t, &packed, file("a", 1000), file("b", 1000), file(deep, 1), file(strings.Repeat("b", maxName), 1), &tar.Header{Name: "c", Typeflag: tar.TypeLink, Linkname: "a"})
	m, err := Tar(&packed, Limits{KeptBytes: 1500})
	if err != nil {
		t.Fatal(err)
	}
	if data, _, err := Read(m, "/c", 1000); len(data) != 1000 || err != nil {
		t.Errorf("Read(/c) = %d bytes, %v", len(data), err)
	}
	if _, info, err := Read(m, "/b", 1000); !errors.Is(err, ErrBudget) || info.Size != 1000 {
		t.Errorf("Read(/b) = %+v, %v, want ErrBudget", info, err)
	}
	if first, n := m.LeftOut(); first != "/"+deep || n != 2 {
		t.Errorf("LeftOut = %.20q, %d", first, n)
	}
}

func FuzzTar(f *testing.F) {
	var packed bytes.Buffer
	pack(f, &packed, file("a", 3), &tar.Header{Name: "l", Typeflag: tar.TypeSymlink, Linkname: "../a"}, &tar.Header{Name: "h", Typeflag: tar.TypeLink, Linkname: "l"})
	f.Add(packed.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Tar(bytes.NewReader(data), Limits{Entries: 100, TotalBytes: 1 << 20})
		if err != nil {
			return
		}
		entries, err := m.ReadDir("/")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Path != "/"+e.Name() {
				t.Errorf("entry %q outside the root", e.Path)
			}
			_, _, _ = Read(m, e.Path, 1000)
		}
	})
}
