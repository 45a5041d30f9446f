package admission

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
)

// Listing says whom an access list does not let in.
type Listing struct {
	Refused map[string]Proof // a member of each group of which one was found

	part   bool            // not everybody was asked about
	unsure map[string]bool // groups of which nobody can know all members
}

// Admits says whether the list lets in each member of a group who was found, and
// all kinds of them were asked about.
func (m Listing) Admits(group string) bool {
	_, refused := m.Refused[group]
	return !refused && !m.part && !m.unsure[group]
}

// Unsure says whether nobody can know all members of a group, and the list lets in
// each one who was found.
func (m Listing) Unsure(group string) bool {
	_, refused := m.Refused[group]
	return !refused && !m.part && m.unsure[group]
}

// MembersAt asks about clients of the ways in, and of these as such as the rules
// with - and ! are about too, whether the list lets them in.
func MembersAt(s *site.Site, l *authgroup.List) Listing {
	p, who := access.Model(s), Doors(s)
	f := &refused{site: s, policy: p, list: l, groups: map[string]Proof{}, left: p.Within(2_000_000, 100, 10_000)}
	signed := signed(s, p)
	for _, d := range who.Doors {
		if !f.admits(d.Decision.Groups, d.Proof) {
			continue
		}
		for _, other := range signed {
			if f.left--; f.left >= 0 {
				f.ask(d, other)
			}
		}
	}
	return Listing{
		Refused: f.groups, unsure: unsure(p, l, who.Doors),
		part: who.Stopped != "" || who.Unknown != "" || who.More || f.left < 0,
	}
}

// unsure are the groups with members whom a plugin or a list that is not here
// makes, and those of which such members are members by that. Members of a group
// that the list admits are let in, whoever they are.
func unsure(p *access.Policy, l *authgroup.List, doors []Door) map[string]bool {
	names := map[string]bool{}
	for _, d := range doors {
		if d.Width != UnknownDoor || fails(p, d.Rule) {
			continue
		}
		if admitted, _ := p.AdmitsAll(l, d.Group); !admitted {
			names[d.Group] = true
		}
	}
	for _, t := range authgroup.Rules[*authgroup.Groups](p.Document) {
		if slices.ContainsFunc(t.Test.Names, func(f authgroup.Field) bool { return names[f.Text] }) {
			names[t.Group.Name] = true
		}
	}
	return names
}

// fails says whether a rule asks for a program or a list that does not exist: it makes
// nobody a member.
func fails(p *access.Policy, r *authgroup.Rule) bool {
	switch t := r.Test.(type) {
	case *authgroup.Plugin:
		_, gone := p.NoProgram(t)
		return (gone || t.Limitless()) && !r.Inverted
	case *authgroup.File:
		return !p.MayList(t.Path.Text)
	}
	return false
}

type refused struct {
	site   *site.Site
	policy *access.Policy
	list   *authgroup.List
	groups map[string]Proof
	left   int // clients that may still be asked about
}

// admits says whether the list lets in members of these groups, and notes the
// groups where it does not.
func (f *refused) admits(groups []string, proof Proof) bool {
	if admitted, _ := f.policy.Admits(f.list, groups...); admitted {
		return true
	}
	for _, name := range groups {
		if _, known := f.groups[name]; !known {
			f.groups[name] = proof
		}
	}
	return false
}

// ask tries the client of a way in who is also another.
func (f *refused) ask(d, other Door) {
	id, claims, ok := both(d, other)
	if !ok {
		return
	}
	proof := proofFor(id, claims)
	if claims != nil {
		id.Claims = parsed(proof.Claims)
	}
	decision := f.policy.Decide(id, access.JobCreate)
	if slices.Contains(decision.Groups, d.Group) {
		f.admits(decision.Groups, proof)
	}
}
