package access

import (
	"strings"
	"sync"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/source"
)

// tables are what a question looks up in place of going through the policy. Each
// is made once, for the first who asks.
type tables struct {
	settings func() settings
	names    func() *nameTable
	lists    func() *subjectLists
	speakers func() *speakers
	mapping  func() *mapTable
	queues   func() *queueTable
	holding  func() holding
	unlisted func() []authgroup.Use
	firsts   func() map[*authgroup.List]firsts
	computed func() map[*authgroup.List][]int32 // the entries that ARC computes
	mapped   func() map[bool]*coverage
	holders  func() *coverage
}

func newTables(p *Policy) tables {
	return tables{
		settings: sync.OnceValue(func() settings { return newSettings(p) }),
		lists:    sync.OnceValue(func() *subjectLists { return newSubjectLists(p.site.Maps) }),
		names:    sync.OnceValue(func() *nameTable { return newNameTable(p) }),
		speakers: sync.OnceValue(func() *speakers { return newSpeakers(p) }),
		mapping:  sync.OnceValue(func() *mapTable { return newMapTable(p.Mapping, p.tables.names()) }),
		queues:   sync.OnceValue(func() *queueTable { return newQueueTable(p) }),
		unlisted: sync.OnceValue(func() []authgroup.Use { return findUnlisted(p) }),
		holding:  sync.OnceValue(func() holding { return newHolding(p) }),
		mapped:   sync.OnceValue(func() map[bool]*coverage { return mappedRules(p) }),
		holders:  sync.OnceValue(func() *coverage { return newHolders(p) }),
		firsts:   sync.OnceValue(func() map[*authgroup.List]firsts { return newFirsts(p.Lists) }),
		computed: sync.OnceValue(func() map[*authgroup.List][]int32 { return computedEntries(p.Lists) }),
	}
}

// settings are what holds for every question.
type settings struct {
	stops     []Stop
	plainHTTP bool        // wsurl begins with http://
	closed    source.Span // of allownew=no, zero where new jobs are taken
	excepted  map[string]bool
	shut      closure       // why no job is taken, whoever comes
	scheme    arcconf.Value // wsurl, where ARC computes its scheme
	computed  string        // what it hangs on whether new jobs are taken, "" where that is known
	renamed   string        // why nobody knows the name of a group
	excepts   string        // what it hangs on who is excepted
}

func newSettings(p *Policy) settings {
	s := settings{stops: p.findStops(), excepted: map[string]bool{}}
	s.plainHTTP = strings.HasPrefix(p.site.Value("arex/ws", "wsurl").Text, "http://")
	if v := p.site.Value("arex/ws", "wsurl"); v.Origin == arcconf.Unresolved && !strings.HasPrefix(v.Text, "https:") {
		s.scheme = v
	}
	s.closed, _ = p.site.ClosedToNew()
	s.shut = p.shut()
	if v := p.site.AllowNew(); v.Origin == arcconf.Unresolved {
		s.computed = "whether allownew is no: " + v.Reason
	}
	for _, use := range p.Overrides() {
		s.excepted[use.Group.Text] = true
	}
	for _, r := range authgroup.Rules[*authgroup.Computed](p.Document) {
		if r.Test.Keyword == "name" && !p.site.Release.StrictStart { // ARC 6 does not start on it
			s.renamed = "the name of an authgroup is not known: " + r.Test.Why
		}
	}
	if why := p.OverridesHidden(); why != "" {
		s.excepts = "whether allownew_override names a group of this identity: " + string(why)
	}
	return s
}

// firsts are the first entries of a list that name each group.
type firsts map[string]int

func newFirsts(lists []*authgroup.List) map[*authgroup.List]firsts {
	all := map[*authgroup.List]firsts{}
	for _, l := range lists {
		of := firsts{}
		for i, e := range l.Entries {
			if _, known := of[e.Group.Text]; !known && e.Hidden == "" {
				of[e.Group.Text] = i
			}
		}
		all[l] = of
	}
	return all
}

// computedEntries are the entries of which ARC computes the names.
func computedEntries(lists []*authgroup.List) map[*authgroup.List][]int32 {
	all := map[*authgroup.List][]int32{}
	for _, l := range lists {
		for i, e := range l.Entries {
			if e.Hidden != "" {
				all[l] = append(all[l], int32(i))
			}
		}
	}
	return all
}

// of is the first entry that names one of the groups, -1 where none does.
func (f firsts) of(groups []string) int {
	first := -1
	for _, name := range groups {
		if i, ok := f[name]; ok && (first < 0 || i < first) {
			first = i
		}
	}
	return first
}

// subjectLists are the lists of subjects that arc.conf names.
type subjectLists struct {
	files   map[string]*gridsec.MapFile // by path
	entries map[listEntry]*gridsec.MapEntry
	having  map[string][]string // of a subject, the lists that have it
}

// listEntry is a subject in a list, which counts by its first line.
type listEntry struct{ path, subject string }

func newSubjectLists(maps []*gridsec.MapFile) *subjectLists {
	l := &subjectLists{files: map[string]*gridsec.MapFile{}, entries: map[listEntry]*gridsec.MapEntry{}, having: map[string][]string{}}
	for _, m := range maps {
		l.files[m.Path] = m
		if m.Err != nil {
			continue
		}
		for i := range m.Entries {
			at := listEntry{m.Path, m.Entries[i].Subject.Text}
			if at.subject != "" && l.entries[at] == nil {
				l.entries[at] = &m.Entries[i]
				l.having[at.subject] = append(l.having[at.subject], m.Path)
			}
		}
	}
	return l
}
