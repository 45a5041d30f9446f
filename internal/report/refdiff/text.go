package refdiff

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"arclint/internal/arcref"
	"arclint/internal/prose"
)

const width = 100 // of a line, where it can be helped

// Text writes the changes for people, grouped by block: "+" is new, "-" is
// gone, "~" is different. It gives the error of the writer.
func Text(w io.Writer, c arcref.Changes) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s -> %s: %s\n", prose.Safe(c.From), prose.Safe(c.To), summary(c))
	for _, block := range c.Blocks {
		writeBlock(&b, block)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// summary counts. An option that moved counts as removed here, and those of an
// added or removed block do not count.
func summary(c arcref.Changes) string {
	if c.Empty() {
		return "no difference"
	}
	var blocks, options counts
	for _, b := range c.Blocks {
		blocks.count(b.Old == nil, b.New == nil, len(b.Flags()) > 0)
		for _, o := range b.Options {
			options.count(o.Old == nil, o.New == nil, true)
		}
	}
	return "blocks " + blocks.String() + "; options of other blocks " + options.String()
}

type counts struct{ added, removed, changed int }

func (c *counts) count(added, removed, changed bool) {
	switch {
	case added:
		c.added++
	case removed:
		c.removed++
	case changed:
		c.changed++
	}
}

func (c counts) String() string {
	return fmt.Sprintf("+%d -%d ~%d", c.added, c.removed, c.changed)
}

func writeBlock(b *strings.Builder, c arcref.BlockChange) {
	fmt.Fprintf(b, "\n%s%s\n", heading(c), fate(c))
	for _, f := range c.Flags() {
		fmt.Fprintf(b, "  ~ %s\n", flagText(f))
	}
	switch {
	case c.Old == nil:
		for _, o := range c.New.Documented() {
			writeLine(b, "  + ", newOption(o, ""))
		}
	case c.New == nil:
		if names := namesOf(c.Old); names != "" {
			writeLine(b, "  - ", names)
		}
		writeAdvice(b, arcref.Known().Migration(c.Name, ""))
	}
	var read []string
	for _, o := range c.Options {
		if o.New == nil && o.Moved == nil && o.ReadBy != "" {
			read = append(read, lostOption(o.Old))
			continue
		}
		writeOption(b, c.Name, o)
	}
	if len(read) > 0 {
		writeLine(b, "  - ", "not in the reference any more, but "+knownCode()+" reads: "+strings.Join(read, ", "))
	}
}

// knownCode is the ARC of which it is known what the code reads.
func knownCode() string {
	known := arcref.Known().Versions()
	return "the code of ARC " + known[len(known)-1]
}

func heading(c arcref.BlockChange) string {
	if cmp.Or(c.New, c.Old).Named {
		return "[" + prose.Safe(c.Name) + ":name]"
	}
	return "[" + prose.Safe(c.Name) + "]"
}

func fate(c arcref.BlockChange) string {
	switch {
	case c.Old == nil && c.New.Mandatory:
		return " is new, and mandatory"
	case c.Old == nil:
		return " is new"
	case c.New == nil:
		return " is gone"
	}
	return ""
}

func namesOf(b *arcref.Block) string {
	var names []string
	for _, o := range b.Documented() {
		names = append(names, o.Name)
	}
	return strings.Join(names, ", ")
}

func writeOption(b *strings.Builder, block string, o arcref.OptionChange) {
	switch {
	case o.Old == nil:
		writeLine(b, "  + ", newOption(o.New, o.ReadBy))
	case o.New == nil && o.Moved != nil:
		writeLine(b, "  - ", fmt.Sprintf("%s: moved to [%s] %s", o.Name, o.Moved.Block, o.Moved.Option))
	case o.New == nil:
		writeLine(b, "  - ", lostOption(o.Old))
		writeAdvice(b, arcref.Known().Migration(block, o.Name))
	default:
		writeLine(b, "  ~ ", o.Name+": "+strings.Join(differences(o), "; "))
	}
}

func newOption(o *arcref.Option, readBy string) string {
	text := o.Name
	if o.HasDefault {
		text += ", default " + o.Default
	}
	if len(o.Allowed) > 0 {
		text += ", allowed " + strings.Join(o.Allowed, " ")
	}
	for _, is := range []struct {
		set  bool
		text string
	}{{o.Mandatory, "mandatory"}, {o.Multivalued, "multivalued"}, {o.Sequenced, "sequenced"}, {o.Deprecated, "deprecated"}} {
		if is.set {
			text += ", " + is.text
		}
	}
	if readBy != "" {
		text += "; not new to the code (" + readBy + ")"
	}
	return text
}

func lostOption(o *arcref.Option) string {
	if o.HasDefault {
		return o.Name + " (default was " + o.Default + ")"
	}
	return o.Name
}

func differences(o arcref.OptionChange) []string {
	var list []string
	if o.DefaultChanged() {
		list = append(list, fmt.Sprintf("default %s -> %s", o.Old.DefaultText(), o.New.DefaultText()))
	}
	added, removed := o.Allowed()
	switch {
	case len(added)+len(removed) == 0:
	case len(o.Old.Allowed) == 0:
		list = append(list, "allowed is no more than "+strings.Join(added, " "))
	case len(o.New.Allowed) == 0:
		list = append(list, "every value is allowed, not only "+strings.Join(removed, " "))
	default:
		if len(added) > 0 {
			list = append(list, "allowed too: "+strings.Join(added, " "))
		}
		if len(removed) > 0 {
			list = append(list, "not allowed any more: "+strings.Join(removed, " "))
		}
	}
	for _, f := range o.Flags() {
		list = append(list, flagText(f))
	}
	return list
}

// flagText says what a change of a property means. An unlisted option is one
// that the validator of ARC 7 calls an error (arc-checks b5.7).
func flagText(f arcref.FlagChange) string {
	switch {
	case f.Flag == "named" && f.Set:
		return "carries a name"
	case f.Flag == "named":
		return "carries no name any more"
	case f.Flag == "unlisted" && f.Set:
		return "not known to `arcctl config verify` any more"
	case f.Flag == "unlisted":
		return "known to `arcctl config verify`"
	case f.Set:
		return f.Flag
	}
	return "not " + f.Flag + " any more"
}

func writeAdvice(b *strings.Builder, advice string) {
	if advice != "" {
		writeLine(b, "    ", advice)
	}
}

// writeLine wraps a text behind its mark.
func writeLine(b *strings.Builder, mark, text string) {
	indent := "\n" + strings.Repeat(" ", len(mark))
	b.WriteString(mark + strings.ReplaceAll(prose.Fill(prose.Safe(text), width-len(mark)), "\n", indent) + "\n")
}
