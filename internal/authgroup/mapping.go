package authgroup

import (
	"strings"

	"arclint/internal/arcconf"
)

// Mapping is the block [mapping]: rules and changes of policy, in order.
type Mapping struct {
	Block  *arcconf.Block
	Rules  []*MapRule
	Passes int // how often ARC goes through them: once for each header (arc-behaviour B4)
}

// MapKind is what a line of [mapping] does.
type MapKind string

// The kinds of lines in [mapping].
const (
	MapToUser     MapKind = "map_to_user"
	MapToPool     MapKind = "map_to_pool"
	MapWithFile   MapKind = "map_with_file"
	MapWithPlugin MapKind = "map_with_plugin"
	MapPolicy     MapKind = "policy"   // policy_on_*
	MapComputed   MapKind = "computed" // ARC works out what the line says: nobody knows the account here
	MapUnknown    MapKind = "unknown"  // begins with map_ or policy_ and is neither of these
)

// MapRule is one line of [mapping].
type MapRule struct {
	Option *arcconf.Option
	Kind   MapKind
	Group  Field // the authgroup, or the action of a policy
	Target Field // all behind the group: account[:group], directory or file

	// Of map_to_user: the parts of Target. ARC looks at the account only
	// (arc-behaviour B8).
	Account, UnixGroup Field

	// Of map_with_plugin.
	Plugin Plugin

	// Of MapComputed: why nobody knows it. The group may stand before what is computed.
	Hidden Hidden
}

// readMapRule reads one option as LegacyMapCP::ConfigLine and
// UnixMap::mapgroup do (hed/shc/legacy); nil for one that they skip.
func readMapRule(l line) *MapRule {
	o := l.Option
	name := o.Name.Text
	m := &MapRule{Option: o, Kind: MapUnknown}
	switch {
	case strings.HasPrefix(name, "policy_"):
		if name == "policy_on_nogroup" || name == "policy_on_nomap" || name == "policy_on_map" {
			m.Kind = MapPolicy
		}
		if m.Group = fieldOf(l.value); l.hidden != "" {
			m.Kind, m.Hidden = MapComputed, l.hidden
		}
		return m
	case !strings.HasPrefix(name, "map_"):
		return nil
	}
	switch kind := MapKind(name); kind {
	case MapToUser, MapToPool, MapWithFile, MapWithPlugin:
		m.Kind = kind
	}
	if l.hidden != "" && m.Kind != MapUnknown {
		m.Kind, m.Hidden = MapComputed, l.hidden
		if first := l.names()[0]; first.hidden == "" {
			m.Group = first.Field
		}
		return m
	}
	fields := words(l.value)
	if len(fields) == 0 {
		return m
	}
	m.Group = fields[0]
	if len(fields) == 1 {
		return m
	}
	text := l.value.Text
	behind := strings.Index(text, fields[0].Text) + len(fields[0].Text)
	rest := l.value.Sub(len(text)-len(strings.TrimLeftFunc(text[behind:], isBlank)), len(text))
	m.Target = fieldOf(rest)
	switch m.Kind {
	case MapToUser:
		m.Account, m.UnixGroup = account(rest)
	case MapWithPlugin:
		m.Plugin = *readPlugin(rest)
	}
	return m
}

// account cuts account:group.
func account(w arcconf.Word) (user, group Field) {
	n := strings.IndexByte(w.Text, ':')
	if n < 0 {
		return fieldOf(w), Field{}
	}
	return fieldOf(w.Sub(0, n)), fieldOf(w.Sub(n+1, len(w.Text)))
}

// MapRules are the rules of [mapping] of one kind, in order.
func (d *Document) MapRules(kind MapKind) []*MapRule {
	if d.Mapping == nil {
		return nil
	}
	var found []*MapRule
	for _, m := range d.Mapping.Rules {
		if m.Kind == kind {
			found = append(found, m)
		}
	}
	return found
}
