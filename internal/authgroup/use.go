package authgroup

import (
	"strings"

	"arclint/internal/arcconf"
)

// Use is a place that names an authgroup.
type Use struct {
	Group  Field
	Option *arcconf.Option
	Kind   UseKind
	Denies bool // denyaccess

	Inverted bool // of UseMember: the rule begins with "!"
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

// Uses are all places that name an authgroup, in ARC's order. They are found once:
// do not change the list.
func (d *Document) Uses() []Use { return d.uses() }

func (d *Document) findUses() []Use {
	var uses []Use
	for _, r := range Rules[*Groups](d) {
		for _, name := range r.Test.Names {
			uses = append(uses, Use{Group: name, Option: r.Option, Kind: UseMember, Inverted: r.Inverted})
		}
	}
	for _, l := range d.Lists {
		for _, e := range l.Entries {
			if e.Hidden == "" {
				uses = append(uses, Use{Group: e.Group, Option: e.Option, Kind: UseAccess, Denies: !e.Allow})
			}
		}
	}
	uses = append(uses, d.Overrides()...)
	for _, o := range d.conf.Block("arex/jura").All("vomsless_vo") {
		fields := words(o.Value)
		if d.dialect.VOOfGroup && len(fields) > 1 && !strings.Contains(fields[0].Text, "#") {
			uses = append(uses, Use{Group: fields[0], Option: o, Kind: UseVO})
		}
	}
	return append(uses, d.mappingUses()...)
}

// Overrides are the groups that allownew_override names: their members may
// submit where allownew=no closes the CE to new jobs.
func (d *Document) Overrides() []Use {
	var uses []Use
	for _, l := range d.overrides() {
		for _, name := range l.names() {
			if name.hidden == "" {
				uses = append(uses, Use{Group: name.Field, Option: l.Option, Kind: UseOverride})
			}
		}
	}
	return uses
}

// OverridesHidden says why nobody knows all groups of allownew_override, "" where they
// are known.
func (d *Document) OverridesHidden() Hidden {
	for _, l := range d.overrides() {
		if l.hidden != "" {
			return l.hidden
		}
	}
	return ""
}

func (d *Document) overrides() []line {
	var found []line
	b := d.conf.Block(JobsBlock)
	for _, o := range b.All("allownew_override") {
		found = append(found, d.held(b, o)...)
	}
	return found
}

func (d *Document) mappingUses() []Use {
	var uses []Use
	if d.Mapping == nil {
		return nil
	}
	for _, m := range d.Mapping.Rules {
		if strings.HasPrefix(m.Option.Name.Text, "map_") && !m.Group.Missing() {
			uses = append(uses, Use{Group: m.Group, Option: m.Option, Kind: UseMapping})
		}
	}
	return uses
}
