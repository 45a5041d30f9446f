package site

import (
	"path"
	"strings"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// Slurm is what the configuration of Slurm on this host says of its partitions.
type Slurm struct {
	Path       string                 // of slurm.conf
	Partitions map[string]source.Span // by name
	Unknown    string                 // why these may not be all, or not those that jobs get; else empty
}

// Where slurm.conf is, if not below the directory of slurm_bin_path: the default of the
// packages, and that of older ones of Debian.
var slurmConfs = []string{"/etc/slurm/slurm.conf", "/etc/slurm-llnl/slurm.conf"}

const (
	maxSlurmFiles = 32      // with those of Include
	maxSlurmFile  = 4 << 20 // bytes
)

// readSlurm reads slurm.conf where [lrms] names Slurm; nil where there is none here, as
// on a host that gets it from the controller.
func (s *Site) readSlurm(fsys rootfs.FS) {
	words := strings.Fields(s.text("lrms", "lrms", ""))
	if len(words) == 0 || !strings.EqualFold(words[0], "slurm") {
		return
	}
	places := slurmConfs
	if bin := s.text("lrms", "slurm_bin_path", ""); path.IsAbs(bin) && path.Clean(bin) != "/usr/bin" {
		places = append([]string{path.Join(path.Dir(path.Clean(bin)), "etc/slurm.conf")}, places...)
	}
	for _, at := range places {
		r := slurmReader{fsys: fsys, found: &Slurm{Path: at, Partitions: map[string]source.Span{}}}
		if r.file(at) {
			s.Slurm = r.found
			return
		}
	}
}

// slurmReader reads slurm.conf(5) as far as it names partitions.
type slurmReader struct {
	fsys  rootfs.FS
	found *Slurm
	files int // that were asked for
}

// file reads a file and what it includes, and says whether it could be read.
func (r *slurmReader) file(name string) bool {
	r.files++
	data, _, err := rootfs.Read(r.fsys, name, maxSlurmFile)
	if err != nil {
		return false
	}
	f := source.New(name, data)
	for n := 1; n <= f.Lines(); n++ {
		span := f.Line(n)
		text, _, _ := strings.Cut(span.Text(), "#")
		text = strings.TrimSpace(text)
		key, value, _ := strings.Cut(text, "=")
		word, rest, _ := strings.Cut(text, " ")
		switch {
		case strings.HasSuffix(text, `\`) && strings.Contains(strings.ToLower(text), "partitionname"):
			r.unknown(name + " continues lines, which are not read here")
		case strings.EqualFold(word, "include"):
			r.include(name, strings.TrimSpace(rest))
		case strings.EqualFold(strings.TrimSpace(key), "partitionname"):
			r.partition(value, span)
		case strings.EqualFold(strings.TrimSpace(key), "jobsubmitplugins") && strings.TrimSpace(value) != "":
			r.unknown(name + " names JobSubmitPlugins, which may give a job another partition")
		}
	}
	return true
}

func (r *slurmReader) unknown(why string) {
	if r.found.Unknown == "" {
		r.found.Unknown = why
	}
}

func (r *slurmReader) include(from, name string) {
	at := name
	if !path.IsAbs(at) {
		at = path.Join(path.Dir(from), at)
	}
	if r.files >= maxSlurmFiles || name == "" || !r.file(at) {
		r.unknown(from + " includes a file that could not be read here")
	}
}

// partition keeps the names of a line. DEFAULT gives defaults to those below it.
func (r *slurmReader) partition(value string, at source.Span) {
	first, _, _ := strings.Cut(strings.TrimSpace(value), " ")
	first, _, _ = strings.Cut(first, "\t")
	if strings.ContainsAny(first, `[]"'`) {
		r.unknown(at.File.Path + " names partitions in a form that is not read here")
		return
	}
	for name := range strings.SplitSeq(first, ",") {
		if name != "" && !strings.EqualFold(name, "default") {
			r.found.Partitions[name] = at
		}
	}
}
