package recipes

import (
	"bytes"
	"cmp"
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
		after, err := edited(f, a.Edits)
		if err != nil {
			return err
		}
		out.Write(FileDiff(a.Path, f, after, instead))
		return nil
	case WriteFile:
		if isVisible(string(a.Content)) {
			out.Write(FileDiff(a.Path, a.Was, source.New(a.Path, a.Content), instead))
			return nil
		}
	case Remove:
		if a.Was != nil {
			out.Write(FileDiff(a.Path, a.Was, nil, instead))
			return nil
		}
	}
	fmt.Fprintf(out, "# %s\n", comment(describe(a)))
	return nil
}

// instead says how the change of a diff that cannot be applied is made.
const instead = "the script of --format shell makes the change"

// edited is the file with the edits made. What it hides stays hidden.
func edited(f *source.File, edits []source.Edit) (*source.File, error) {
	shown, err := source.Apply(f, edits)
	if err != nil {
		return nil, err
	}
	real, err := source.ApplyReal(f, edits)
	return source.NewHidden(f.Path, shown, real), err
}

// FileDiff is the unified diff of one file; nil stands for no file. Where the
// file hides a secret, no hunk reaches its line if that can be avoided. Where it
// cannot, or where bytes would act on a terminal, the diff is a comment, so that
// patch(1) writes no mark in the place of a byte, and says what to do instead.
func FileDiff(path string, before, after *source.File, instead string) []byte {
	name := func(prefix string, f *source.File) (string, *source.File) {
		if f == nil {
			return "/dev/null", source.New(path, nil)
		}
		if !strings.HasPrefix(path, "/") {
			prefix += "/"
		}
		return prefix + headerName(path), f
	}
	old, before := name("a", before)
	now, after := name("b", after)
	// Of the bytes as they are: two secrets of one length are two lines.
	text := diff.Diff(old, before.Real(), now, after.Real())
	_, text, _ = bytes.Cut(text, []byte("\n")) // its first line is "diff a b"
	text, why := withoutSecrets(text, before, after)
	if shown := prose.SafeLines(string(text)); shown != string(text) {
		text, why = []byte(shown), cmp.Or(why, notVisible)
	}
	if why == "" {
		return text
	}
	return asComment(fmt.Sprintf("%s: patch cannot apply this, %s.\n%s", why, instead, text))
}

// notVisible is why a diff is not to be applied in which bytes of the site are
// shown in place of standing there: a diff is read on terminals first.
const notVisible = "Bytes that would act on a terminal are shown as \\xHH or \\u{HHHH} here"

// asComment puts a "#" before each line, which patch(1) passes over.
func asComment(text string) []byte {
	var out bytes.Buffer
	for line := range strings.Lines(text) {
		out.WriteString("# " + line)
	}
	return out.Bytes()
}

// headerName quotes a path with characters that would end a header line.
func headerName(path string) string {
	if comment(path) == path && !strings.ContainsAny(path, "\"\\") {
		return path
	}
	return fmt.Sprintf("%q", path)
}
