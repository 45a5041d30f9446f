package arcconf

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// Options say how ARC reads at this site.
type Options struct {
	ConfD  bool                     // ARC 7 reads arc.conf.d as well; ARC 6 ignores it (arc-behaviour C10)
	Secret func(option string) bool // whether the value of an option is a secret, which is hidden; nil: none is
}

// What is read at most. Sites have an arc.conf of some ten kilobytes.
const (
	maxFile  = 32 << 20 // bytes of arc.conf, and of all of arc.conf.d
	maxFiles = 1000     // of arc.conf.d
	maxDirs  = 1000     // of arc.conf.d
	maxDirIn = 40       // directories within directories, as many as Linux follows links
)

// Read reads the arc.conf at path and, if ARC does so, the files of the
// directory of that name with ".d" behind it, and gives what ARC holds then
// (see Parse).
//
// Only arc.conf itself can make it fail: with fs.ErrNotExist,
// rootfs.ErrNotRegular, rootfs.ErrTooLarge (32 MiB) or what else rootfs.Read
// gives. What cannot be read in arc.conf.d is a Problem.
func Read(fsys rootfs.FS, path string, opts Options) (*Document, error) {
	data, _, err := rootfs.Read(fsys, path, maxFile)
	if err == nil {
		err = takeLines(fsys, path, data)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	main := Hide(path, data, opts.Secret)
	if !opts.ConfD {
		return Parse(main), nil
	}
	w := &walker{fsys: fsys, secret: opts.Secret, paths: rootfs.NewResolver(fsys), left: maxFile}
	w.start(path + ".d")
	d := Parse(main, w.files...)
	d.Problems, d.Unread = append(d.Problems, w.problems...), w.unread
	return d, nil
}

// lineCost is what is kept of a line, in bytes, with what rules say of it.
const lineCost = 1280

func takeLines(fsys rootfs.FS, path string, data []byte) error {
	return rootfs.Spend(fsys, path, int64(bytes.Count(data, []byte("\n"))+bytes.Count(data, []byte("\r")))*lineCost)
}

// walker goes through arc.conf.d as os.walk(followlinks=True) does: first the
// files of a directory, then each directory in it. config.py sorts the files,
// but takes the directories in the order in which the file system lists them.
// Nobody can know that order from the names; here it is that of the names.
type walker struct {
	fsys     rootfs.FS
	secret   func(option string) bool
	paths    *rootfs.Resolver
	files    []*source.File
	unread   []string
	problems []Problem
	dirs     int   // met so far
	left     int64 // bytes that may still be read
	looked   int64 // bytes that were read of files that ARC passes over
	full     bool  // a limit is reached
}

func (w *walker) start(dir string) {
	info, err := w.paths.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		w.problem(Unreadable, dir, cause(err))
	case info.Mode.IsDir():
		w.walk(dir, []string{info.Path})
	}
}

// walk reads the directory dir, as ARC names it. above are the resolved paths
// of the directory itself and of those that led to it.
func (w *walker) walk(dir string, above []string) {
	if w.dirs++; w.dirs > maxDirs {
		w.stop(dir, fmt.Sprintf("more than %d directories", maxDirs))
	}
	if w.full {
		return
	}
	entries, err := w.fsys.ReadDir(above[len(above)-1])
	if err != nil {
		w.problem(Unreadable, dir, cause(err))
		return
	}
	var dirs []rootfs.Info // Path is the resolved one
	var names []string
	for _, e := range entries {
		info, err := w.paths.Stat(e.Path)
		if err == nil && info.Mode.IsDir() {
			dirs, names = append(dirs, info), append(names, e.Name())
		} else if strings.HasSuffix(e.Name(), ".conf") {
			w.read(path.Join(dir, e.Name()), e.Path)
		} else if err == nil && !isSetAside(e.Name()) {
			w.passOver(path.Join(dir, e.Name()), info)
		}
	}
	for i, d := range dirs {
		w.enter(path.Join(dir, names[i]), d.Path, above)
	}
}

// enter walks the directory at dir unless that would go on for ever.
func (w *walker) enter(dir, resolved string, above []string) {
	for _, a := range above {
		if a == resolved {
			w.problem(LinkLoop, dir, "leads back to "+resolved)
			return
		}
	}
	if len(above) == maxDirIn {
		w.problem(TooMany, dir, fmt.Sprintf("more than %d directories within each other", maxDirIn))
		return
	}
	w.walk(dir, append(above[:len(above):len(above)], resolved))
}

// read takes the file that ARC calls name and that stands at at.
func (w *walker) read(name, at string) {
	if len(w.files) == maxFiles {
		w.stop(name, fmt.Sprintf("more than %d files", maxFiles))
	}
	if w.full {
		return
	}
	data, _, err := rootfs.Read(w.fsys, at, w.left)
	if err == nil {
		err = takeLines(w.fsys, at, data)
	}
	switch {
	case errors.Is(err, rootfs.ErrBudget):
		w.stop(name, "more than arclint reads of a site")
	case errors.Is(err, rootfs.ErrTooLarge):
		w.stop(name, fmt.Sprintf("more than %d bytes", maxFile))
	case err != nil:
		w.problem(Unreadable, name, cause(err))
	default:
		w.left -= int64(len(data))
		w.files = append(w.files, Hide(name, data, w.secret))
	}
}

// stop reports that a limit is reached, once, and ends the walk.
func (w *walker) stop(path, what string) {
	if !w.full {
		w.problem(TooMany, path, what+" in arc.conf.d: this one and those after it are not read")
	}
	w.full = true
}

func (w *walker) problem(kind ProblemKind, path, detail string) {
	w.problems = append(w.problems, Problem{Kind: kind, Path: path, Detail: detail})
}

// cause is the reason in err, without the path that Problem names already.
func cause(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return err.Error()
}
