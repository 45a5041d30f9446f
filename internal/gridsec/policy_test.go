package gridsec

import (
	"fmt"
	"strings"
	"testing"

	"arclint/internal/source"
)

const (
	rootDN = "/C=US/O=Example/CN=Example Root CA"
	caDN   = "/DC=org/DC=example/CN=Example CA"
	userDN = "/DC=org/DC=lab/CN=Jane Doe"
)

// grant is a signing policy of one entry.
func grant(ca, conditions string) string {
	return fmt.Sprintf("access_id_CA X509 '%s'\npos_rights globus CA:sign\ncond_subjects globus %s\n", ca, conditions)
}

// admits is what 6.17 makes of a chain of three: each certificate whose issuer
// has a policy must be allowed by it (arc-behaviour E2).
func admits(policies map[string]string, leaf string) bool {
	allowed := func(ca, subject string) bool {
		text, ok := policies[ca]
		return !ok || parsePolicy(source.New("/p", []byte(text))).Decide617(ca, subject).Allowed
	}
	return allowed(rootDN, caDN) && allowed(caDN, leaf)
}

// TestDecide617 holds a row for each row of group E of the measurements on ARC
// 6.17.0: the same names, the same verdicts.
func TestDecide617(t *testing.T) {
	only := func(text string) map[string]string { return map[string]string{caDN: text} }
	conditions := func(text string) map[string]string { return only(grant(caDN, text)) }
	const bracketed, accented = "/DC=org/CN=Jane (1)", `/DC=org/CN=Jos\xC3\xA9`
	const mailed, accentedCA = "/DC=org/CN=J/emailAddress=j@x.org", `/DC=org/CN=Soci\xC3\xA9t\xC3\xA9`
	good := grant(caDN, `'"/DC=org/*"'`)
	tests := []struct {
		name     string
		policies map[string]string
		leaf     string
		want     bool
	}{
		{"no policy files at all", nil, userDN, true},
		{"both: exact DN in double quotes", map[string]string{rootDN: grant(rootDN, `'"`+caDN+`"'`), caDN: grant(caDN, `'"`+userDN+`"'`)}, userDN, true},
		{"leaf issuer: pattern /DC=org/DC=lab/*", conditions(`'"/DC=org/DC=lab/*"'`), userDN, true},
		{"leaf issuer: other pattern", conditions(`'"/DC=com/*"'`), userDN, false},
		{"root policy does not cover the intermediate", map[string]string{rootDN: grant(rootDN, `'"/DC=com/*"'`)}, userDN, false},
		{"root policy covers, leaf issuer has no file", map[string]string{rootDN: grant(rootDN, `'"/DC=org/*"'`)}, userDN, true},
		{"pattern * alone", conditions(`'*'`), userDN, true},
		{`pattern "*"`, conditions(`'"*"'`), userDN, true},
		{"pattern unquoted inside single quotes, with a space in it", conditions(`'` + userDN + `'`), userDN, false},
		{"pattern unquoted inside single quotes, no space", conditions(`'/DC=org/DC=lab/*'`), userDN, true},
		{"two patterns, second matches", conditions(`'"/DC=com/*" "/DC=org/*"'`), userDN, true},
		{"two patterns, first matches", conditions(`'"/DC=org/*" "/DC=com/*"'`), userDN, true},
		{"cond_subjects in double quotes outside, single inside", conditions(`"'/DC=org/*'"`), userDN, true},
		{"cond_subjects without outer quotes", conditions(`"/DC=org/*"`), userDN, true},
		{"cond_subjects bare", conditions(`/DC=org/*`), userDN, true},
		{"CA subject unquoted (contains a space)", only(strings.ReplaceAll(good, "'"+caDN+"'", caDN)), userDN, false},
		{"CA subject in double quotes", only(strings.ReplaceAll(good, "'"+caDN+"'", `"`+caDN+`"`)), userDN, true},
		{"CA subject wrong", only(grant("/DC=org/CN=Other", `'*'`)), userDN, false},
		{"CA subject in reversed RFC2253 form", only(grant("CN=Example CA,DC=example,DC=org", `'*'`)), userDN, false},
		{"CA subject C and O swapped", only(grant("/DC=example/DC=org/CN=Example CA", `'*'`)), userDN, false},
		{"CA subject case differs", only(grant(strings.ToLower(caDN), `'*'`)), userDN, false},
		{"pattern case differs", conditions(`'"/dc=org/*"'`), userDN, false},
		{"pattern prefix without *", conditions(`'"/DC=org/DC=lab"'`), userDN, false},
		{"pattern dot as metacharacter /DC.org/*", conditions(`'"/DC.org/*"'`), userDN, true},
		{"pattern with | : /DC=com|.*", conditions(`'"/DC=com|.*"'`), userDN, true},
		{"pattern with ? (Globus: one character) /DC=or?/*", conditions(`'"/DC=or?/*"'`), userDN, false},
		{"pattern with + in it: literal DN CN=A+B", conditions(`'"/DC=org/CN=A+B"'`), `/DC=org/CN=A\+B`, false},
		{"DN with parentheses, exact pattern", conditions(`'"` + bracketed + `"'`), bracketed, false},
		{"DN with parentheses, pattern with *", conditions(`'"/DC=org/*"'`), bracketed, true},
		{"DN with apostrophe, pattern *", conditions(`'*'`), "/DC=org/CN=O'Neil", true},
		{"DN with UTF-8, pattern /DC=org/*", conditions(`'"/DC=org/*"'`), accented, true},
		{`DN with UTF-8, exact pattern with \x escapes`, conditions(`'"` + accented + `"'`), accented, false},
		{"e-mail: DN has emailAddress, pattern emailAddress=", conditions(`'"/DC=org/CN=J/emailAddress=*"'`), mailed, true},
		{"e-mail: DN has emailAddress, pattern Email=", conditions(`'"/DC=org/CN=J/Email=*"'`), mailed, false},
		{"e-mail: DN has emailAddress, pattern E=", conditions(`'"/DC=org/CN=J/E=*"'`), mailed, false},
		{"CRLF policy", only(strings.ReplaceAll(good, "\n", "\r\n")), userDN, true},
		{"tabs and blank lines and comments", only("# c\n\n" + strings.ReplaceAll(good, " globus ", "\t\tglobus\t") + "\n \t\n# end\n"), userDN, true},
		{"comment at end of the cond line", only(strings.TrimSuffix(good, "\n") + " # comment\n"), userDN, true},
		{"indented lines", only("  " + strings.ReplaceAll(good, "\n", "\n\t ")), userDN, true},
		{"BOM", only("\xef\xbb\xbf" + good), userDN, false},
		{"empty policy file", only(""), userDN, false},
		{"comments only", only("# nothing\n"), userDN, false},
		{"no pos_rights line", only(strings.Replace(good, "pos_rights globus CA:sign\n", "", 1)), userDN, false},
		{"neg_rights", only(strings.Replace(good, "pos_rights", "neg_rights", 1)), userDN, false},
		{"no cond_subjects", only(good[:strings.Index(good, "cond_")]), userDN, false},
		{"two cond_subjects lines, first matches", only(good + "cond_subjects globus '\"/DC=com/*\"'\n"), userDN, false},
		{"two cond_subjects lines, second matches", only(grant(caDN, `'"/DC=com/*"'`) + "cond_subjects globus '\"/DC=org/*\"'\n"), userDN, true},
		{"two access_id blocks, first other CA", only(grant("/DC=org/CN=Other", `'*'`) + good), userDN, true},
		{"two access_id blocks, same CA, second matches", only(grant(caDN, `'"/DC=com/*"'`) + good), userDN, true},
		{"unknown line after", only(good + "unknown line\n"), userDN, false},
		{"unknown line before", only("unknown line\n" + good), userDN, true},
		{"missing closing quote in cond", only(strings.TrimSuffix(good, "'\n") + "\n"), userDN, true},
		{"policy (deny) under the old hash name only", nil, userDN, true}, // the name is not looked for
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := admits(test.policies, test.leaf); got != test.want {
				t.Errorf("admitted = %v, want %v", got, test.want)
			}
		})
	}
	t.Run(`CA DN with UTF-8, subject with \x escapes`, func(t *testing.T) {
		p := parsePolicy(source.New("/p", []byte(grant(accentedCA, `'*'`))))
		if d := p.Decide617(accentedCA, userDN); !d.Allowed {
			t.Errorf("%+v, want it allowed", d)
		}
	})
}

// TestDecide617Words is about the finer points of ARC's reader, from its source.
func TestDecide617Words(t *testing.T) {
	good := grant(caDN, `'"/DC=org/*"'`)
	tests := []struct {
		name, text, subject string
		want                bool
	}{
		{"a later fault does not undo an earlier entry", good + grant(caDN, `'*'`) + "unknown\n", userDN, true},
		{"an empty word ends the patterns", grant(caDN, `'"" "/DC=org/*"'`), userDN, false},
		{"a group that ends before the end", grant(caDN, `'"/DC=(org|com)/*"'`), userDN, false},
		{"a group that ends at the end", grant(caDN, `'"/DC=org/(.*|x)"'`), userDN, true},
		{"a group that is all", grant(caDN, `'"(/DC=org/*)"'`), userDN, true},
		{"a group that takes no part", grant(caDN, `'"/DC=org/*|(x)"'`), userDN, true},
		{"a broken pattern", grant(caDN, `'"/DC=[org/*" "/DC=org/*"'`), userDN, true},
		{"a bracket", grant(caDN, `'"/DC=[n-p]rg/*"'`), userDN, true},
		{"rights of the wrong kind", strings.Replace(good, "CA:sign", "CA:Sign", 1), userDN, false},
		{"an authority of the wrong kind", strings.Replace(good, "X509", "x509", 1), userDN, false},
		{"an access id that is no CA", strings.Replace(good, "access_id_CA", "access_id_ANY", 1), userDN, false},
		{"a pattern that ends with a backslash", grant(caDN, `'"/DC=org/*\"'`), userDN, false},
		{"rights without a blank", strings.Replace(good, "pos_rights globus", "pos_rightsglobus", 1), userDN, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := parsePolicy(source.New("/p", []byte(test.text))).Decide617(caDN, test.subject)
			if d.Allowed != test.want || d.Unknown {
				t.Errorf("%+v, want allowed %v", d, test.want)
			}
		})
	}
}

func TestDecide617SaysWhere(t *testing.T) {
	p := parsePolicy(source.New("/p", []byte(grant(caDN, `'"/DC=com/*" "/DC=org/*"'`))))
	if d := p.Decide617(caDN, userDN); !d.Allowed || d.Span.Text() != "/DC=org/*" {
		t.Errorf("%+v, want the second pattern", d)
	}
	if d := p.Decide617(rootDN, userDN); d.Allowed || !strings.Contains(d.Reason, rootDN) {
		t.Errorf("%+v, want the CA named", d)
	}
	p = parsePolicy(source.New("/p", []byte(grant(caDN, `'"/DC=org/\<lab/*"'`))))
	if d := p.Decide617(caDN, userDN); d.Allowed || !d.Unknown {
		t.Errorf("%+v, want it unknown", d)
	}
}

func TestPolicyProblems(t *testing.T) {
	good := grant(caDN, `'"/DC=org/*"'`)
	tests := []struct {
		name, text string
		want       []string // line and beginning of the message
	}{
		{"good", good, nil},
		{"two blocks", good + "\n" + good, nil},
		{"comment after the CA", strings.Replace(good, "CA'\n", "CA' # c\n", 1), nil},
		{"empty", "", []string{"1: the signing policy has no access_id_CA line"}},
		{"bom", "\xef\xbb\xbf" + good, []string{"1: a byte order mark", "2: this line is before", "3: this line is before", "1: the signing policy has no access_id_CA line"}},
		{"unquoted", strings.ReplaceAll(good, "'"+caDN+"'", caDN), []string{"1: the subject of the CA has a blank"}},
		{"neg", strings.Replace(good, "pos_", "neg_", 1), []string{"2: the entry has negative rights"}},
		{"no rights", strings.Replace(good, "pos_rights globus CA:sign\n", "", 1), []string{"1: the entry has no line pos_rights"}},
		{"twice", good + "cond_subjects globus '*'\n", []string{"3: the entry has a second cond_subjects line"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantProblems(t, parsePolicy(source.New("/p", []byte(test.text))).Problems, test.want)
		})
	}
}

func FuzzPolicy(f *testing.F) {
	f.Add([]byte(grant(caDN, `'"/DC=org/*" "a|(b)[c-d]{1,2}\\e"'`)), userDN)
	f.Add([]byte("access_id_CA X509 \"\n'\npos_rights\ncond_subjects globus '"), "")
	f.Fuzz(func(t *testing.T, text []byte, subject string) {
		file := source.New("/p", text)
		p := parsePolicy(file)
		for _, problem := range p.Problems {
			_ = problem.Span.Text()
		}
		for _, e := range p.Entries {
			for _, line := range append(append([]Line{e.CA}, e.Subjects...), e.Replaced...) {
				if line.Text != line.Span.Text() {
					t.Errorf("text %q, span %q", line.Text, line.Span.Text())
				}
			}
			d := p.Decide617(e.CA.Text, subject)
			if d.Allowed && d.Unknown {
				t.Error("allowed and unknown")
			}
		}
	})
}
