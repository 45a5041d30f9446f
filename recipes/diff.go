package recipes

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"arclint/internal/prose"
	"arclint/internal/source"
)

// Diff writes a unified diff of the text files that the plan edits, writes or
// removes; what stands there now is compared where the plan knows it. Other
// actions stand in it as lines beginning with "#", which patch(1) passes over.
func Diff(w io.Writer, p Plan) error {
	steps, err := p.steps()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	for _, a := range steps {
		if err := diffAction(&out, a); err != nil {
			return err
		}
	}
	_, err = w.Write(out.Bytes())
	return err
}

func diffAction(out *bytes.Buffer, a Action) error {
	switch a := a.(type) {
	case EditConf:
		f, err := fileOf(a.Edits)
		if err != nil {
			return err
		}
		after, err := source.Apply(f, a.Edits)
		if err != nil {
			return err
		}
		out.Write(FileDiff(a.Path, f.Data, after))
		return nil
	case WriteFile:
		if isVisible(string(a.Content)) {
			out.Write(FileDiff(a.Path, dataOf(a.Was), a.Content))
			return nil
		}
	case Remove:
		if a.Was != nil {
			out.Write(FileDiff(a.Path, a.Was.Data, nil))
			return nil
		}
	}
	fmt.Fprintf(out, "# %s\n", comment(describe(a)))
	return nil
}

// FileDiff is the unified diff of one file. Nil stands for no file.
func FileDiff(path string, before, after []byte) []byte {
	name := func(prefix string, data []byte) string {
		if data == nil {
			return "/dev/null"
		}
		if !strings.HasPrefix(path, "/") {
			prefix += "/"
		}
		return prefix + headerName(path)
	}
	text := diff.Diff(name("a", before), before, name("b", after), after)
	_, text, _ = bytes.Cut(text, []byte("\n")) // its first line is "diff a b"
	if shown := prose.SafeLines(string(text)); shown != string(text) {
		return append([]byte(notApplicable), shown...)
	}
	return text
}

// notApplicable stands above a diff in which bytes of the site are shown in place
// of standing there: a diff is read on terminals first.
const notApplicable = "# Bytes that would act on a terminal are shown as \\xHH or \\u{HHHH} here: patch cannot apply these lines, the script can.\n"

// headerName quotes a path with characters that would end a header line.
func headerName(path string) string {
	if comment(path) == path && !strings.ContainsAny(path, "\"\\") {
		return path
	}
	return fmt.Sprintf("%q", path)
}

func dataOf(f *source.File) []byte {
	if f == nil {
		return nil
	}
	return f.Data
}
