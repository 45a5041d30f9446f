package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"

	"arclint/fixtures"
	"arclint/internal/rootfs"
)

// scriptCommands are the commands of fixtures/cli beyond those of testscript.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"code":       exitsWith,
	"escapes":    makeEscapes,
	"json":       jsonHolds,
	"keyset":     makeKeySet,
	"listing":    listing,
	"mkfifo":     makeFIFO,
	"site":       makeSite,
	"token":      makeToken,
	"transcript": transcript,
	"truncate":   truncate,
}

// usage stops the script where a command is not used as said.
func usage(ts *testscript.TestScript, ok bool, text string) {
	if !ok {
		ts.Fatalf("usage: %s", text)
	}
}

// exitsWith runs a program and wants an exit code: code 3 arclint check ...
func exitsWith(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 1, "code NUMBER PROGRAM ARGUMENT...")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code, err := 0, ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code, err = exit.ExitCode(), nil
	}
	ts.Check(err)
	if code != want {
		ts.Fatalf("exit %d, want %d", code, want)
	}
}

// transcript runs the lines of FILE that begin with "$ " and writes FILE anew
// into OUT, with what they say: transcript FILE OUT. Lines of standard error
// begin with "2> ", an exit code other than 0 stands in the last line. Lines
// that begin with "#" stay. Then `cmp OUT FILE` compares.
func transcript(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "transcript FILE OUT")
	var out strings.Builder
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			if strings.HasPrefix(line, "#") {
				out.WriteString(line)
			}
			continue
		}
		words := strings.Fields(command)
		err := ts.Exec(words[0], words[1:]...)
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", strings.TrimSpace(command), err)
		}
		out.WriteString(line + ts.ReadFile("stdout"))
		for message := range strings.Lines(ts.ReadFile("stderr")) {
			out.WriteString("2> " + message)
		}
		if exit != nil {
			fmt.Fprintf(&out, "exit %d\n", exit.ExitCode())
		}
		out.WriteString("\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(out.String()), 0o644))
}

// mayBeNull are the members of the machine contract that may be null: none of
// them is an array.
var mayBeNull = map[string]bool{"metadata": true, "jwks": true}

// jsonHolds parses a file ("stdout" too) and wants a value at a path:
// json stdout findings.0.rule conf/syntax. Arrays have a length, and "! json FILE
// PATH" wants nothing at the path. It fails where an array is null.
func jsonHolds(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 3 || neg && len(args) == 2 || !neg && len(args) == 1, "json FILE [PATH VALUE], ! json FILE PATH")
	decoder := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	decoder.UseNumber()
	var root any
	ts.Check(decoder.Decode(&root))
	if _, err := decoder.Token(); err != io.EOF {
		ts.Fatalf("%s: something stands behind the JSON value", args[0])
	}
	for _, place := range nulls(root, "") {
		ts.Fatalf("%s: %s is null", args[0], place)
	}
	if len(args) == 1 {
		return
	}
	value, found := member(root, args[1])
	switch {
	case neg && found:
		ts.Fatalf("%s: %s is there: %v", args[0], args[1], value)
	case !neg && !found:
		ts.Fatalf("%s: %s is not there", args[0], args[1])
	case !neg && fmt.Sprint(value) != args[2]:
		ts.Fatalf("%s: %s is %v, want %s", args[0], args[1], value, args[2])
	}
}

func nulls(value any, at string) []string {
	var found []string
	switch value := value.(type) {
	case map[string]any:
		for name, v := range value {
			if v == nil && !mayBeNull[name] {
				found = append(found, at+"."+name)
			}
			found = append(found, nulls(v, at+"."+name)...)
		}
	case []any:
		for i, v := range value {
			found = append(found, nulls(v, fmt.Sprintf("%s.%d", at, i))...)
		}
	}
	return found
}

func member(value any, where string) (any, bool) {
	name, rest, more := strings.Cut(where, ".")
	ok := false
	switch v := value.(type) {
	case map[string]any:
		value, ok = v[name]
	case []any:
		if name == "length" {
			return len(v), !more
		}
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(v) {
			value, ok = v[i], true
		}
	}
	if !ok || !more {
		return value, ok
	}
	return member(value, rest)
}

// listing writes everything that can be told of the tree DIR, but for the times
// of access, into FILE: listing DIR FILE. The change time shows also what was
// written and put back.
func listing(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "listing DIR FILE")
	root := ts.MkAbs(args[0])
	var out bytes.Buffer
	ts.Check(filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		inode := info.Sys().(*syscall.Stat_t)
		fmt.Fprintf(&out, "%s %v %d:%d links %d inode %d size %d modified %d changed %d\n",
			name, info.Mode(), inode.Uid, inode.Gid, inode.Nlink, inode.Ino, info.Size(), info.ModTime().UnixNano(), changeTime(inode))
		return nil
	}))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out.Bytes(), 0o644))
}

func makeFIFO(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "mkfifo FILE")
	ts.Check(syscall.Mkfifo(ts.MkAbs(args[0]), 0o644))
}

// truncate gives a file a size, without filling the disk: truncate BYTES FILE
func truncate(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "truncate BYTES FILE")
	size, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[1]), size))
}

// makeEscapes writes an arc.conf with a value that sets the title of a terminal:
// no editor shows such bytes in a script.
func makeEscapes(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "escapes FILE")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("[common]\nhostname = \"a\x1b]0;pwn\a\"\n"), 0o644))
}

// makeSite loads the fixture site in the directory FROM (fixtures/README.md
// says what stands there) and writes it as a directory, or as a tar archive if
// the name says so: site FROM TO[.tar|.tar.gz]. Only an archive has the owners.
func makeSite(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "site FROM TO[.tar|.tar.gz]")
	s, err := fixtures.LoadSite(ts.MkAbs(args[0]))
	ts.Check(err)
	to := ts.MkAbs(args[1])
	switch {
	case strings.HasSuffix(to, ".tar"):
		ts.Check(writeArchive(to, s.Tree, func(w io.Writer) io.WriteCloser { return nopCloser{w} }))
	case strings.HasSuffix(to, ".tar.gz"):
		ts.Check(writeArchive(to, s.Tree, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }))
	default:
		ts.Check(writeTree(to, s.Tree))
	}
}

// eachEntry visits everything below "/", a directory before what is in it.
// target is that of a link, data that of a regular file.
func eachEntry(fsys rootfs.FS, dir string, visit func(info rootfs.Info, target string, data []byte) error) error {
	entries, err := fsys.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		var target string
		var data []byte
		switch {
		case e.Mode&fs.ModeSymlink != 0:
			target, err = fsys.Readlink(e.Path)
		case e.Mode.IsRegular():
			data, err = fsys.ReadFile(e.Path, e.Size)
		}
		if err == nil {
			err = visit(e, target, data)
		}
		if err == nil && e.Mode.IsDir() {
			err = eachEntry(fsys, e.Path, visit)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func writeTree(to string, fsys rootfs.FS) error {
	if err := os.Mkdir(to, 0o755); err != nil {
		return err
	}
	return eachEntry(fsys, "/", func(e rootfs.Info, target string, data []byte) error {
		name := filepath.Join(to, filepath.FromSlash(e.Path))
		switch {
		case e.Mode.IsDir():
			return os.Mkdir(name, e.Mode.Perm())
		case e.Mode&fs.ModeSymlink != 0:
			return os.Symlink(target, name)
		case e.Mode.IsRegular():
			return os.WriteFile(name, data, e.Mode.Perm())
		}
		return fmt.Errorf("%s: cannot write a %v", e.Path, e.Mode)
	})
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func writeArchive(to string, fsys rootfs.FS, compress func(io.Writer) io.WriteCloser) error {
	var out bytes.Buffer
	packed := compress(&out)
	w := tar.NewWriter(packed)
	err := eachEntry(fsys, "/", func(e rootfs.Info, target string, data []byte) error {
		header := &tar.Header{
			Name: "." + e.Path, Linkname: target, Mode: int64(e.Mode.Perm()), Size: int64(len(data)),
			Uid: e.UID, Gid: e.GID, ModTime: e.ModTime, Typeflag: tar.TypeReg,
		}
		switch {
		case e.Mode.IsDir():
			header.Typeflag, header.Name = tar.TypeDir, path.Clean(header.Name)+"/"
		case e.Mode&fs.ModeSymlink != 0:
			header.Typeflag = tar.TypeSymlink
		}
		if err := w.WriteHeader(header); err != nil {
			return err
		}
		_, err := w.Write(data)
		return err
	})
	if err := errors.Join(err, w.Close(), packed.Close()); err != nil {
		return err
	}
	return os.WriteFile(to, out.Bytes(), 0o644)
}
