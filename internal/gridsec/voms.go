package gridsec

import (
	"bytes"
	"io/fs"
	"strings"

	"arclint/internal/pattern"
	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// VOMSDir is /etc/grid-security/vomsdir.
type VOMSDir struct {
	Path  string
	Err   error
	VOs   []*VO
	Files []*File // files beside the directories of the VOs, which ARC does not look at
}

// VO is one directory of vomsdir.
type VO struct {
	Name         string
	Path         string
	Err          error // why the directory could not be read
	LSCs         []*LSC
	Certificates []*File
}

// LSC is one *.lsc file: chains of subject, issuer, ... separated by
// "------ NEXT CHAIN ------".
type LSC struct {
	Path     string
	Host     string // file name without .lsc
	Source   *source.File
	Err      error
	Chains   [][]Line
	Problems []Problem

	hidden []hiddenLine
}

// hiddenLine is a line of which nothing is shown.
type hiddenLine struct {
	start, end int
	pattern    bool
}

// Hides says whether what stands between two offsets is not shown, since the file
// may be a link to a secret. pattern says that ARC takes it for a regular expression
// where it stands alone in its chain.
func (l *LSC) Hides(start, end int) (hidden, pattern bool) {
	for _, h := range l.hidden {
		if h.start < end && start < h.end {
			return true, h.pattern
		}
	}
	return false, false
}

// IsPattern says whether ARC takes a line that stands alone in its chain for a
// regular expression (AddElement in VOMSUtil.cpp).
func IsPattern(line string) bool { return strings.ContainsAny(line, "^$*") }

// hide covers a part of a line that is no name.
func (l *LSC) hide(line source.Span, from int) {
	l.hidden = append(l.hidden, hiddenLine{line.Start, line.End, IsPattern(line.Text())})
	source.Hide(l.Source.Data[from:line.End])
}

// VOMSDir reads a directory of VOs. It never fails: VOMSDir.Err says why there
// is nothing.
func (r *Reader) VOMSDir(path string) *VOMSDir {
	d := &VOMSDir{Path: path}
	entries, err := r.list(path)
	if err != nil {
		d.Err = err
		return d
	}
	for _, e := range entries {
		if e.err == nil && e.mode.IsDir() {
			d.VOs = append(d.VOs, r.readVO(e.name, e.path))
		} else if rootfs.Unread(e.err) {
			d.VOs = append(d.VOs, &VO{Name: e.name, Path: e.path, Err: e.err}) // it may be one
		} else {
			d.Files = append(d.Files, r.File(e.path))
		}
	}
	return d
}

func (r *Reader) readVO(name, path string) *VO {
	vo := &VO{Name: name, Path: path}
	entries, err := r.list(path)
	if err != nil {
		vo.Err = err
		return vo
	}
	for _, e := range entries {
		if host, ok := strings.CutSuffix(e.name, ".lsc"); ok {
			vo.LSCs = append(vo.LSCs, r.readLSC(host, e.path))
		} else if e.err != nil || !e.mode.IsDir() {
			vo.Certificates = append(vo.Certificates, r.File(e.path))
		}
	}
	return vo
}

// listed is an entry with what it leads to.
type listed struct {
	name, path string
	mode       fs.FileMode
	err        error
}

func (r *Reader) list(path string) ([]listed, error) {
	at, err := r.resolver.Resolve(path)
	if err != nil {
		return nil, err
	}
	names, err := r.namesIn(at)
	if err != nil {
		return nil, err
	}
	found := make([]listed, len(names))
	r.each(len(names), func(i int) {
		n := names[i]
		l := listed{name: n.Name, path: strings.TrimRight(path, "/") + "/" + n.Name, mode: n.Type}
		if n.Type&fs.ModeSymlink != 0 {
			var info rootfs.Info
			info, l.err = r.resolver.Stat(strings.TrimRight(at, "/") + "/" + n.Name)
			l.mode = info.Mode
		}
		found[i] = l
	})
	return found, nil
}

// readText reads a text that ARC reads line by line, of any length. It is no key
// store: private keys in it are blanked.
func (r *Reader) readText(path string) (*source.File, rootfs.Info, error) {
	info, err := r.resolver.Stat(path)
	if err != nil {
		return nil, info, err
	}
	data, err := r.fsys.ReadFile(info.Path, maxList)
	if err == nil {
		err = rootfs.Spend(r.fsys, info.Path, int64(bytes.Count(data, []byte("\n")))*lineCost)
	}
	if err != nil {
		return nil, info, err
	}
	blankPrivateKeys(data)
	return source.New(path, data), info, nil
}

// lineCost is what is kept of a line of a text beside its bytes.
const lineCost = 800

func (r *Reader) readLSC(host, path string) *LSC {
	l := &LSC{Path: path, Host: host}
	l.Source, _, l.Err = r.readText(path)
	if l.Err == nil {
		l.parse()
	}
	return l
}

// nameForm is how the name of a certificate begins, in either form, or a pattern of one.
var nameForm = pattern.OnDemand(`^\^?(/|(?i:DC|CN|O|OU|C) ?=)`)

// parse takes every line that is not empty for a name, as ARC does: it knows no
// comments and takes no blanks away (getLSC in VOMSUtil.cpp). A chain ends at a
// line with NEXT CHAIN in it.
func (l *LSC) parse() {
	var chain []Line
	end := func() {
		if len(chain) > 0 {
			l.Chains = append(l.Chains, chain)
		}
		chain = nil
	}
	for n := 1; n <= l.Source.Lines(); n++ {
		line := l.Source.Line(n)
		text := line.Text()
		switch {
		case strings.TrimSpace(text) == "":
			l.checkBlank(line, n)
		case strings.Contains(text, "NEXT CHAIN"):
			end()
		case strings.HasPrefix(strings.TrimSpace(text), "#"):
			l.hide(line, line.End-len(bytes.TrimLeft(l.Source.Data[line.Start:line.End], " \t#")))
			l.problem(line, "this line is a comment, which an .lsc file cannot have", "ARC reads the comment as a name of the chain.", "Remove the comment.")
		default:
			l.checkEnds(line, n)
			inner := trim(line)
			if !nameForm().Match(l.Source.Data[inner.Start:inner.End]) {
				l.hide(inner, inner.Start) // it may be a link to a secret
			}
			chain = append(chain, lineAt(l.Source, inner.Start, inner.End))
		}
	}
	end()
	if len(l.Chains) == 0 {
		l.problem(source.Span{File: l.Source}, "the file names no VOMS server", "", "")
	}
}

func (l *LSC) problem(at source.Span, message, means, action string) {
	l.Problems = append(l.Problems, Problem{Span: at, Message: message, Means: means, Action: action})
}

func (l *LSC) checkBlank(line source.Span, n int) {
	if line.Start < line.End || l.endsWithCR(n) {
		l.problem(line, "the line has blanks and nothing else", "ARC reads the blanks as a name of the chain.", "Remove the line.")
	}
}

func (l *LSC) checkEnds(line source.Span, n int) {
	if inner := trim(line); inner.Start != line.Start || inner.End != line.End {
		l.problem(line, "the name has blanks around it", "ARC reads them as a part of the name.", "Remove the blanks.")
	} else if l.endsWithCR(n) {
		l.problem(line, "the line ends with a carriage return", "ARC reads it as a part of the name.", "Remove the carriage return.")
	}
}

func (l *LSC) endsWithCR(n int) bool {
	end := l.Source.Line(n).End
	return end < len(l.Source.Data) && l.Source.Data[end] == '\r'
}
