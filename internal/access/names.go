package access

import "arclint/internal/authgroup"

// nameTable numbers the names of groups, so that a question looks up no name twice.
type nameTable struct {
	ids   map[string]int32
	texts []string
	said  [][]any                       // a name as the argument of a format
	named map[*authgroup.Groups][]int32 // the names of a rule authgroup=
	jobs  []int32                       // the first entry of the list of the job interface that has a name; -1: none
}

func newNameTable(p *Policy) *nameTable {
	t := &nameTable{ids: map[string]int32{}, named: map[*authgroup.Groups][]int32{}}
	for _, g := range p.Groups {
		t.add(g.Name)
		for _, r := range g.Rules {
			switch test := r.Test.(type) {
			case *authgroup.Rename:
				t.add(test.To.Text)
			case *authgroup.Groups:
				ids := make([]int32, len(test.Names))
				for i, name := range test.Names {
					ids[i] = t.add(name.Text)
				}
				t.named[test] = ids
			}
		}
	}
	t.jobs = make([]int32, len(t.texts))
	for i := range t.jobs {
		t.jobs[i] = -1
	}
	if l := p.List(authgroup.JobsBlock); l != nil {
		for name, entry := range p.tables.firsts()[l] {
			if id, ok := t.ids[name]; ok {
				t.jobs[id] = int32(entry)
			}
		}
	}
	return t
}

func (t *nameTable) add(name string) int32 {
	id, known := t.ids[name]
	if !known {
		id = int32(len(t.texts))
		t.ids[name], t.texts, t.said = id, append(t.texts, name), append(t.said, []any{name})
	}
	return id
}

// id is the number of a name, -1 for one that nobody is a member of.
func (t *nameTable) id(name string) int32 {
	if id, ok := t.ids[name]; ok {
		return id
	}
	return -1
}

// scratch is what a query writes on its way. The next one takes it over.
type scratch struct {
	query   int     // counts those that have used it
	in      []int   // of a name: the query whose identity is a member
	first   []int32 // of a name that it is a member of: the first membership
	joined  []int32 // the names in the order in which they came
	members []membership
	trace   []record
}

// membership is the rule that made the identity a member of a group.
type membership struct {
	via  int32 // the name of the group that an authgroup= rule found, -1: none
	step int32 // in the trace
	next int32 // the next membership of the same name, -1: none
	led  bool  // it is told already
}

func (p *Policy) takeScratch() *scratch {
	s, ok := p.scratches.Get().(*scratch)
	if !ok {
		n := len(p.tables.names().texts)
		s = &scratch{in: make([]int, n), first: make([]int32, n)}
	}
	s.query++
	s.joined, s.members, s.trace = s.joined[:0], s.members[:0], s.trace[:0]
	return s
}

// has says whether the identity is a member of the group of that number.
func (s *scratch) has(id int32) bool { return id >= 0 && s.in[id] == s.query }

// join makes it one.
func (s *scratch) join(id, via int32) {
	n := int32(len(s.members))
	s.members = append(s.members, membership{via: via, step: int32(len(s.trace) - 1), next: -1})
	s.joined = append(s.joined, id)
	if !s.has(id) {
		s.in[id], s.first[id] = s.query, n
		return
	}
	last := s.first[id]
	for s.members[last].next >= 0 {
		last = s.members[last].next
	}
	s.members[last].next = n
}

// lead adds the steps by which the group was reached: of the groups that it stands
// on first, each once.
func (s *scratch) lead(found []int, id int32) []int {
	var way []int
	for below := int32(len(s.members)); s.has(id); {
		n := s.first[id]
		for n >= 0 && s.members[n].led {
			n = s.members[n].next
		}
		if n < 0 || n >= below {
			break
		}
		m := &s.members[n]
		m.led = true
		way = append(way, int(m.step))
		if m.via == id {
			break
		}
		id, below = m.via, n
	}
	for i := len(way) - 1; i >= 0; i-- {
		found = append(found, way[i])
	}
	return found
}
