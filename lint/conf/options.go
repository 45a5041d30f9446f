package conf

import (
	"iter"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/authgroup"
	"arclint/internal/site"
)

// taken is a block that ARC takes in, with what the reference says of its kind.
type taken struct {
	*arcconf.Block
	ref *arcref.Block
}

// options are the options that ARC takes in, with their blocks: not those of
// blocks that it drops, and not those of [custom:name], which belong to other
// programs.
func options(s *site.Site) iter.Seq2[taken, *arcconf.Option] {
	return func(yield func(taken, *arcconf.Option) bool) {
		for _, b := range s.Conf.Blocks {
			ref := s.Release.Ref.Block(b.Kind)
			if ref == nil || ref.Free {
				continue
			}
			for _, o := range unique(b.Options) {
				if !yield(taken{b, ref}, o) {
					return
				}
			}
		}
	}
}

// unique drops the repeats of an option that ARC holds several times because a
// header is repeated within one file of arc.conf.d (arc-behaviour C10).
func unique(options []*arcconf.Option) []*arcconf.Option {
	var list []*arcconf.Option
	seen := map[*arcconf.Option]bool{}
	for _, o := range options {
		if !seen[o] {
			seen[o] = true
			list = append(list, o)
		}
	}
	return list
}

// ruleBlocks hold rules whose order and repetition count: lint/authz speaks of
// what stands in them.
var ruleBlocks = []string{"authgroup", "mapping", "userlist"}

// inverts says whether a "!" makes a line of everybody of a rule that matches nobody.
// A list that cannot be read fails, with the sign and without (arc-behaviour A7).
func inverts(o *arcconf.Option) bool {
	return authgroup.Inverts(o.Name.Text) && ruleName(o) != "file"
}

// isRuleLine says whether the option is a rule of an authgroup or of [mapping].
func isRuleLine(o *arcconf.Option) bool { return slices.Contains(ruleBlocks, kindOf(o.Section)) }

// untaken are the rules of an authgroup whose values lint/authz does not take
// apart: it looks for what they name.
var untaken = []string{"file", "plugin", "authgroup", "userlist"}

// ruleName is the name of an option; of a rule of an authgroup, without its signs.
func ruleName(o *arcconf.Option) string {
	if kindOf(o.Section) == "authgroup" {
		return authgroup.Keyword(o.Name.Text)
	}
	return o.Name.Text
}

// kindOf is the kind of block that a section opens, as the services see it.
func kindOf(sec *arcconf.Section) string {
	kind, _, _ := strings.Cut(sec.Name, ":")
	return strings.TrimSpace(kind)
}

// isCertPolicy: trust/policy-value-misread says what each release makes of the
// value, whatever is wrong with it.
func isCertPolicy(b *arcconf.Block, o *arcconf.Option) bool {
	return b.Kind == "common" && o.Name.Text == "x509_cert_policy"
}

// ifMeant is the action that writes the nearest of the names, "" where none is near.
func ifMeant(name string, among []string) (near, action string) {
	near, ok := arcref.Suggest(name, among)
	if !ok {
		return "", ""
	}
	return near, "If " + near + " is meant, write that."
}

// orList is the names with "or" before the last one.
func orList(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
