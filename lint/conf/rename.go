package conf

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

// rename says in the finding what the option is called by this release: by ARC's
// own renames, else by the nearest name. The name is put right only where that
// is what was meant: the block does not have the option yet, its value fits, and
// the two names differ by a rename of ARC or by one slip.
func rename(s *site.Site, f *lint.Finding, ref *arcref.Block, b *arcconf.Block, o *arcconf.Option) {
	if now, here := formerly(s, b.Kind, o.Name.Text); len(now) > 0 {
		f.Means("%s Since ARC %s the option is %s.", f.Effect, now[0].Since, renamedTo(now, here)).Do("Move the line there, with its new name.")
		if here {
			f.Do("Write %s.", now[0].Option)
			if authgroup.OfList(now[0].Option) {
				f.As(lint.Error)
			}
			replaceName(s, f, b, o, ref.Option(now[0].Option))
		}
		return
	}
	near, ok := arcref.Suggest(o.Name.Text, optionNames(ref))
	if authgroup.OfList(near) {
		f.As(lint.Error)
	}
	if !ok || !arcref.IsTypo(o.Name.Text, near) && !replaceable(s, b, o, ref.Option(near)) {
		elsewhere(s, f, b.Kind, o.Name.Text)
		return
	}
	f.DidYouMean(o.Name.Text, optionNames(ref)).Do("Write %s, or remove the line.", near)
	if arcref.IsTypo(o.Name.Text, near) {
		f.Do("Write %s.", near)
		replaceName(s, f, b, o, ref.Option(near))
	}
}

// formerly gives what an option of ARC 5 is called by this release: in the block
// where it stands (here), else in the others.
func formerly(s *site.Site, kind, name string) (now []arcref.Renamed, here bool) {
	for _, r := range s.Release.Table.History().Formerly(kind, name) {
		if s.Release.Ref.Block(r.Block).Option(r.Option) == nil {
			continue // renamed first, removed later
		}
		if r.Block == kind {
			return []arcref.Renamed{r}, true
		}
		now = append(now, r)
	}
	return now, false
}

// renamedTo says what the option is called, and where if that is another block.
func renamedTo(now []arcref.Renamed, here bool) string {
	if here {
		return now[0].Option
	}
	var places []string
	for _, r := range now {
		places = append(places, r.Option+" in ["+r.Block+"]")
	}
	return strings.Join(places, " or ")
}

func replaceName(s *site.Site, f *lint.Finding, b *arcconf.Block, o *arcconf.Option, known *arcref.Option) {
	if first := b.First(known.Name); first != nil && !known.Multivalued {
		f.Do("Keep one of the two lines, with the name %s.", known.Name).Relate(first.Name.Span, "%s is set here", known.Name)
		return
	}
	if replaceable(s, b, o, known) {
		f.Fix(source.Edit{Span: o.Name.Span, New: known.Name})
	}
}

// replaceable says whether the line could be one of the known option: the block
// does not have that, and the value is one that it takes.
func replaceable(s *site.Site, b *arcconf.Block, o *arcconf.Option, known *arcref.Option) bool {
	return (known.Multivalued || b.First(known.Name) == nil) && fits(s, b.Kind, o.Value.Text, known)
}

// fits says whether the option takes the value: one of those that it allows, of
// the kind that ARC wants or that its default shows, and in a list of access
// groups that exist.
func fits(s *site.Site, kind, value string, known *arcref.Option) bool {
	switch {
	case value == "" || wanted(kind, known.Name, value) != "":
		return false
	case len(known.Allowed) > 0:
		return slices.Contains(known.Allowed, value)
	case authgroup.OfList(known.Name), known.Name == "allownew_override":
		return !slices.ContainsFunc(strings.Fields(value), func(group string) bool { return s.Conf.Block("authgroup:"+group) == nil })
	case path.IsAbs(known.Default):
		return path.IsAbs(value) || strings.HasPrefix(value, "$")
	}
	return !isDecimal(known.Default) || isDecimal(value)
}

func isDecimal(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}
