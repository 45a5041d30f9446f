package authz

import (
	"errors"
	"io/fs"

	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var mapfileMissing = &lint.Rule{
	ID:    "authz/mapfile-missing",
	Title: "A file of subjects that arc.conf names is not there",
	Why: "A file= rule whose file cannot be read fails, and ARC looks at no rule below it in the group. Members that were matched before stay members, all others are kept out. " +
		"A map_with_file without its file makes ARC refuse every member of the group. A directory in its place is an empty list: no subject matches, and a !file= has everybody as a member. " +
		"On ARC 6 nobody is in a [userlist:name] whose outfile= is not there: nordugridmap makes the file, and it has not run.",
	Source:   "arc-behaviour A7, B7, B8",
	Impact:   lint.Outage,
	Facts:    []string{"A7", "B8"},
	Severity: lint.Error,
	Action:   "Install the list of subjects there.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write the list, one subject a line, in double quotes. For map_with_file, write
the name of the account behind each subject.

    "/DC=org/DC=example/CN=Jane Doe" jane

Install it so that only root can change it:

    install -o root -g root -m 0644 LIST /etc/grid-security/LIST

If a program makes the list, run the program and read what it says. Remove the
rule only after a look at its sign: without its -file= line, those on the list
may get in.

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, use := range mapUses(s) {
			if use.Dir {
				reportDirectory(r, use)
				continue
			}
			what, wrong := failureOf(s, r, use.MapFile)
			if !wrong {
				continue
			}
			effect := endsGroup
			if use.accounts {
				effect = "ARC refuses every member of " + use.group + "."
			}
			r.At(use.named.Span, "%s %s", use.named.Text, what).Means("%s", effect).About(use.group + " " + use.Path)
		}
		checkOutfiles(s, r)
	},
}

// reportDirectory speaks of a directory, which ARC reads as a list without a subject.
func reportDirectory(r *lint.Reporter, use mapUse) {
	effect, impact, risk := "The rule matches nobody.", lint.Outage, lint.Risk("")
	switch {
	case use.inverted:
		effect, impact, risk = "With the ! it matches everybody.", lint.Intrusion, lint.Critical
	case use.accounts:
		effect = "The rule maps nobody, and ARC asks the next one."
	}
	r.At(use.named.Span, "%s is a directory", use.named.Text).Means("%s", effect).Impacts(impact, risk).
		Do("Name a file with a list of subjects.").About(use.group + " " + use.Path)
}

// failureOf says what is wrong with a list of subjects for ARC. Where nothing is, or
// where only this run cannot know, wrong is false; what is not known is skipped.
func failureOf(s *site.Site, r *lint.Reporter, m *gridsec.MapFile) (what string, wrong bool) {
	missing := errors.Is(m.Err, fs.ErrNotExist)
	switch {
	case m.Dir:
		return "is a directory", true
	case m.Err == nil:
		return "", false
	case missing && s.NotCopied(m.Path):
		r.Skip("%s is not in this copy of the site, so its subjects are not known", m.Path)
		return "", false
	case errors.Is(m.Err, fs.ErrPermission):
		r.Skip("%s may not be read by this user, so its subjects are not known; run as root", m.Path)
		return "", false
	case gridsec.Unseen(m.Err):
		r.Skip("%s was not read, so its subjects are not known: %v", m.Path, reasonOf(m.Err))
		return "", false
	case missing:
		return "does not exist", true
	}
	return "cannot be read", true
}

// reasonOf takes the path away that an error of the file system names.
func reasonOf(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// checkOutfiles looks at the files of the [userlist:name] blocks that the rules of
// ARC 6 name.
func checkOutfiles(s *site.Site, r *lint.Reporter) {
	if !s.Release.UserLists {
		return
	}
	asked := map[string]*authgroup.Rule{}
	for _, t := range authgroup.Rules[*authgroup.UserLists](s.Access) {
		for _, name := range t.Test.Names {
			if asked[name.Text] == nil {
				asked[name.Text] = t.Rule
			}
		}
	}
	for _, b := range s.Conf.Kind("userlist") {
		for _, o := range b.All("outfile") {
			if m := mapFile(s, o.Value.Text); m != nil && (m.Err != nil || m.Dir) && asked[b.ID] != nil {
				reportOutfile(s, r, mapUse{MapFile: m, named: authgroup.Field{Text: o.Value.Text, Span: o.Value.Span}}, asked[b.ID])
			}
		}
	}
}

func reportOutfile(s *site.Site, r *lint.Reporter, m mapUse, rule *authgroup.Rule) {
	what, wrong := failureOf(s, r, m.MapFile)
	if !wrong {
		return
	}
	r.At(m.named.Span, "%s %s", m.Path, what).Means("Nobody is in the list, and a rule userlist= matches nobody by it.").
		Do("Run nordugridmap, which makes the list, and read what it says.").
		About(rule.Group.Name+" "+m.Path).Relate(rule.Option.Line, "this rule asks for it")
}
