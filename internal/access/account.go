package access

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// stack is the state of the rules in [mapping] (unixmap.cpp).
type stack struct {
	onNoGroup, onNoMap, onMap bool // true: stop
	done                      bool
	account                   string // as [mapping] gives it
	user                      string // the name that ARC looks up
	from                      string // the pool or plugin that would name the account
}

// assignAccount goes through [mapping]. It gives the reason where ARC gives up
// on the request.
func (q *query) assignAccount() (failed string) {
	s := &stack{onNoMap: true, onMap: true}
	for _, m := range q.policy.Mapping.Rules {
		before := s.account
		failed = q.applyMapRule(s, m)
		rule := strings.TrimSpace(m.Option.Line.Text())
		switch {
		case failed != "":
			q.step(m.Option.Line, rule, "fails: %s", failed)
			return failed
		case s.account != "" && s.account != before:
			q.step(m.Option.Line, rule, "account %s", s.account)
		default:
			q.step(m.Option.Line, rule, "no account")
		}
		if s.done {
			q.decision.Account, q.decision.AccountFrom, q.user = s.account, s.from, s.user
			return ""
		}
	}
	return "" // without a rule that stops, the account is dropped: policy_on_map=continue
}

func (q *query) applyMapRule(s *stack, m *MapRule) (failed string) {
	if strings.HasPrefix(m.Option.Name.Text, "policy_") {
		return s.setPolicy(m)
	}
	if m.Group.Missing() {
		return "the rule of [mapping] is empty"
	}
	if !slices.Contains(q.groups, m.Group.Text) {
		s.done = s.onNoGroup
		return ""
	}
	s.account, s.user, s.from = "", "", ""
	switch m.Kind {
	case MapToUser:
		if m.Account.Text == "" {
			return "map_to_user names no account"
		}
		s.account, s.user, s.done = m.Target.Text, m.Account.Text, s.onMap
	case MapWithFile:
		return q.mapWithFile(s, m)
	case MapToPool:
		return q.mapToPool(s, m)
	case MapWithPlugin:
		q.unsure("which account the plugin of %q names, if any: taken for one that exists", strings.TrimSpace(m.Option.Line.Text()))
		s.from, s.done = m.Target.Text, s.onMap
	default:
		return "ARC does not know the rule " + m.Option.Name.Text
	}
	return ""
}

// mapWithFile takes the account as it stands in the file: unlike those of
// map_to_user it is not cut at a colon.
func (q *query) mapWithFile(s *stack, m *MapRule) (failed string) {
	if q.subject == "" {
		s.done = s.onNoMap
		return ""
	}
	for _, f := range q.policy.site.Maps {
		if f.Path != m.Target.Text {
			continue
		}
		if f.Err != nil {
			break
		}
		for _, e := range f.Entries {
			if e.Subject.Text == q.subject {
				s.account, s.user, s.done = e.Account.Text, e.Account.Text, s.onMap
				return ""
			}
		}
		s.done = s.onNoMap
		return ""
	}
	return "the file of map_with_file cannot be read"
}

// mapToPool cannot see which accounts of a pool are taken: it fails only where
// there is no pool.
func (q *query) mapToPool(s *stack, m *MapRule) (failed string) {
	if q.subject == "" {
		s.done = s.onNoMap
		return ""
	}
	if at, ok := q.policy.site.NamedPath(m.Target.Text); ok && errors.Is(at.Err, fs.ErrNotExist) {
		return "there is no pool " + m.Target.Text
	}
	q.unsure("which account the pool %s gives, if any is free: taken for one that exists", m.Target.Text)
	s.from, s.done = m.Target.Text, s.onMap
	return ""
}

func (s *stack) setPolicy(m *MapRule) (failed string) {
	stop := m.Group.Text == "stop"
	if !stop && m.Group.Text != "continue" {
		return "a policy of [mapping] is neither continue nor stop"
	}
	switch m.Option.Name.Text {
	case "policy_on_nogroup":
		s.onNoGroup = stop
	case "policy_on_nomap":
		s.onNoMap = stop
	case "policy_on_map":
		s.onMap = stop
	default:
		return "ARC does not know the policy " + m.Option.Name.Text
	}
	return ""
}

// accountExists looks the account up. What /etc/passwd does not show may exist
// elsewhere: then it counts as existing, and the decision says so.
func (q *query) accountExists() bool {
	user := q.user
	if user == "" {
		return true // a pool or a plugin names it
	}
	a := q.policy.site.Accounts
	if a == nil {
		q.unsure("whether the account %q exists: /etc/passwd could not be read", user)
		return true
	}
	if _, ok := a.Users[user]; ok {
		return true
	}
	if !a.Complete() {
		q.unsure("whether the account %q exists: accounts come from %s as well", user, strings.Join(a.Services, ", "))
		return true
	}
	return false
}
