package catalog_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	policy "arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/report/doors"
)

// printedProof is a client as access and negtest print it.
type printedProof struct {
	Claims  string   `json:"claims"`
	Subject string   `json:"subject"`
	FQANs   []string `json:"fqans"`
}

// printedAccess is the part of what `arclint access --format json` prints that
// whoami can be asked about.
type printedAccess struct {
	Doors []struct {
		Headline   string        `json:"headline"`
		Width      string        `json:"width"`
		Open       bool          `json:"open"`
		Issuer     string        `json:"issuer"`
		Account    string        `json:"account"`
		Check      string        `json:"check"`
		Proof      printedProof  `json:"proof"`
		Interfaces []printedDoor `json:"interfaces"`
	} `json:"doors"`
}

type printedDoor struct {
	Interface string       `json:"interface"`
	Submit    printedRight `json:"submit"`
	Read      printedRight `json:"read"`
	Cancel    printedRight `json:"cancel"`
}

type printedRight struct {
	State  string `json:"state"`
	Scope  string `json:"scope"`
	Claims string `json:"claims"`
}

type printedNegative struct {
	Cases []struct {
		ID      string         `json:"id"`
		LetIn   []printedTrial `json:"let_in"`
		Unknown []printedTrial `json:"unknown"`
	} `json:"cases"`
}

type printedTrial struct {
	Proof   printedProof `json:"proof"`
	Account string       `json:"account"`
	Barred  bool         `json:"barred"`
	Submit  struct {
		State string `json:"state"`
	} `json:"submit"`
	Depends []struct {
		On string `json:"on"`
	} `json:"depends"`
}

// proofs: whoami answers to what access and negtest --static print as they say.
func (q *questions) proofs() {
	var page bytes.Buffer
	if err := doors.AccessJSON(&page, q.access); err != nil {
		q.t.Fatal(err)
	}
	var printed printedAccess
	if err := json.Unmarshal(page.Bytes(), &printed); err != nil {
		q.t.Fatal(err)
	}
	for _, d := range printed.Doors {
		jobs := d.Interfaces[0]
		if (d.Proof.Claims == "" && d.Proof.Subject == "") && d.Width != "anonymous" {
			continue // nobody can show what the rule asks for
		}
		for _, r := range []struct {
			op    policy.Operation
			right printedRight
		}{{policy.JobCreate, jobs.Submit}, {policy.JobInfo, jobs.Read}, {policy.JobCancel, jobs.Cancel}} {
			q.counts.proofs++
			p := d.Proof
			p.Claims = r.right.Claims
			a := admission.Ask(q.site, q.person(p), r.op)
			barred := !d.Open && d.Check == "refused"
			q.agree(d.Headline, p, r.op, r.right, barred, a)
			if r.op == policy.JobCreate && a.Allowed && d.Account != a.Account && r.right.State == "yes" && d.Open {
				q.contradict("access and whoami name other accounts", "%s %+v: access says %q, whoami %q", d.Headline, d.Proof, d.Account, a.Account)
			}
		}
	}
	q.negativeProofs()
	q.nobodySubmits()
}

// nobodySubmits: where check says that the CE refuses every job, access shows nobody who
// may submit one.
func (q *questions) nobodySubmits() {
	for _, f := range q.found.Findings {
		if !(f.Rule == "conf/missing-block" && f.Subject == "queue") && !(f.Rule == "conf/drained" && f.Subject == "sessiondir") {
			continue
		}
		q.counts.findings++
		for _, d := range q.access.Doors {
			if d.Submit.State != admission.No {
				q.contradict("check says that every job is refused and access "+string(d.Submit.State), "%s: %s", f.Message(), d.Headline())
				break
			}
		}
	}
}

// agree holds the right of a door against the answer of whoami.
func (q *questions) agree(headline string, p printedProof, op policy.Operation, right printedRight, barred bool, a admission.Answer) {
	gets := a.Allowed && (op != policy.JobCreate || a.Submits())
	if submit, asked := a.Submission(); asked && certain(a) && !barred && string(submit.State) != right.State {
		q.contradict("access and whoami differ about SUBMIT", "%s: %+v: access %s, whoami %s (%s)", headline, p, right.State, submit.State, submit.Why)
	}
	hangs := slices.ContainsFunc(a.Depends, func(on policy.Dependency) bool {
		return on.Kind == policy.OnSize || slices.ContainsFunc(on.Otherwise, func(o string) bool { return strings.HasPrefix(o, policy.AllowAs) != a.Allowed })
	})
	switch {
	case right.State == "yes" && !barred && !gets:
		q.contradict("access says yes and whoami deny", "%s: %s: %+v: %s", headline, op, p, a.Reason)
	case right.State == "yes" && barred && gets:
		q.contradict("access says shut for want of keys and whoami allow", "%s: %s: %+v: %s", headline, op, p, a.Reason)
	case right.State == "no" && gets:
		q.contradict("access says no and whoami allow", "%s: %s: %+v: %s", headline, op, p, a.Reason)
	case right.State == "unknown" && !barred && !hangs && (op != policy.JobCreate || a.SubmitHangs == ""):
		q.contradict("access says unknown and whoami knows", "%s: %s: %+v: %s", headline, op, p, a.Reason)
	}
}

// certain says whether whoami lets the client in and does not doubt what he shows: access
// and negtest take that for good, and tell of it elsewhere.
func certain(a admission.Answer) bool {
	doubted := strings.Contains(a.SubmitHangs, "can fetch the keys") || strings.Contains(a.SubmitHangs, "whether the attribute ")
	return a.Allowed && a.Unknown == "" && !doubted && !slices.ContainsFunc(a.Depends, func(on policy.Dependency) bool { return on.Kind == policy.OnAttributes || on.Kind == policy.OnKeys })
}

// person is what whoami makes of a printed proof.
func (q *questions) person(p printedProof) admission.Person {
	person := admission.Person{Subject: p.Subject, FQANs: p.FQANs}
	if p.Claims == "" {
		return person
	}
	claims, err := policy.ParseClaims([]byte(p.Claims))
	if err != nil {
		q.contradict("whoami cannot read a proof", "%s: %v", p.Claims, err)
		return person
	}
	person.Claims = claims
	return person
}

func (q *questions) negativeProofs() {
	n := admission.Static(q.site, made(q.t, q.site))
	var page bytes.Buffer
	if err := doors.NegativeJSON(&page, n); err != nil {
		q.t.Fatal(err)
	}
	var printed printedNegative
	if err := json.Unmarshal(page.Bytes(), &printed); err != nil {
		q.t.Fatal(err)
	}
	for _, c := range printed.Cases {
		for _, trial := range c.LetIn {
			q.counts.proofs++
			a := admission.Ask(q.site, q.person(trial.Proof), policy.JobCreate)
			if submit, _ := a.Submission(); certain(a) && string(submit.State) != trial.Submit.State {
				q.contradict("negtest and whoami differ about SUBMIT", "%s: %+v: %s, %s", c.ID, trial.Proof, trial.Submit.State, submit.State)
			}
			switch {
			case !a.Allowed || trial.Barred:
				q.contradict("negtest says let in and whoami does not agree", "%s: %+v, barred %v: %s", c.ID, trial.Proof, trial.Barred, a.Reason)
			case slices.ContainsFunc(a.Depends, func(on policy.Dependency) bool { return on.Kind == policy.OnPlugin && on.Otherwise[0] == "deny" }):
				q.contradict("negtest says let in and whoami that a plugin may deny", "%s: %+v", c.ID, trial.Proof)
			case a.Allowed && a.Account != trial.Account:
				q.contradict("negtest and whoami name other accounts", "%s: %+v: %q, %q", c.ID, trial.Proof, trial.Account, a.Account)
			}
		}
		for _, trial := range c.Unknown {
			q.counts.proofs++
			a := admission.Ask(q.site, q.person(trial.Proof), policy.JobCreate)
			if len(trial.Depends) == 0 || trial.Barred && a.Allowed || !trial.Barred && len(a.Depends) == 0 {
				q.contradict("negtest says unknown and whoami knows", "%s: %+v, barred %v: %s", c.ID, trial.Proof, trial.Barred, a.Reason)
			}
		}
	}
}
