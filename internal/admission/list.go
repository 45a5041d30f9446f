package admission

import (
	"fmt"

	"arclint/internal/access"
	"arclint/internal/gridsec"
)

// party are subjects of a list for whom the CE has one answer.
type party struct {
	subjects int
	first    string
	issuer   string // of their tokens; "" for certificates
	accounts map[string]bool
}

// The parties of a list that are told apart, and its subjects that are asked about.
const maxParties, leastSubjects, mostSubjects = 16, 1000, 100_000

// answerTo is what the CE has for a subject, as far as parties differ by it.
type answerTo struct {
	issuer, account string
	allowed, never  bool
}

// parties asks about each subject of a list, once for all rules that name it. What
// is more than can be told apart is one party with several accounts.
func (b *builder) parties(m *gridsec.MapFile) []*party {
	if known, ok := b.lists[m.Path]; ok {
		return known
	}
	var all []*party
	of := map[answerTo]*party{}
	subjects := subjectsIn(m)
	most := b.policy.Within(20_000_000, leastSubjects, mostSubjects)
	if len(subjects) > most {
		b.cut = append(b.cut, m.Path)
	}
	for _, dn := range subjects[:min(len(subjects), most)] {
		a := b.answerTo(dn)
		p := of[a]
		if p == nil {
			rest := answerTo{issuer: a.issuer, allowed: a.allowed}
			if p = of[rest]; p == nil || len(all) < maxParties {
				p = &party{first: dn, issuer: a.issuer, accounts: map[string]bool{}}
				all = append(all, p)
			}
			if of[a] = p; len(all) >= maxParties {
				of[rest] = p
			}
		}
		p.subjects++
		p.accounts[a.account] = true
	}
	b.lists[m.Path] = all
	return all
}

func (b *builder) answerTo(dn string) answerTo {
	id, a := access.Identity{Subject: dn}, answerTo{never: neverOfCertificate(dn)}
	if claims := fromSubject(b.site, dn); claims != nil {
		a.issuer, _ = claims["iss"].(string)
		id, a.never = access.Identity{Claims: claims.scoped(b.policy.Required(access.JobCreate)).person().Claims}, false
	}
	d := b.policy.Decide(id, access.JobCreate)
	b.looked += d.Work
	a.account, a.allowed = d.AccountText(), d.Allowed
	return a
}

// whoOf names a party of a list with so many subjects.
func (p *party) whoOf(path string, subjects int) string {
	noun := "subjects"
	if subjects == 1 {
		noun = "subject"
	}
	who := fmt.Sprintf("the %d %s in %s", subjects, noun, path)
	if p.subjects < subjects {
		who = fmt.Sprintf("%d of the %d %s in %s", p.subjects, subjects, noun, path)
	}
	if p.issuer != "" {
		return "tokens of " + p.issuer + " for " + who
	}
	return who
}
