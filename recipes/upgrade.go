package recipes

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/internal/source"
)

var upgrade = Recipe{
	ID:    "upgrade",
	Title: "make arc.conf ready for the release of --target",
	Keys:  []string{"rest", "tokens", "argus", "public", accessKey},
	Plan:  planUpgrade,
	Can:   always, // it is for the whole site, and its plan says
}

// planUpgrade takes out what the target does not know and writes what it reads
// otherwise in its way. No comment line is touched, and no byte beside the lines
// that change and the blank lines below a gap. What would let more people in than today is not done: the
// recipe asks, and stops where there is no answer. What it cannot do is a step
// by hand.
func planUpgrade(s *site.Site, p Params) (Plan, error) {
	if s.Target == nil {
		return Plan{}, errors.New("to which release? Say it with --target, such as --target 7.2.0")
	}
	if err := readsAsItLooks(s.Conf, p.Flags); err != nil {
		return Plan{}, err
	}
	u := &upgrader{site: s, answers: p.Args, flags: p.Flags, gone: map[*arcconf.Section]bool{}}
	u.values()
	u.userLists()
	u.access()
	u.tokens()
	u.argus()
	u.publicInfo()
	u.removedOptions()
	u.removedBlocks()
	if err := u.undecided(); err != nil {
		return Plan{}, err
	}
	return Plan{
		Meant: Meant{Tokens: u.answers["tokens"] == "yes", LetIn: u.answers["tokens"] == "yes" || u.answers["rest"] == "yes"},
		Title: fmt.Sprintf("make arc.conf ready for ARC %s", s.Target.Release.Version),
		Why: fmt.Sprintf("ARC %s drops blocks that it does not know without an error, and reads others in another way: without these edits the CE starts after the upgrade and does something else than today. "+
			"Comments stay where they are, byte for byte, also those that spoke of what is gone.", s.Target.Release.Version),
		Actions: editsByFile(closeUp(u.edits)),
		Before:  u.before(),
		After:   u.after(),
		Notes:   append(u.ends(), u.notes...),
		Release: s.Target.Release.Version,
	}, nil
}

// undecided asks what only a person can decide. Where an answer is not enough,
// since arc.conf must be changed first, it says that instead.
func (u *upgrader) undecided() error {
	text := "the upgrade would change who gets in, decide first: " + strings.Join(append(slices.Clone(u.blocked), u.questions...), "; ")
	switch {
	case len(u.blocked) > 0:
		return errors.New(text)
	case len(u.questions) > 0:
		return needsAnswers(text, u.asked...)
	}
	return nil
}

// readsAsItLooks refuses an arc.conf with lines that belong elsewhere than
// where they stand: taking out a block would take them along, or leave them to
// another.
func readsAsItLooks(d *arcconf.Document, flags Flags) error {
	for _, p := range d.Problems {
		switch p.Kind {
		case arcconf.IndentedComment, arcconf.SemicolonComment, arcconf.Unreadable, arcconf.LinkLoop, arcconf.TooMany:
		default:
			at := p.Span.Begin()
			return fmt.Errorf("%s:%d: a line that ARC does not read as it looks (%s): repair it first, `%s` says how",
				p.Span.Path(), at.Line, p.Kind, flags.Without("--target").Command("check"))
		}
	}
	return nil
}

// upgrader is a plan in the making.
type upgrader struct {
	site      *site.Site
	answers   map[string]string
	flags     Flags // with which the site was read
	edits     []source.Edit
	gone      map[*arcconf.Section]bool // sections that keep their place under another header
	list      []string                  // the lines of the access list of [arex/ws/jobs] after the edits
	questions []string                  // that an answer of --set decides
	asked     []string                  // their keys
	blocked   []string                  // what must be changed in arc.conf by hand first
	later     []string                  // steps by hand after the packages are there
	notes     []string
}

// leaves says whether the site's release knows a block and the target does not.
func (u *upgrader) leaves(kind string) bool {
	return u.site.Release.Ref.Block(kind) != nil && u.site.Target.Release.Ref.Block(kind) == nil
}

// gains says whether the target does what the site's release does not.
func (u *upgrader) gains(does func(site.Release) bool) bool {
	return !does(u.site.Release) && does(u.site.Target.Release)
}

func listEnforced(r site.Release) bool     { return r.JobsListEnforced }
func tokensAlways(r site.Release) bool     { return !r.TokensNeedBlock }
func infoPublic(r site.Release) bool       { return r.PublicInfo }
func restOnly(r site.Release) bool         { return !r.EMIES }
func readsConfD(r site.Release) bool       { return r.ConfD }
func scriptsApart(r site.Release) bool     { return r.ContribScripts }
func blankInBenchmark(r site.Release) bool { return r.BenchmarkBlank }

func (u *upgrader) note(format string, args ...any) {
	u.notes = append(u.notes, fmt.Sprintf(format, args...))
}

func (u *upgrader) byHand(format string, args ...any) {
	u.later = append(u.later, fmt.Sprintf(format, args...))
}

// ask gives the answer to a question that only a person can decide. Without
// one of the possible answers the recipe stops.
func (u *upgrader) ask(key, question string, possible ...string) (answer string) {
	answer = u.answers[key]
	for _, p := range possible {
		if answer == p {
			return answer
		}
	}
	u.asked = append(u.asked, key)
	u.questions = append(u.questions, fmt.Sprintf("%s (--set %s=%s)", question, key, strings.Join(possible, " or --set "+key+"=")))
	return ""
}

func (u *upgrader) remove(lines source.Span) {
	if n := len(u.edits); n > 0 && u.edits[n-1].New == "" && u.edits[n-1].Span.File == lines.File && u.edits[n-1].Span.End == lines.Start {
		u.edits[n-1].Span.End = lines.End
		return
	}
	u.edits = append(u.edits, source.Edit{Span: lines})
}

func (u *upgrader) replace(at source.Span, text string) {
	u.edits = append(u.edits, source.Edit{Span: at, New: text})
}

// below writes lines below a header.
func (u *upgrader) below(header source.Span, lines ...string) {
	end := lineEndOf(header)
	at := source.Span{File: header.File, Start: header.End, End: header.End}
	u.replace(at, end+strings.Join(lines, end))
}

// atEnd writes a block at the end of arc.conf.
func (u *upgrader) atEnd(lines ...string) {
	f := u.site.Conf.Main
	last := f.Line(f.Lines())
	end := lineEndOf(f.Line(1))
	text := end + strings.Join(lines, end) + end
	if last.Start < last.End {
		text = end + text
	}
	u.replace(source.Span{File: f, Start: len(f.Data), End: len(f.Data)}, text)
}

// lineEndOf is how the line ends in its file.
func lineEndOf(line source.Span) string {
	if rest := line.File.Data[line.End:]; len(rest) > 0 && rest[0] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// removedBlocks takes out the headers and options of blocks that the target
// does not know.
func (u *upgrader) removedBlocks() {
	for _, sec := range u.site.Conf.Sections {
		kind, _, _ := strings.Cut(sec.Name, ":")
		if !u.leaves(kind) || u.gone[sec] {
			continue
		}
		u.remove(sec.Line.Lines())
		for _, o := range sec.Options {
			u.remove(o.Line.Lines())
		}
	}
}

// removedOptions takes out options that the target does not read, and repeats
// at which it does not start.
func (u *upgrader) removedOptions() {
	for _, b := range u.site.Conf.Blocks {
		was, will := u.site.Release.Ref.Block(b.Kind), u.site.Target.Release.Ref.Block(b.Kind)
		if was == nil || will == nil || was.Free || b.Kind == "authgroup" {
			continue
		}
		for _, o := range b.Options {
			if was.Option(o.Name.Text) != nil && will.Option(o.Name.Text) == nil {
				u.remove(o.Line.Lines())
			}
		}
	}
	if !u.site.Target.Release.OneLRMS {
		return
	}
	all := u.site.Conf.Block("lrms").All("lrms")
	for i, o := range all {
		if i == 0 {
			continue
		}
		if o.Value.Text != all[0].Value.Text {
			u.blocked = append(u.blocked, fmt.Sprintf("lrms is set to %q and to %q, and ARC 7 does not start on two: keep one", all[0].Value.Text, o.Value.Text))
			return
		}
		u.remove(o.Line.Lines())
	}
}

// before is what a person does before the script.
func (u *upgrader) before() []string {
	services := "arc-arex and arc-arex-ws"
	if u.site.Conf.Block("gridftpd") != nil {
		services = "arc-arex, arc-arex-ws and arc-gridftpd"
	}
	return []string{fmt.Sprintf("stop %s: the script leaves an arc.conf for ARC %s, on which the release of today need not start", services, u.site.Target.Release.Version)}
}

// after is what a person does after the script, packages first.
func (u *upgrader) after() []string {
	version := u.site.Target.Release.Version
	var steps []string
	if u.leaves("gridftpd") && u.site.Conf.Block("gridftpd") != nil {
		steps = append(steps, "erase the packages nordugrid-arc-gridftpd and nordugrid-arc-plugins-gridftpjob: they do not work beside ARC 7")
	}
	packages := "update the packages to ARC " + version
	if name := u.lrms(); u.gains(scriptsApart) && slices.Contains(contributed, name) {
		packages += fmt.Sprintf(", and install nordugrid-arc-arex-lrms-contrib: it holds the scripts of %s in ARC 7", name)
	}
	steps = append(steps, packages)
	if common := u.site.Conf.Block("common"); u.gains(readsConfD) && (common.First("x509_host_key") != nil || common.First("x509_host_cert") != nil) {
		d := u.site.Config + ".d"
		steps = append(steps, fmt.Sprintf("remove %s/00-testCA-hostcert.conf and %s/10-testCA-access.conf where the packages made them: "+
			"the first sets x509_host_key and x509_host_cert once more, which breaks TLS, and the second admits the users of the test CA", d, d))
	}
	steps = append(steps, u.later...)
	if u.gains(restOnly) {
		steps = append(steps, "tell users and brokers to submit by REST, as gridftp and EMI-ES are gone, and let scripts that read the control directory ask `arcctl job path`")
	}
	check := u.flags.Without("--arc-version", "--target").Command("check", "--arc-version", version)
	step := fmt.Sprintf("run `%s` and `arcctl config verify`, and start the services", check)
	if names := u.calledErrors(); len(names) > 0 {
		step += fmt.Sprintf(". verify calls %s errors, since its list of names lacks them: ARC %s reads them, and the lines stay", listed(names), version)
	}
	return append(steps, step)
}

// contributed are the batch systems whose scripts ARC 7 has in a package of their own.
var contributed = []string{"boinc", "ll", "lsf", "pbs", "pbspro", "sge"}

func (u *upgrader) lrms() string {
	o := u.site.Conf.Block("lrms").First("lrms")
	if o == nil {
		return ""
	}
	name, _, _ := strings.Cut(strings.ReplaceAll(o.Value.Text, "\t", " "), " ")
	return name
}
