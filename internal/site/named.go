package site

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"arclint/internal/rootfs"
)

// Named says what stands at a path that arc.conf names.
type Named struct {
	rootfs.Info
	Err error // why nothing can be said of it: fs.ErrNotExist, fs.ErrPermission, ...
}

const maxNamed = 4096 // paths looked at; more than any arc.conf names

// readNamed looks at every absolute path that stands as a word in a value of
// arc.conf and at the directory above it, so that rules can ask without I/O.
func (s *Site) readNamed(fsys rootfs.FS) {
	s.Named = map[string]Named{}
	look := func(word string) { s.lookAt(fsys, word) }
	for _, block := range s.Conf.Blocks {
		for _, o := range block.Options {
			for _, word := range strings.Fields(o.Value.Text) {
				if path.IsAbs(word) {
					look(word)
					look(path.Dir(word))
				}
			}
		}
	}
	if script := s.SubmitScript(); script != "" {
		look(script)
		look(ARCData)
	}
	for _, setting := range [][2]string{{"arex", "controldir"}, {"arex", "sessiondir"}} {
		if word := s.text(setting[0], setting[1], ""); path.IsAbs(word) {
			look(word)
		}
	}
	for _, dir := range s.Conf.Values("arex", "sessiondir", s.Release.Ref) {
		if word, _, _ := strings.Cut(dir.Text, " "); path.IsAbs(word) {
			s.lookAbove(fsys, path.Clean(word))
		}
	}
	look(s.DefaultProxy())
	for _, dir := range append(s.ClientCADirs(), GridSecurity, GridCADir, VOMSDir) {
		if path.IsAbs(dir) {
			look(dir)
			look(path.Dir(dir))
		}
	}
}

func (s *Site) lookAt(fsys rootfs.FS, word string) {
	word = path.Clean(word)
	if _, seen := s.Named[word]; seen || len(s.Named) >= maxNamed {
		return
	}
	info, err := rootfs.Stat(fsys, word)
	s.Named[word] = Named{Info: info, Err: err}
}

// lookAbove looks at a path and at each directory above it, and above where a link there
// leads.
func (s *Site) lookAbove(fsys rootfs.FS, name string) {
	s.lookAt(fsys, name)
	for _, at := range []string{name, s.Named[name].Path} {
		for dir := path.Dir(at); at != "" && dir != "/"; dir = path.Dir(dir) {
			s.lookAt(fsys, dir)
		}
	}
}

// Above are the directories that are above the path of a session directory, and above
// where a link there leads, as far as they are there; the top directory is left out.
func (s *Site) Above(name string) []Named {
	var list []Named
	for _, at := range []string{name, s.Named[name].Path} {
		for dir := path.Dir(path.Clean(at)); at != "" && dir != "/"; dir = path.Dir(dir) {
			n, ok := s.Named[dir]
			if ok && n.Err == nil && !slices.ContainsFunc(list, func(have Named) bool { return have.Path == n.Path }) {
				list = append(list, n)
			}
		}
	}
	return list
}

// isCopy says whether what is not here may stand on the CE all the same.
func (s *Site) isCopy() bool { return s.Root != "/" || s.ConfOnly }

// DefaultProxy is the runtime environment ENV/PROXY, where each job has it without
// asking (arcctl rte default).
func (s *Site) DefaultProxy() string { return path.Join(s.ControlDir(), "rte/default/ENV/PROXY") }

// ARCData is where the packages put the scripts of A-REX.
const ARCData = "/usr/share/arc"

// SubmitScript is the script that submits jobs to the batch system of [lrms];
// "" where arc.conf names none. A-REX writes slurm in capitals (CoreConfig.cpp).
func (s *Site) SubmitScript() string {
	words := strings.Fields(s.text("lrms", "lrms", ""))
	if len(words) == 0 || strings.Contains(words[0], "/") {
		return ""
	}
	name := words[0]
	if name == "slurm" {
		name = "SLURM"
	}
	return ARCData + "/submit-" + name + "-job"
}

// NamedPath is what stands at a path that arc.conf names; ok is false for a
// path that was not looked at.
func (s *Site) NamedPath(name string) (n Named, ok bool) {
	n, ok = s.Named[path.Clean(name)]
	return n, ok
}

// NotCopied says whether nothing is known of a path because this root is a copy
// of a site (not /) that lacks the directory above it: what is missing there
// may well stand on the CE.
func (s *Site) NotCopied(name string) bool {
	above, looked := s.NamedPath(path.Dir(name))
	return s.isCopy() && looked && errors.Is(above.Err, fs.ErrNotExist)
}

// Gone says whether nothing stands at a path that arc.conf names. In a root that
// is not the running host, such as an archive of /etc, that is only known where
// the directory above it is there; the top directory always is, and /usr where it
// has any part of ARC's packages.
func (s *Site) Gone(name string) bool {
	n, looked := s.NamedPath(name)
	if !looked || !errors.Is(n.Err, fs.ErrNotExist) {
		return false
	}
	dir := path.Dir(path.Clean(name))
	above, ok := s.NamedPath(dir)
	return !s.isCopy() || ok && above.Err == nil && dir != "/" && dir != "/usr"
}
