package access

import (
	"fmt"
	"slices"

	"arclint/internal/source"
)

// Dependency is something that the files do not tell and on which a decision
// hangs: with the other answer it is another one.
type Dependency struct {
	Kind      DependencyKind
	At        source.Span // the line that asks, zero where none does
	On        string      // "whether the plugin ... says yes"
	Taken     bool        // the answer that the decision stands on
	Otherwise []string    // what may come of the other answer: "deny", "allow as dune:dune"
}

// DependencyKind says who knows the answer.
type DependencyKind string

// The kinds of dependencies.
const (
	OnPlugin     DependencyKind = "plugin"     // a command that ARC runs: LCAS and LCMAPS among them
	OnPool       DependencyKind = "pool"       // which accounts of a pool are free
	OnAccounts   DependencyKind = "accounts"   // LDAP or SSSD, or an /etc/passwd that cannot be read
	OnFile       DependencyKind = "file"       // a file that is not in this copy, or cannot be read here
	OnKeys       DependencyKind = "keys"       // the keys of a token's issuer
	OnCAs        DependencyKind = "cas"        // which CAs are trusted for clients
	OnAttributes DependencyKind = "attributes" // an attribute certificate that arclint does not judge
	OnValue      DependencyKind = "value"      // a part of arc.conf that ARC computes when it reads the file
	OnSize       DependencyKind = "size"       // more than is looked at
)

// question is what a query met and nobody can answer here.
type question struct {
	Dependency // its On is written out where somebody reads it
	format     string
	args       []any
}

func (q question) text() string { return fmt.Sprintf(q.format, q.args...) }

// wonder gives the answer on which this query goes on: the usual one, or the
// one that it was told to take.
func (q *query) wonder(kind DependencyKind, at source.Span, usual bool, format string, args ...any) bool {
	answer := usual
	if q.wonders < len(q.told) {
		answer = q.told[q.wonders]
	}
	asked := question{Dependency: Dependency{Kind: kind, At: at, Taken: usual}, format: format, args: args}
	if q.wonders == len(q.told) {
		q.next = asked
	}
	if q.wonders++; q.keeps {
		q.asked = append(q.asked, asked)
	}
	return answer
}

// The combinations of answers that are tried for one decision: fewer where each
// has many lines to look at.
const (
	leastWays, mostWays = 4, 128
	workOfWays          = 250_000 // lines
)

// explorer tries the answers to all questions of a decision.
type explorer struct {
	policy  *Policy
	id      Identity
	op      Operation
	ways    int
	limit   int // of ways
	work    int
	depends []Dependency
	ends    []end // of new jobs: where the answers led, the usual ones first

	usual Decision // with the usual answers, which is known already
	first *query   // that made it
}

// end is where some answers led.
type end struct {
	allowed bool
	groups  []string
	unusual []string // the questions that were answered otherwise than is usual
}

// outcomes are the decisions that can follow from the answers told so far, each
// once, that of the usual answers first. unusual are the questions among them that
// were answered otherwise than is usual.
func (x *explorer) outcomes(told []bool, unusual []string) []string {
	if x.ways++; x.ways > x.limit {
		return nil
	}
	d, q := x.usual, x.first
	if len(told) > 0 {
		d, q = x.policy.evaluate(x.id, x.op, told, outcome)
	}
	if x.work += d.Work; x.ways == 1 {
		x.limit = min(max(workOfWays/max(d.Work, 1), leastWays), mostWays)
	}
	if q.wonders == len(told) {
		if x.op == JobCreate {
			x.ends = append(x.ends, end{allowed: d.Allowed, groups: d.Groups, unusual: unusual})
		}
		return []string{d.Outcome()}
	}
	next := q.next
	usual := x.outcomes(append(slices.Clone(told), next.Taken), unusual)
	other := x.outcomes(append(slices.Clone(told), !next.Taken), append(slices.Clip(unusual), next.text()))
	all := union(usual, other)
	if len(all) > len(usual) || len(all) > len(other) {
		next.On = next.text()
		x.note(next.Dependency, other)
	}
	return all
}

// note keeps a dependency once.
func (x *explorer) note(d Dependency, otherwise []string) {
	for i, known := range x.depends {
		if known.On == d.On && known.At == d.At {
			x.depends[i].Otherwise = union(known.Otherwise, otherwise)
			return
		}
	}
	d.Otherwise = otherwise
	x.depends = append(x.depends, d)
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, text := range b {
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// addDependencies adds the questions whose answer changes the decision, in the
// order in which they come up.
func (p *Policy) addDependencies(d *Decision, id Identity, op Operation, q *query) {
	if q.wonders == 0 {
		return
	}
	x := &explorer{policy: p, id: id, op: op, limit: mostWays, usual: *d, first: q}
	x.outcomes(nil, nil)
	if x.ways > x.limit {
		x.depends = append(x.depends, Dependency{Kind: OnSize, On: fmt.Sprintf("more combinations of answers than the %d that were tried", x.limit)})
	}
	slices.SortStableFunc(x.depends, func(a, b Dependency) int { return place(q.asked, a) - place(q.asked, b) })
	d.Depends, d.Work = x.depends, d.Work+x.work
	p.addDoubts(d, x.ends)
}

func place(asked []question, d Dependency) int {
	n := slices.IndexFunc(asked, func(q question) bool { return q.Kind == d.Kind && q.At == d.At && q.text() == d.On })
	if n < 0 {
		return len(asked)
	}
	return n
}

// AllowAs begins the Outcome of a decision that lets somebody in.
const AllowAs = "allow as "

// Outcome is the decision in a word or two: "deny", "allow as dune:dune".
func (d Decision) Outcome() string {
	if !d.Allowed {
		return "deny"
	}
	return AllowAs + d.AccountText()
}

// AccountText names the account, or what would name it.
func (d Decision) AccountText() string {
	switch {
	case d.Account != "":
		return d.Account
	case d.AccountFrom != "":
		return "an account that " + d.AccountFrom + " names"
	}
	return "no account"
}
