package authz

import (
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/site"
)

// mapUse is a file of subjects and the line of arc.conf that names it.
type mapUse struct {
	*gridsec.MapFile
	named    authgroup.Field
	group    string
	accounts bool // from map_with_file: the second word is an account
	inverted bool // from !file=
}

// mapUses are the files that file= and map_with_file name.
func mapUses(s *site.Site) []mapUse {
	p := access.Model(s)
	var found []mapUse
	add := func(path authgroup.Field, use mapUse) {
		if use.MapFile = mapFile(s, path.Text); use.MapFile != nil {
			use.named = path
			found = append(found, use)
		}
	}
	for _, t := range authgroup.Rules[*authgroup.File](p.Document) {
		add(t.Test.Path, mapUse{group: t.Group.Name, inverted: t.Inverted})
	}
	if p.Mapping == nil {
		return found
	}
	for _, m := range p.Mapping.Rules {
		if m.Kind == authgroup.MapWithFile {
			add(m.Target, mapUse{group: m.Group.Text, accounts: true})
		}
	}
	return found
}

// mapFile is the file as it was read; nil for a path that was not looked at.
func mapFile(s *site.Site, path string) *gridsec.MapFile {
	for _, m := range s.Maps {
		if m.Path == path {
			return m
		}
	}
	return nil
}

// entriesOf are the lines of a list of subjects that begin with a subject.
func entriesOf(s *site.Site, path string) []gridsec.MapEntry {
	var found []gridsec.MapEntry
	if m := mapFile(s, path); m != nil {
		for _, e := range m.Entries {
			if isSubject(e) {
				found = append(found, e)
			}
		}
	}
	return found
}

// strangeLine is the first line that does not begin with a subject, 0 if there
// is none. A file with one may be anything, a key or a list of passwords:
// nothing of such a line may stand in a report.
func strangeLine(m *gridsec.MapFile) int {
	for _, e := range m.Entries {
		if !isSubject(e) {
			return e.Subject.Span.Begin().Line
		}
	}
	return 0
}

// isSubject says whether the line begins with something like the name of a
// certificate or the subject of a token.
func isSubject(e gridsec.MapEntry) bool {
	subject := strings.TrimLeft(e.Subject.Text, `"'`)
	return strings.HasPrefix(subject, "/") || access.IsTokenSubject(subject) || isCommaForm(subject)
}

// isCommaForm says whether the text begins as a name in comma form does.
func isCommaForm(text string) bool {
	key, _, ok := strings.Cut(text, "=")
	return ok && strings.Contains(text, ",") && access.CommonType(strings.TrimSpace(key))
}
