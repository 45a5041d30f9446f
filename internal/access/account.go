package access

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/source"
)

// AccountState says what kind of account a decision ends with.
type AccountState string

// The states of an account.
const (
	AccountNone    AccountState = "none"    // [mapping] gives none
	AccountExists  AccountState = "exists"  // in /etc/passwd
	AccountMissing AccountState = "missing" // it does not exist, and the request is refused
	AccountRoot    AccountState = "root"    // uid 0: jobs run as the superuser (arc-behaviour S7)
	AccountNobody  AccountState = "nobody"  // the account that other services use for nobody
	AccountUnknown AccountState = "unknown" // a pool, a plugin or another source of accounts knows it
)

// stack is the state of the rules in [mapping] (unixmap.cpp).
type stack struct {
	mapPolicy
	done    bool
	account string // as [mapping] gives it
	user    string // the name that ARC looks up
	from    string // the pool or plugin that would name the account
	own     bool   // a policy was computed: the ones of the table do not hold
}

// assignAccount goes through [mapping]. It gives the reason where ARC gives up
// on the request.
func (q *query) assignAccount() (failed string) {
	s, table := &stack{}, q.policy.tables.mapping()
	lines := table.all
	if q.brief {
		lines = table.lines(q.joined)
	}
	for i := range lines {
		m, before := table.rules[i], s.account
		q.decision.Work++
		if !s.own {
			s.mapPolicy = table.policies[i]
		}
		failed = q.applyMapRule(s, m, q.has(table.ids[i]))
		maps := m.Kind != authgroup.MapPolicy && (s.account != "" || s.from != "") && (q.has(table.ids[i]) || m.Group.Missing())
		if q.brief && failed == "" && !maps && !s.done {
			continue
		}
		switch {
		case failed != "":
			q.step(m.Option.Line, "", factMapping, "fails: %s", failed)
			return failed
		case s.account != "" && s.account != before:
			q.step(m.Option.Line, "", factMapping, "account %s", s.account)
		default:
			q.step(m.Option.Line, "", factMapping, "%s", s.nothing(m, q.has(table.ids[i])))
		}
		if maps {
			q.mappedBy, q.mapStep = table.ids[i], len(q.trace)
		}
		if s.done {
			q.decision.Account, q.decision.AccountFrom, q.user = s.account, s.from, s.user
			return ""
		}
	}
	return "" // without a rule that stops, the account is dropped: policy_on_map=continue
}

func (q *query) applyMapRule(s *stack, m *authgroup.MapRule, member bool) (failed string) {
	if m.Kind == authgroup.MapComputed {
		return q.mapComputed(s, m, member)
	}
	if isPolicy(m) {
		return s.set(m, m.Group.Text)
	}
	if m.Group.Missing() {
		return "the rule of [mapping] is empty"
	}
	if !member {
		s.done = s.onNoGroup
		return ""
	}
	s.account, s.user, s.from = "", "", ""
	switch m.Kind {
	case authgroup.MapToUser:
		if m.Account.Text == "" {
			return "map_to_user names no account"
		}
		s.account, s.user, s.done = m.Target.Text, m.Account.Text, s.onMap
	case authgroup.MapWithFile:
		return q.mapWithFile(s, m)
	case authgroup.MapToPool:
		return q.mapToPool(s, m)
	case authgroup.MapWithPlugin:
		return q.mapWithPlugin(s, m)
	default:
		return "ARC does not know the rule " + m.Option.Name.Text
	}
	return ""
}

// mapWithFile takes the account as it stands in the file: unlike those of
// map_to_user it is not cut at a colon.
func (q *query) mapWithFile(s *stack, m *authgroup.MapRule) (failed string) {
	if q.subject == "" {
		s.done = s.onNoMap
		return ""
	}
	lists := q.policy.tables.lists()
	f := lists.files[m.Target.Text]
	switch {
	case f != nil && q.policy.notSeen(f.Path, f.Err):
		if q.wonder(OnFile, m.Option.Line, true, "whether %s maps the subject", f.Path) {
			s.from, s.done = "the file "+f.Path, s.onMap
		} else {
			s.done = s.onNoMap
		}
	case f == nil || f.Err != nil:
		return "the file of map_with_file cannot be read"
	default:
		s.done = s.onNoMap
		if e := lists.entries[listEntry{f.Path, q.subject}]; e != nil {
			s.account, s.user, s.done = e.Account.Text, e.Account.Text, s.onMap
		}
	}
	return ""
}

// mapWithPlugin cannot know what the command says: an account, that there is
// none (1), or anything else, which ends the request, as no program at all does.
func (q *query) mapWithPlugin(s *stack, m *authgroup.MapRule) (failed string) {
	if m.Plugin.Limitless() {
		return "map_with_plugin has no time limit in seconds, or no command behind it"
	}
	if program, gone := q.policy.NoProgram(&m.Plugin); gone {
		return program + " does not exist, so ARC cannot run the plugin"
	}
	command := q.policy.plugin(&m.Plugin).command
	if !q.wonder(OnPlugin, m.Option.Line, true, "whether the plugin %q names an account", command) {
		s.done = s.onNoMap
		return ""
	}
	s.from, s.done = fmt.Sprintf("the plugin %q", command), s.onMap
	return ""
}

// mapComputed cannot know which account the line names, nor of which group it speaks
// where that is computed too.
func (q *query) mapComputed(s *stack, m *authgroup.MapRule, member bool) (failed string) {
	text := strings.TrimSpace(m.Option.Line.Text())
	switch known := !m.Group.Missing(); {
	case isPolicy(m):
		s.own = true
		for _, word := range []string{"stop", "continue"} {
			if q.wonder(OnValue, m.Option.Line, s.says(m, word), "whether %s is %s: %s", text, word, m.Hidden) {
				return s.set(m, word)
			}
		}
		return s.set(m, "")
	case known && !member, !known && len(q.joined) == 0:
		s.done = s.onNoGroup
	case q.wonder(OnValue, m.Option.Line, known, "whether %s maps the client: %s", text, m.Hidden):
		s.account, s.user, s.from, s.done = "", "", "the line "+text, s.onMap
	case q.wonder(OnValue, m.Option.Line, false, "whether %s refuses the client, by an account that does not exist or a value that ARC cannot read: %s", text, m.Hidden):
		return "what the line says is not known, and is taken here for an account that does not exist"
	case known:
		s.account, s.user, s.from, s.done = "", "", "", s.onNoMap
	default:
		s.done = s.onNoGroup
	}
	return ""
}

// nothing says why a rule gives no account.
func (s *stack) nothing(m *authgroup.MapRule, member bool) string {
	switch {
	case isPolicy(m):
		return "changes the policy for the rules below"
	case m.Kind == authgroup.MapComputed && s.from == "":
		return "unknown, taken here for a line for others: " + string(m.Hidden)
	case !member && !m.Group.Missing():
		return "not a member of " + m.Group.Text
	case s.from != "":
		return "unknown: an account that " + s.from + " names"
	}
	return "no account"
}

// isPolicy says whether the line changes what becomes of the lines below it.
func isPolicy(m *authgroup.MapRule) bool { return strings.HasPrefix(m.Option.Name.Text, "policy_") }

// says whether the policy of a line is that word already: what is computed is taken for
// no change.
func (s *mapPolicy) says(m *authgroup.MapRule, word string) bool {
	held := *s
	return held.set(m, word) == "" && held == *s
}

// set takes what a line policy_on_* says.
func (s *mapPolicy) set(m *authgroup.MapRule, word string) (failed string) {
	stop := word == "stop"
	if !stop && word != "continue" {
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

// takeServiceAccount gives whom [mapping] gives nothing the account of A-REX, where it
// runs as another than root ("Using local account"; arc-behaviour B11).
func (q *query) takeServiceAccount() bool {
	user, line := q.policy.ServiceAccount()
	if v := q.policy.site.Value("arex", "user"); v.Origin == arcconf.Unresolved {
		if !q.wonder(OnValue, v.Option.Line, false, "whether [arex] user names another account than root: %s", v.Reason) {
			return false
		}
		q.decision.AccountFrom = "[arex] user"
		q.step(v.Option.Line, "", factService, "no account of [mapping]: that of A-REX is taken")
		q.mapStep = len(q.trace)
		return true
	}
	if user == "" {
		return false
	}
	q.step(line, "", factService, "no account of [mapping]: that of A-REX is taken")
	q.decision.Account, q.user, q.mapStep = user, user, len(q.trace)
	return true
}

// ServiceAccount is the account that members of admitted groups get whom [mapping] gives
// none: that of [arex] user, "" where they are refused.
func (p *Policy) ServiceAccount() (user string, line source.Span) {
	value := p.site.Value("arex", "user")
	user, _, _ = strings.Cut(value.Text, ":")
	if value.Option == nil || user == "root" || value.Origin == arcconf.Unresolved {
		return "", source.Span{}
	}
	return user, value.Option.Line
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
		return q.wonder(OnAccounts, source.Span{}, true, "whether the account %q exists: /etc/passwd could not be read", user)
	}
	if _, ok := a.Users[user]; ok {
		return true
	}
	if !a.Complete() {
		return q.wonder(OnAccounts, source.Span{}, true, "whether the account %q exists: accounts come from %s as well", user, strings.Join(a.Services, ", "))
	}
	return false
}

// accountState is the kind of the account that ARC looks up.
func (q *query) accountState(exists bool) AccountState {
	a := q.policy.site.Accounts
	switch {
	case q.user == "":
		return AccountUnknown
	case !exists:
		return AccountMissing
	case q.user == "root":
		return AccountRoot
	case q.user == "nobody":
		return AccountNobody
	case a == nil:
		return AccountUnknown
	}
	uid, ok := a.Users[q.user]
	switch {
	case !ok:
		return AccountUnknown
	case uid == 0:
		return AccountRoot
	}
	return AccountExists
}

// accountStep tells what is remarkable about the account.
func (q *query) accountStep() {
	d := q.decision
	switch d.AccountState {
	case AccountRoot:
		q.step(source.Span{}, "account "+q.user, factRoot, "is the superuser, and the request goes on")
	case AccountMissing:
		q.step(source.Span{}, "account "+q.user, factNoUser, "does not exist: refused, whatever policy_on_nomap says")
	case AccountUnknown:
		q.step(source.Span{}, "account", fact{}, "unknown, taken here for one that exists: %s", d.AccountText())
	default:
		q.step(source.Span{}, "account "+q.user, fact{}, "exists in /etc/passwd")
	}
}

// notSeen says whether the CE may well read a file that is not to be read here:
// this copy lacks it, it is closed to who runs arclint, or it is beyond what
// arclint reads.
func (p *Policy) notSeen(path string, err error) bool {
	return gridsec.Unseen(err) || errors.Is(err, fs.ErrNotExist) && p.site.NotCopied(path)
}

func commandOf(words []authgroup.Field) string {
	var command []string
	for _, word := range words {
		command = append(command, word.Text)
	}
	return strings.Join(command, " ")
}

// NoProgram is the path that a plugin's command names first, where nothing stands
// at it: no such plugin says yes or names an account (conf/cross-reference). A
// program without a path is looked for in PATH, and nothing is known of it.
func (p *Policy) NoProgram(t *authgroup.Plugin) (program string, gone bool) {
	known := p.plugin(t)
	return known.program, known.gone
}

// pluginFacts are what is known of a plugin, for whoever comes.
type pluginFacts struct {
	command, program string
	gone             bool
	said             []any // the command as the argument of a format
}

// plugin looks a plugin up once: each client may meet it.
func (p *Policy) plugin(t *authgroup.Plugin) *pluginFacts {
	if known, ok := p.plugins.Load(t); ok {
		return known.(*pluginFacts)
	}
	facts := &pluginFacts{command: commandOf(t.Command)}
	for _, word := range append([]authgroup.Field{t.Timeout}, t.Command...) {
		if path.IsAbs(word.Text) {
			if p.site.Gone(word.Text) {
				facts.program, facts.gone = word.Text, true
			}
			break
		}
	}
	facts.said = []any{facts.command}
	p.plugins.Store(t, facts)
	return facts
}
