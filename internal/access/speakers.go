package access

import (
	"cmp"
	"math"
	"slices"

	"arclint/internal/authgroup"
)

// speakers finds the rules that may say something of an identity. All others
// answer "no match" and change nothing, so that who asks for many identities
// need not ask them: the work for one is that of the rules that concern it.
type speakers struct {
	seats  []seat          // the rules that ARC may come to, in its order
	always []int32         // those that may concern everybody
	by     map[key][]int32 // those that concern only who has the key
	of     [][]int32       // those that concern only members of the group of a number
}

// seat is a rule in its place.
type seat struct {
	rule *authgroup.Rule
	id   int32 // of the name of its group, which a Rename above it may have changed; -1: it has none
	end  int32 // the first seat of the next group

	again bool // the group was asked further up
}

// key is something that a rule asks for, and that an identity has or lacks.
type key struct {
	kind        keyKind
	name, value string
}

// keyKind says of what a key speaks. Any* is a key of everybody who has a thing
// of the kind.
type keyKind byte

const (
	subjectIs  keyKind = iota
	anySubject         // a certificate, or a token with a subject
	inList             // the path of a list that has the subject
	attribute          // name: vo, group, role, capability
	anyAttribute
	field // name: of a claim, as authtokens reads it
	claim // name: of a claim, as authtokensgen reads it
	anyToken
	isMember // the name of an authgroup
	inUserList
)

func newSpeakers(p *Policy) *speakers {
	s := &speakers{by: map[key][]int32{}}
	names := p.tables.names()
	var needs [][][]key // of each seat: of every set, who concerns it has one
	for _, g := range p.Turns {
		name, first := g.Name, len(s.seats)
		for _, r := range g.Rules {
			if t, ok := r.Test.(*authgroup.Rename); ok {
				name = t.To.Text
				continue
			}
			needs = append(needs, p.needs(r))
			s.seats = append(s.seats, seat{rule: r, id: -1, again: g.Again})
			if name = cmp.Or(name, g.Name); name != "" {
				s.seats[len(s.seats)-1].id = names.id(name)
			}
			if p.endsGroup(r) {
				break
			}
		}
		for i := first; i < len(s.seats); i++ {
			s.seats[i].end = int32(len(s.seats))
		}
	}
	s.file(needs)
	for _, name := range names.texts {
		s.of = append(s.of, s.by[key{kind: isMember, value: name}])
	}
	return s
}

// file puts each seat where it is found by its rarest need.
func (s *speakers) file(needs [][][]key) {
	often := map[key]int{}
	for _, sets := range needs {
		for _, set := range sets {
			for _, k := range set {
				often[k]++
			}
		}
	}
	for at, sets := range needs {
		if len(sets) == 0 {
			s.always = append(s.always, int32(at))
			continue
		}
		for _, k := range rarest(sets, often) {
			if list := s.by[k]; len(list) == 0 || list[len(list)-1] != int32(at) {
				s.by[k] = append(list, int32(at))
			}
		}
	}
}

// rarest is the set that is met least: an empty one is never met.
func rarest(sets [][]key, often map[key]int) []key {
	var best []key
	least := math.MaxInt
	for _, set := range sets {
		n := 0
		for _, k := range set {
			n += often[k]
		}
		if n < least {
			best, least = set, n
		}
	}
	return best
}

// endsGroup says whether ARC asks no rule below this one, whoever comes.
func (p *Policy) endsGroup(r *authgroup.Rule) bool {
	switch t := r.Test.(type) {
	case *authgroup.Unknown:
		return true
	case *authgroup.All:
		return r.Everybody() || !steady(t)
	case *authgroup.File:
		return p.neverRead(t)
	}
	return false
}

// neverRead says whether the list fails for the CE as well.
func (p *Policy) neverRead(t *authgroup.File) bool {
	_, known := p.listed(t.Path.Text, "")
	return !known && !p.MayList(t.Path.Text)
}

// needs are sets of keys: the rule says "no match" to whoever lacks all keys of
// one of them. None: it may say something else to everybody.
func (p *Policy) needs(r *authgroup.Rule) [][]key {
	if t, ok := r.Test.(*authgroup.All); ok && !r.Everybody() && steady(t) {
		return [][]key{{}}
	}
	if r.Inverted {
		return nil
	}
	switch t := r.Test.(type) {
	case *authgroup.Subject:
		if t.DN.Text == "" {
			return [][]key{{}}
		}
		return [][]key{{{kind: subjectIs, value: t.DN.Text}}}
	case *authgroup.File:
		return p.needsOfFile(t)
	case *authgroup.VOMS:
		return needsOfVOMS(t)
	case *authgroup.Tokens:
		return needsOfTokens(t)
	case *authgroup.Expression:
		return needsOfExpression(t)
	case *authgroup.Groups:
		return [][]key{named(isMember, t.Names)}
	case *authgroup.UserLists:
		return [][]key{named(inUserList, t.Names)}
	}
	return nil
}

func named(kind keyKind, names []authgroup.Field) []key {
	set := []key{}
	for _, name := range names {
		set = append(set, key{kind: kind, value: name.Text})
	}
	return set
}

func (p *Policy) needsOfFile(t *authgroup.File) [][]key {
	switch _, known := p.listed(t.Path.Text, ""); {
	case known:
		return [][]key{{{kind: inList, value: t.Path.Text}}}
	case p.MayList(t.Path.Text):
		return [][]key{{{kind: anySubject}}}
	}
	return nil
}

func needsOfVOMS(t *authgroup.VOMS) [][]key {
	if !t.Sound() {
		return [][]key{{{kind: anyAttribute}}}
	}
	return needsOfFields(attribute, anyAttribute, []string{"vo", "group", "role", "capability"}, t.Fields())
}

func needsOfTokens(t *authgroup.Tokens) [][]key {
	if t.Missing != "" {
		return [][]key{{{kind: anyToken}}}
	}
	return needsOfFields(field, anyToken, []string{"sub", "iss", "aud", "scope", "wlcg.groups"}, t.Fields())
}

func needsOfFields(kind, whoever keyKind, names []string, fields []authgroup.Field) [][]key {
	sets := [][]key{{{kind: whoever}}}
	for i, f := range fields {
		if !f.Any() {
			sets = append(sets, []key{{kind: kind, name: names[i], value: f.Text}})
		}
	}
	return sets
}

func needsOfExpression(t *authgroup.Expression) [][]key {
	sets := [][]key{{{kind: anyToken}}}
	if t.Fatal {
		return sets
	}
	for _, alternatives := range t.Needs() {
		var set []key
		for _, c := range alternatives {
			set = append(set, key{kind: claim, name: c.Claim.Text, value: c.Value.Text})
		}
		sets = append(sets, set)
	}
	return sets
}

// keys are those of the identity, but for the groups that it will turn out to be
// a member of.
func (q *query) keys() []key {
	var keys []key
	if q.subject != "" {
		keys = append(keys, key{kind: anySubject}, key{kind: subjectIs, value: q.subject})
		for _, path := range q.policy.tables.lists().having[q.subject] {
			keys = append(keys, key{kind: inList, value: path})
		}
	}
	for _, text := range q.attributes {
		f := parseFQAN(text)
		keys = append(keys, key{kind: anyAttribute}, key{attribute, "vo", f.vo}, key{attribute, "group", f.group},
			key{attribute, "role", f.role}, key{attribute, "capability", f.capability})
	}
	for _, l := range q.userLists {
		keys = append(keys, key{kind: inUserList, value: l.id})
	}
	if q.tokens != nil {
		keys = q.tokenKeys(keys)
	}
	return keys
}

func (q *query) tokenKeys(keys []key) []key {
	c := q.tokens
	keys = append(keys, key{kind: anyToken}, key{field, "iss", c.first("iss")}, key{field, "sub", c.first("sub")})
	for name, values := range map[string][]string{"aud": slices.Concat(c.all("aud"), []string{c.first("aud")}), "scope": scopesOf(c.all("scope")), "wlcg.groups": c.all("wlcg.groups")} {
		for _, v := range values {
			keys = append(keys, key{field, name, v})
		}
	}
	for _, m := range c.members {
		for _, v := range c.compared(m.name) {
			keys = append(keys, key{claim, m.name, v})
		}
	}
	return keys
}

// maxIndexed bounds the claims of a token for which rules are looked up by key.
const maxIndexed = 200

// assignFew is assignGroups for the rules that concern the identity.
func (q *query) assignFew(s *speakers) {
	todo := newMerge()
	todo.add(s.always)
	for _, k := range q.keys() {
		todo.add(s.by[k])
	}
	for at, ok := todo.next(0); ok; {
		seat := &s.seats[at]
		q.group, q.via = seat.rule.Group, -1
		result, from := q.ask(seat.rule), at+1
		if q.closed {
			return
		}
		if result == positive && seat.id >= 0 && !(seat.again && q.has(seat.id)) {
			q.join(seat.id, q.via)
			todo.add(s.of[seat.id])
		}
		if result != noMatch {
			from = seat.end
		}
		at, ok = todo.next(from)
	}
}
