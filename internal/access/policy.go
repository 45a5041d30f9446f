// Package access says who gets into an ARC CE: what a token or certificate
// claims decides the authgroups, these decide the access list and the account.
// It reads the lines of arc.conf as the services do
// (src/hed/shc/legacy, src/services/a-rex), each measured release for itself,
// faults included.
//
// Model gives the rules as values with the place of every field, for linting;
// Policy.Evaluate answers for one identity and says why.
package access

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/internal/source"
)

// Policy is all of arc.conf that says who gets in.
type Policy struct {
	Groups  []*Group
	Mapping *Mapping // nil: there is no block [mapping], and the service does not start (arc-behaviour B8)
	Lists   []*List  // one for each block that may have an access list and is there
	Scopes  *Scopes  // [arex] tokenscopes

	// TooLarge says that there are more than MaxLines lines: nothing is read then.
	TooLarge bool

	site    *site.Site
	byName  map[string]*Group
	defined map[string]bool
	holders map[string][]string // of a group, those whose authgroup= names it
	place   map[*Group]int      // in arc.conf
}

// MaxLines bounds the rules, the lines of [mapping] and the names in access
// lists that are looked at. Sites have some hundred.
const MaxLines = 10000

// Size is the number of lines and names of which a decision looks at each.
func (p *Policy) Size() int {
	n := len(p.Groups)
	for _, g := range p.Groups {
		n += len(g.Rules)
	}
	if p.Mapping != nil {
		n += len(p.Mapping.Rules)
	}
	for _, l := range p.Lists {
		n += len(l.Entries)
	}
	return n
}

// Within is how often something that looks at every line may be done, so that a
// site of the largest size is not looked at for ever: work by the lines, from
// least to most.
func (p *Policy) Within(work, least, most int) int {
	return min(max(work/max(p.Size(), 1), least), most)
}

// List is the access list of a block: the first entry of which the user is a
// member decides (arc-behaviour B1).
type List struct {
	Block   *arcconf.Block
	Entries []Entry
}

// Entry is one group in an access list.
type Entry struct {
	Allow  bool // from allowaccess, not from denyaccess
	Group  Field
	Option *arcconf.Option
}

// JobsBlock is the block that gives the job interface, and its access list.
const JobsBlock = "arex/ws/jobs"

// dialect is what differs between releases when rules are read.
type dialect struct {
	expressions bool // authtokensgen exists
	bareQuotes  bool // a quoted string of an expression ends as 7.0.0 ends it
}

func dialectOf(r site.Release) dialect {
	return dialect{expressions: r.Is7(), bareQuotes: r.Measured == "7.0.0"}
}

// Model reads the policy of a site, once for all who ask. It never fails: a line
// that ARC does not know is a rule of its own kind.
func Model(s *site.Site) *Policy {
	return site.Once(s, modelKey{}, func() *Policy { return read(s) })
}

type modelKey struct{}

func read(s *site.Site) *Policy {
	p := &Policy{site: s, Scopes: parseScopes(s.Conf.Block("arex"))}
	left := MaxLines
	take := func() bool {
		left--
		p.TooLarge = left < 0
		return left >= 0
	}
	d := dialectOf(s.Release)
	for _, b := range s.Conf.Kind("authgroup") {
		if !take() {
			break
		}
		g := &Group{Block: b, Name: b.ID}
		for _, o := range active(b) {
			if take() {
				g.Rules = append(g.Rules, parseRule(o, g, d))
			}
		}
		p.Groups = append(p.Groups, g)
	}
	if b := s.Conf.Block("mapping"); b != nil {
		p.Mapping = &Mapping{Block: b}
		for _, o := range active(b) {
			if m := parseMapRule(o); m != nil && take() {
				p.Mapping.Rules = append(p.Mapping.Rules, m)
			}
		}
	}
	for _, b := range s.Conf.Blocks {
		if s.Ref.Block(b.Kind) == nil {
			continue // 7.x drops it, 6.17 does not start
		}
		if l := parseList(b, take); l != nil {
			p.Lists = append(p.Lists, l)
		}
	}
	if p.TooLarge {
		return &Policy{site: s, Scopes: p.Scopes, TooLarge: true}
	}
	p.index()
	return p
}

// index makes the tables by which groups are found.
func (p *Policy) index() {
	p.byName, p.defined, p.holders = map[string]*Group{}, map[string]bool{}, map[string][]string{}
	p.place = map[*Group]int{}
	for i, g := range p.Groups {
		p.place[g] = i
		if p.byName[g.Name] == nil {
			p.byName[g.Name] = g
		}
		if renamed := g.renamed(); renamed != nil {
			p.defined[renamed.To.Text] = true
		} else {
			p.defined[g.Name] = true
		}
		for _, r := range g.Rules {
			if t, ok := r.Test.(*Groups); ok && !r.Negative && !r.Inverted {
				for _, name := range t.Names {
					p.holders[name.Text] = append(p.holders[name.Text], g.Name)
				}
			}
		}
	}
}

// active are the options that the services see, each once. A header repeated in
// arc.conf.d makes ARC see them several times, which changes nothing here.
func active(b *arcconf.Block) []*arcconf.Option {
	var found []*arcconf.Option
	seen := map[*arcconf.Option]bool{}
	for _, o := range b.Options {
		if !o.Ignored() && !seen[o] {
			seen[o] = true
			found = append(found, o)
		}
	}
	return found
}

// parseList reads the access list of a block; nil where the block has none and
// is not the one that needs it.
func parseList(b *arcconf.Block, take func() bool) *List {
	l := &List{Block: b}
	for _, o := range active(b) {
		if name := o.Name.Text; name == "allowaccess" || name == "denyaccess" {
			for _, group := range words(o.Value) {
				if !take() {
					return l
				}
				l.Entries = append(l.Entries, Entry{Allow: name == "allowaccess", Group: group, Option: o})
			}
		}
	}
	if len(l.Entries) == 0 && b.Name != JobsBlock {
		return nil
	}
	return l
}

// Rules gives the rules of all groups that ask T, in ARC's order.
func Rules[T Test](p *Policy) []Asking[T] {
	var found []Asking[T]
	for _, g := range p.Groups {
		for _, r := range g.Rules {
			if t, ok := r.Test.(T); ok {
				found = append(found, Asking[T]{Rule: r, Test: t})
			}
		}
	}
	return found
}

// Asking is a rule and its test, typed.
type Asking[T Test] struct {
	*Rule
	Test T
}

// Group finds a group by the name in its header, nil if there is none.
func (p *Policy) Group(name string) *Group { return p.byName[name] }

// GroupNames are the names in the headers, in ARC's order.
func (p *Policy) GroupNames() []string {
	var names []string
	for _, g := range p.Groups {
		names = append(names, g.Name)
	}
	return names
}

// Defined says whether some block gives that group: under its header, or by a
// Rename in it.
func (p *Policy) Defined(name string) bool { return p.defined[name] }

// renamed is the last Rename of the group, nil if there is none.
func (g *Group) renamed() *Rename {
	var last *Rename
	for _, r := range g.Rules {
		if t, ok := r.Test.(*Rename); ok && t.To.Text != "" {
			last = t
		}
	}
	return last
}

// Use is a place that names an authgroup.
type Use struct {
	Group  Field
	Option *arcconf.Option
	Kind   UseKind
}

// UseKind says what a use means for the members of the group.
type UseKind string

// The uses of a group.
const (
	UseAccess   UseKind = "access"   // allowaccess or denyaccess
	UseMapping  UseKind = "mapping"  // a rule of [mapping]
	UseMember   UseKind = "member"   // authgroup= in another group
	UseOverride UseKind = "override" // allownew_override
	UseVO       UseKind = "vo"       // vomsless_vo
)

// Uses are all places that name an authgroup, in ARC's order.
func (p *Policy) Uses() []Use {
	var uses []Use
	for _, r := range Rules[*Groups](p) {
		for _, name := range r.Test.Names {
			uses = append(uses, Use{Group: name, Option: r.Option, Kind: UseMember})
		}
	}
	for _, l := range p.Lists {
		for _, e := range l.Entries {
			uses = append(uses, Use{Group: e.Group, Option: e.Option, Kind: UseAccess})
		}
	}
	for _, o := range p.site.Conf.Block(JobsBlock).All("allownew_override") {
		for _, name := range words(o.Value) {
			uses = append(uses, Use{Group: name, Option: o, Kind: UseOverride})
		}
	}
	for _, o := range p.site.Conf.Block("arex/jura").All("vomsless_vo") {
		fields := words(o.Value)
		if p.site.Release.Is7() && len(fields) > 1 && !strings.Contains(fields[0].Text, "#") {
			uses = append(uses, Use{Group: fields[0], Option: o, Kind: UseVO})
		}
	}
	return append(uses, p.mappingUses()...)
}

func (p *Policy) mappingUses() []Use {
	var uses []Use
	if p.Mapping == nil {
		return nil
	}
	for _, m := range p.Mapping.Rules {
		if strings.HasPrefix(m.Option.Name.Text, "map_") && !m.Group.Missing() {
			uses = append(uses, Use{Group: m.Group, Option: m.Option, Kind: UseMapping})
		}
	}
	return uses
}

// List is the access list of a block, nil if it has none.
func (p *Policy) List(block string) *List {
	for _, l := range p.Lists {
		if l.Block.Name == block {
			return l
		}
	}
	return nil
}

// TokensCount says whether the CE looks at tokens at all: 6.x needs the block
// [authtokens] (arc-behaviour B9).
func (p *Policy) TokensCount() bool {
	return p.site.Release.Is7() || p.site.Conf.Block("authtokens") != nil
}

// Stop is a reason in the access rules why the service does not start.
type Stop struct {
	At     source.Span // zero where something is missing
	Reason string
}

// Stops lists them. 6.17 checks arc.conf before it starts and refuses what its
// validator does not know (arc-behaviour A8, B8); 7.x needs [mapping] only.
func (p *Policy) Stops() []Stop {
	var stops []Stop
	if p.Mapping == nil {
		stops = append(stops, Stop{Reason: "there is no block [mapping]"})
	}
	if p.site.Release.Is7() {
		return stops
	}
	if p.Mapping != nil && len(p.Mapping.Block.Options) == 0 {
		stops = append(stops, Stop{At: p.Mapping.Block.Header().Span, Reason: "the block [mapping] is empty"})
	}
	for _, g := range p.Groups {
		for _, r := range g.Rules {
			if reason := r.stops6(); reason != "" {
				stops = append(stops, Stop{At: r.Option.Name.Span, Reason: reason})
			}
		}
	}
	return append(stops, p.mappingStops6()...)
}

func (p *Policy) mappingStops6() []Stop {
	var stops []Stop
	if p.Mapping == nil {
		return nil
	}
	for _, m := range p.Mapping.Rules {
		if m.Kind == MapUnknown {
			stops = append(stops, Stop{At: m.Option.Name.Span, Reason: "ARC 6 does not know " + m.Option.Name.Text})
		}
	}
	return stops
}

func (r *Rule) stops6() string {
	switch r.Test.(type) {
	case *Unknown, *Rename:
		return "ARC 6 does not know " + r.Option.Name.Text
	}
	switch {
	case !r.Option.HasEquals && r.Keyword.Text != "all":
		return r.Option.Name.Text + " has no value"
	case r.Inverted && len(r.Option.Name.Text)-len(r.Keyword.Text) == 2:
		return "ARC 6 does not know " + r.Option.Name.Text
	}
	return ""
}

// RenamedTo says whether a Rename gives the group one of these names.
func (g *Group) RenamedTo(names map[string]bool) bool {
	to := g.renamed()
	return to != nil && names[to.To.Text]
}
