package admission

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
)

// meeting are clients whom what changes is about, and those whom it is about
// together with another rule, whatever the signs of the rules. Such clients tell
// of a rule that no way in shows, as another takes the clients of that alone.
func meeting(before, after *site.Site) []client {
	was, is := ruled(before), ruled(after)
	touched := touched(before, after)
	changed, same := parted(append(unlike(was, is), unlike(is, was)...), was, touched)
	listed := append(listed(before), listed(after)...)
	var found []client
	add := func(a, b Door, id access.Identity, claims claimSet) {
		issuer, who := a.Issuer, a.Who
		if (issuer == "*" || issuer == "") && b.Issuer != "" {
			issuer = b.Issuer
		}
		if b.Who != "" {
			who += " and " + b.Who
		}
		found = append(found, clientWith(who, issuer, proofFor(id, claims)))
		if bare, ok := claims.bare(); ok {
			found = append(found, clientWith(who, issuer, proofFor(id, bare)))
		}
	}
	for _, a := range append(slices.Clone(listed), changed...) {
		add(a, Door{}, access.Identity{Subject: a.Proof.Subject, FQANs: a.Proof.FQANs}, a.claims)
	}
	left, looks := access.Model(before).Within(20000, 20, 400), maxPairs
	for i, a := range changed {
		for _, b := range slices.Concat(changed[:i], same, listed) {
			if looks--; left == 0 || looks < 0 {
				return found
			}
			if id, claims, ok := together(a, b); ok && a.Rule != b.Rule {
				left--
				add(a, b, id, claims)
			}
		}
	}
	return found
}

// maxPairs bounds the pairs of rules that are looked at.
const maxPairs = 10000

// parted are the doors of rules that are written otherwise or stand in a group
// that is touched, and all others of those before.
func parted(unlike, before []Door, touched map[string]bool) (changed, same []Door) {
	changed = unlike
	rules := map[*authgroup.Rule]bool{}
	for _, d := range unlike {
		rules[d.Rule] = true
	}
	for _, d := range before {
		switch {
		case rules[d.Rule]:
		case touched[d.Rule.Group.Name]:
			changed = append(changed, d)
		default:
			same = append(same, d)
		}
	}
	return changed, same
}

// touched are the authgroups that a change of access lists, of [mapping] or of
// the rules is about, with the groups of which they take in the members.
func touched(before, after *site.Site) map[string]bool {
	was, is := statements(before), statements(after)
	names := map[string]bool{}
	for text, group := range was {
		names[group] = names[group] || is[text] != group
	}
	for text, group := range is {
		names[group] = names[group] || was[text] != group
	}
	for _, s := range []*site.Site{before, after} {
		within(s.Access, names)
	}
	return names
}

// statements are the lines that say something of a group, each with the group.
func statements(s *site.Site) map[string]string {
	all := map[string]string{}
	for _, l := range s.Access.Lists {
		for _, e := range l.Entries {
			all[fmt.Sprint(l.Block.Name, "\n", e.Allow, "\n", e.Group.Text)] = e.Group.Text
		}
	}
	if m := s.Access.Mapping; m != nil {
		for _, r := range m.Rules {
			all["mapping\n"+r.Option.Line.Text()] = r.Group.Text
		}
	}
	for _, g := range s.Access.Groups {
		for _, r := range g.Rules {
			all[g.Name+"\n"+lineOf(r)] = g.Name
		}
	}
	return all
}

// within adds the groups of which those named take in the members.
func within(d *authgroup.Document, names map[string]bool) {
	for again := true; again; {
		again = false
		for _, g := range d.Groups {
			if !names[g.Name] {
				continue
			}
			for _, r := range g.Rules {
				if t, ok := r.Test.(*authgroup.Groups); ok {
					for _, member := range t.Names {
						again = again || !names[member.Text]
						names[member.Text] = true
					}
				}
			}
		}
	}
}

// ruled are clients whom the rules of a site are about, whatever their signs.
func ruled(s *site.Site) []Door {
	var doors []Door
	for _, g := range s.Access.Groups {
		for _, r := range g.Rules {
			doors = append(doors, matching(s, r)...)
		}
	}
	return doors
}

// unlike are the doors of rules that do not stand in the same words among the
// others.
func unlike(doors, others []Door) []Door {
	type line struct{ group, text string }
	there := map[line]bool{}
	for _, d := range others {
		there[line{d.Rule.Group.Name, lineOf(d.Rule)}] = true
	}
	return slices.DeleteFunc(slices.Clone(doors), func(d Door) bool { return there[line{d.Rule.Group.Name, lineOf(d.Rule)}] })
}

// listed are the clients in the lists of subjects that the site reads: as many
// as there is time for.
func listed(s *site.Site) []Door {
	var doors []Door
	left := access.Model(s).Within(2000, 10, 50)
	for _, m := range s.Maps {
		if m.Err != nil {
			continue
		}
		for _, subject := range subjectsIn(m) {
			if left--; left < 0 {
				return doors
			}
			d := Door{Who: strings.Trim(subject, " ") + " in " + m.Path, Proof: Proof{Subject: subject}}
			if claims := fromSubject(s, subject); claims != nil {
				d.claims = claims.scoped(access.Model(s).Required(access.JobCreate))
				d.Issuer, d.Proof = claims["iss"].(string), Proof{}
			}
			doors = append(doors, d)
		}
	}
	return doors
}
