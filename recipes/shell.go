package recipes

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"arclint/internal/prose"
	"arclint/internal/source"
)

// Shell writes the plan as a POSIX shell script for root on the CE. The script
// needs the usual tools of the system only (it names what is missing), keeps
// what it changes, and writes the script that takes everything back.
func Shell(w io.Writer, p Plan) error {
	steps, err := p.steps()
	if err != nil {
		return err
	}
	s := script{plan: p, used: map[string]bool{"base": true, "check": true}}
	for _, a := range steps {
		if err := s.step(a); err != nil {
			return err
		}
	}
	s.conditions()
	_, err = w.Write(s.assemble())
	return err
}

// script is a script in the making: the parts grow as steps are added.
type script struct {
	plan     Plan
	slots    int // steps so far; each has a slot of its own in the backup
	used     map[string]bool
	tools    []string
	made     []string // directories that the steps make
	ready    strings.Builder
	body     strings.Builder
	verify   strings.Builder
	rollback []string // in the order of the steps
	units    bool     // files of systemd are written
}

// call writes a call of a function of the library with quoted arguments.
func (s *script) call(to *strings.Builder, function string, args ...string) {
	s.used[function] = true
	to.WriteString(command(function, args...) + "\n")
}

func command(name string, args ...string) string {
	words := []string{name}
	for _, a := range args {
		words = append(words, quote(a))
	}
	return strings.Join(words, " ")
}

func (s *script) slot() string {
	s.slots++
	return fmt.Sprintf("%03d", s.slots)
}

// check adds a check to the verification at the end.
func (s *script) check(text, function string, args ...string) {
	s.used[function] = true
	s.call(&s.verify, "check", append([]string{text, function}, args...)...)
}

// undo adds a line to the rollback script.
func (s *script) undo(function string, args ...string) {
	s.rollback = append(s.rollback, command(function, args...))
}

func (s *script) step(a Action) error {
	fmt.Fprintf(&s.body, "\n# %s\n", comment(describe(a)))
	switch a := a.(type) {
	case WriteFile:
		s.writeFile(a)
	case Link:
		s.parent(a.Path)
		slot := s.slot()
		s.call(&s.body, "make_link", slot, a.Path, a.Target)
		s.undo("restore", slot, a.Path)
		s.check(a.Path+" is a link to "+a.Target, "has_link", a.Path, a.Target)
	case Remove:
		s.safe(a.Path)
		slot, function := s.slot(), "remove"
		if a.Tree {
			function = "remove_tree"
		}
		s.call(&s.body, function, slot, a.Path)
		s.undo("restore", slot, a.Path)
		s.check(a.Path+" is gone", "is_gone", a.Path)
	case Chmod:
		slot := s.slot()
		s.call(&s.body, "set_mode", slot, a.Path, octal(a.Mode))
		s.undo("restore", slot, a.Path)
		s.check(a.Path+" has mode "+octal(a.Mode), "has_mode", a.Path, octal(a.Mode))
	case Chown:
		slot := s.slot()
		s.call(&s.body, "set_owner", slot, a.Path, a.Owner.word())
		s.undo("restore", slot, a.Path)
		s.check(a.Path+" belongs to "+a.Owner.say(), "has_owner", a.Path, a.Owner.word())
	case Mkdir:
		s.parent(a.Path)
		s.made = append(s.made, a.Path)
		slot := s.slot()
		s.call(&s.body, "make_dir", slot, a.Path, octal(a.Mode), a.Owner.word())
		s.undo("restore", slot, a.Path)
		s.check(a.Path+" is a directory", "is_dir", a.Path)
	case EditConf:
		return s.edit(a)
	case Run:
		s.run(a)
	case RunTool:
		s.runTool(a)
	case Assert:
		text, function, args := shellCheck(a.Check)
		s.used[function], s.used["require"] = true, true
		fmt.Fprintf(&s.body, "[ \"$dry_run\" = yes ] || %s\n", command("require", append([]string{text, function}, args...)...))
	case Enable:
		slot := s.slot()
		s.tools = append(s.tools, "systemctl")
		s.call(&s.body, "enable_unit", slot, a.Unit)
		s.undo("disable_unit", slot, a.Unit)
		s.check(a.Unit+" is enabled and active", "enabled", a.Unit)
	default:
		return fmt.Errorf("the shell renderer does not know the action %T", a)
	}
	return nil
}

func (s *script) writeFile(a WriteFile) {
	s.parent(a.Path)
	s.units = s.units || strings.HasPrefix(a.Path, unitDir+"/")
	slot := s.slot()
	if isVisible(string(a.Content)) {
		s.call(&s.body, "content", string(a.Content))
	} else {
		s.tools = append(s.tools, "base64")
		s.call(&s.body, "content64", base64.StdEncoding.EncodeToString(a.Content))
	}
	s.call(&s.body, "write_file", slot, a.Path, octal(a.Mode), a.Owner.word())
	s.undo("restore", slot, a.Path)
	s.check(a.Path+" is as written", "has_sum", a.Path, sumOf(a.Content))
	s.check(a.Path+" has mode "+octal(a.Mode), "has_mode", a.Path, octal(a.Mode))
}

// edit writes the new file as pieces of the old one and the new texts, so that
// the reader sees what changes. The checksums make the offsets safe.
func (s *script) edit(a EditConf) error {
	f, err := fileOf(a.Edits)
	if err != nil {
		return err
	}
	after, err := source.ApplyReal(f, a.Edits)
	if err != nil {
		return err
	}
	edits, err := source.Spare(f, a.Edits) // what is hidden is a piece of the old file
	if err != nil {
		return err
	}
	slot, before, sum := s.slot(), sumOf(f.Real()), sumOf(after)
	s.tools = append(s.tools, "sha256sum")
	s.call(&s.ready, "edit_ready", a.Path, before, sum)
	s.used["edit"] = true
	b := &s.body
	b.WriteString(command("start_edit", slot, a.Path, before, sum) + "\n")
	b.WriteString("if [ \"$editing\" = yes ]; then\n\t{\n")
	at := 0
	for _, e := range inOrder(edits) {
		s.piece(at, e.Span.Start)
		fmt.Fprintf(b, "\t\t# line %d\n", f.Position(e.Span.Start).Line)
		if old := e.Span.Text(); old != "" {
			for line := range strings.SplitSeq(strings.TrimSuffix(old, "\n"), "\n") {
				fmt.Fprintf(b, "\t\t# was: %s\n", comment(line))
			}
		}
		if e.New != "" {
			fmt.Fprintf(b, "\t\tprintf %%s %s\n", quote(e.New))
		}
		at = e.Span.End
	}
	s.piece(at, len(f.Data))
	b.WriteString("\t} >\"$tmp/content\"\n\t" + command("finish_edit", a.Path, sum) + "\nfi\n")
	s.undo("restore", slot, a.Path)
	s.check(a.Path+" is as edited", "has_sum", a.Path, sum)
	return nil
}

func (s *script) piece(from, to int) {
	if from < to {
		fmt.Fprintf(&s.body, "\t\tbytes %d %d\n", from, to-from)
	}
}

// inOrder is the edits as source.Apply makes them: sorted, equal ones once.
func inOrder(edits []source.Edit) []source.Edit {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b source.Edit) int { return a.Span.Start - b.Span.Start })
	return slices.Compact(sorted)
}

func (s *script) run(a Run) {
	s.tools = append(s.tools, a.Argv[0])
	call := command("run", append([]string{a.Why, a.Expect}, a.Argv...)...)
	if a.Argv[0] != "systemctl" {
		slot := s.slot()
		s.used["mark"] = true
		call = "[ -n \"$root\" ] || [ \"$dry_run\" = yes ] || " + command("mark", slot, "ran") + "\n" + call
		s.undo("not_undone", slot, strings.Join(a.Argv, " "))
	}
	s.used["run"] = true
	if a.OnChange {
		s.used["changes"] = true
		call = "if changes; then\n\t" + call + "\nfi"
	}
	s.body.WriteString(call + "\n")
}

func (s *script) runTool(a RunTool) {
	s.tools = append(s.tools, a.Needs...)
	s.used["run_tool"] = true
	b := &s.body
	fmt.Fprintf(b, "if [ \"$dry_run\" = yes ]; then\n\t%s\nelse\n", command("say", "would run "+a.Path+": "+a.Why))
	var saved []string
	for _, p := range a.Touches {
		s.safe(p)
		slot := s.slot()
		saved = append(saved, slot)
		s.used["save"] = true
		fmt.Fprintf(b, "\t%s\n", command("save", slot, p))
		s.undo("restore", slot, p)
	}
	slot := s.slot()
	fmt.Fprintf(b, "\t%s\n", command("run_tool", append([]string{slot, strings.Join(saved, " "), a.Why, a.Path}, a.Args...)...))
	b.WriteString("fi\n")
	if a.Undo != nil {
		s.undo("undo", append([]string{slot, a.Path}, a.Undo...)...)
	}
}

// parent asks for the parent directory, unless a step makes it.
func (s *script) parent(p string) {
	if dir := path.Dir(p); !slices.Contains(s.made, dir) {
		s.made = append(s.made, dir)
		s.call(&s.ready, "need_dir", dir)
	}
}

// safe asks before anything is changed that root may work where p stands.
func (s *script) safe(p string) {
	call := command("safe_dir", path.Dir(p)) + "\n"
	if s.used["safe_dir"] = true; !strings.Contains(s.ready.String(), call) {
		s.ready.WriteString(call)
	}
}

// conditions adds what the plan asks for before and after.
func (s *script) conditions() {
	for _, c := range s.plan.Require {
		text, function, args := shellCheck(c)
		s.used[function], s.used["require"] = true, true
		s.ready.WriteString(command("require", append([]string{text, function}, args...)...) + "\n")
	}
	for _, c := range s.plan.Verify {
		text, function, args := shellCheck(c)
		s.check(text, function, args...)
	}
	for _, function := range []string{"anchored", "not_anchored", "still_verifies", "fresh_crls"} {
		if s.used[function] {
			s.tools = append(s.tools, "openssl")
		}
	}
}

// shellCheck is the sentence for a check and the call that answers it.
func shellCheck(c Check) (text, function string, args []string) {
	switch c := c.(type) {
	case DirExists:
		return c.Path + " is a directory", "is_dir", []string{c.Path}
	case Exactly:
		return c.Path + " is byte for byte what it must be", "has_sum", []string{c.Path, sumOf(c.Content)}
	case NotEmpty:
		return c.Path + " has content", "not_empty", []string{c.Path}
	case Anchored:
		if c.Not {
			return "OpenSSL does not find " + c.PEM + " in " + c.Dir, "not_anchored", []string{c.Dir, c.PEM}
		}
		return "OpenSSL finds " + c.PEM + " in " + c.Dir, "anchored", []string{c.Dir, c.PEM}
	case StillVerifies:
		return c.Cert + " verifies with " + c.After + " if it did with " + c.Before, "still_verifies", []string{c.Cert, c.Before, c.After}
	case Fresh:
		return "no CRL in " + c.Dir + " has expired", "fresh_crls", []string{c.Dir}
	}
	panic(fmt.Sprintf("the shell renderer does not know the check %T", c))
}

//go:embed shell/frame.sh
var shellFrame string

func (s *script) assemble() []byte {
	s.used["start_backup"] = true
	tools := slices.Compact(slices.Sorted(slices.Values(s.tools)))
	_, frame, _ := sections(shellFrame)
	var out bytes.Buffer
	out.WriteString("#!/bin/sh\n")
	s.explain(&out)
	fmt.Fprintf(&out, "\n%s\nrecipe=%s\n\n", frame["start"], quote(s.plan.Recipe))
	out.WriteString(library(s.need(tools)))
	fmt.Fprintf(&out, "\n# The script that the backup gets.\nrollback_script() {\n\tprintf '%%s' %s\n}\n", quote(s.rollbackScript()))
	out.WriteString("\n# --- before anything is touched ---------------------------------------------\n\n")
	for _, tool := range tools {
		if tool == "systemctl" || slices.Contains(s.systemTools(), tool) {
			fmt.Fprintf(&out, "[ -n \"$root\" ] || need %s\n", quote(tool))
		} else {
			fmt.Fprintf(&out, "need %s\n", quote(tool))
		}
	}
	out.WriteString(s.ready.String())
	out.WriteString("\n# --- the steps --------------------------------------------------------------\n")
	out.WriteString(s.body.String())
	fmt.Fprintf(&out, "\n%s\n%s\n%s", frame["dry_run"], s.verify.String(), frame["end"])
	for _, step := range s.plan.After {
		out.WriteString(command("say", "then by hand: "+comment(step)) + "\n")
	}
	return out.Bytes()
}

// need marks the function that asks for tools as used, where there are any.
func (s *script) need(tools []string) map[string]bool {
	if len(tools) > 0 {
		s.used["need"] = true
	}
	return s.used
}

// systemTools are the commands that are not run under ARCLINT_ROOT.
func (s *script) systemTools() []string {
	var tools []string
	for _, a := range s.plan.Actions {
		if run, ok := a.(Run); ok {
			tools = append(tools, run.Argv[0])
		}
	}
	return tools
}

// explain writes the head of the script: what it does and what to know.
func (s *script) explain(out *bytes.Buffer) {
	p := s.plan
	texts := []string{p.Title, "", p.Why, ""}
	if p.Strategy != "" {
		texts = append(texts, "Strategy: "+p.Strategy, "")
	}
	texts = append(texts, "Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would do. "+
		"A second run changes nothing. What it changes is kept in /var/backups/arclint, with a script that takes it back.")
	for _, step := range p.Before {
		texts = append(texts, "", "First by hand: "+step)
	}
	for _, step := range p.After {
		texts = append(texts, "", "Then by hand: "+step)
	}
	for _, n := range p.Notes {
		texts = append(texts, "", "Note: "+n)
	}
	for _, t := range texts {
		for _, line := range prose.Wrap(comment(t), 76) {
			out.WriteString(strings.TrimRight("# "+line, " ") + "\n")
		}
	}
}

//go:embed shell/rollback.sh
var rollbackStart string

func (s *script) rollbackScript() string {
	var b strings.Builder
	b.WriteString("#!/bin/sh\n# Takes back what the recipe " + comment(s.plan.Recipe) + " did: the last step first.\n")
	_, frame, _ := sections(shellFrame)
	fmt.Fprintf(&b, "\n%s\nrecipe=%s\n\n%s", frame["start"], quote(s.plan.Recipe), rollbackFunctions(s.rollback))
	for _, line := range slices.Backward(s.rollback) {
		b.WriteString(line + "\n")
	}
	if s.units || len(s.plan.Restarts) > 0 {
		b.WriteString("\nif [ -z \"$root\" ]; then\n")
		if s.units {
			b.WriteString("\tsystemctl daemon-reload\n")
		}
		if len(s.plan.Restarts) > 0 {
			b.WriteString("\t" + command("systemctl", append([]string{"try-restart"}, s.plan.Restarts...)...) + "\n")
		}
		b.WriteString("fi\n")
	}
	b.WriteString("\nrm -f -- \"$backups/$recipe.unfinished\"\n")
	b.WriteString("[ \"$kept\" -eq 0 ] || exit 1\nsay \"done, all is as it was before\"\n")
	return b.String()
}

// sections takes a library apart at its lines "### name: other names": the
// sections by name, in their order, and what each needs.
func sections(lib string) (order []string, text map[string]string, needs map[string][]string) {
	text, needs = map[string]string{}, map[string][]string{}
	for part := range strings.SplitSeq(lib, "### ") {
		head, body, ok := strings.Cut(part, "\n")
		name, deps, _ := strings.Cut(head, ":")
		if !ok || name == "" {
			continue
		}
		order = append(order, name)
		text[name] = strings.Trim(body, "\n") + "\n"
		needs[name] = strings.Fields(deps)
	}
	return order, text, needs
}

//go:embed shell/lib.sh
var shellLibrary string

// library is the functions that are used, and those which they call.
func library(used map[string]bool) string { return selected(shellLibrary, used) }

func selected(lib string, used map[string]bool) string {
	order, text, needs := sections(lib)
	wanted := map[string]bool{}
	var want func(name string)
	want = func(name string) {
		if wanted[name] {
			return
		}
		wanted[name] = true
		for _, n := range needs[name] {
			want(n)
		}
	}
	for name := range used {
		want(name)
	}
	var parts []string
	for _, name := range order {
		if wanted[name] {
			parts = append(parts, text[name])
		}
	}
	return strings.Join(parts, "\n")
}

func rollbackFunctions(calls []string) string {
	used := map[string]bool{"back": true}
	for _, c := range calls {
		name, _, _ := strings.Cut(c, " ")
		used[name] = true
	}
	return selected(shellLibrary+"\n"+rollbackStart, used) + "\n"
}

func (o Owner) word() string {
	if o.Like != "" {
		return "=" + o.Like
	}
	return o.text()
}

func (o Owner) say() string {
	if o.Like != "" {
		return "the owner of " + o.Like
	}
	return o.text()
}

func octal(mode fs.FileMode) string { return fmt.Sprintf("%o", uint32(mode)) }

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
