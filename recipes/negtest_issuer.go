package recipes

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/gridsec"
	"arclint/internal/pattern"
	"arclint/internal/site"
	"arclint/internal/source"
)

var negtestIssuer = Recipe{
	ID:    "negtest-issuer",
	Title: "let the throw-away issuer of arclint negtest in, for a test",
	Keys:  []string{"account"},
	Plan:  planNegtestIssuer,
}

const negtestGroup = "arclint_negtest"

// negtest is what the plan is about. arclint negtest --test-issuer fills it in.
type negtest struct {
	issuers  []string // the pinned one first
	account  string
	audience string
	subject  string // of the good certificate
	ca       *gridsec.Certificate
	crl      string
	keys     []byte
}

// planNegtestIssuer makes a site admit one token of the issuer and one
// certificate of its CA, by rules that name everything, as an account of the
// user's choice. All of it is taken back by the rollback.
func planNegtestIssuer(s *site.Site, p Params) (Plan, error) {
	n, err := negtestOf(s, p)
	if err != nil {
		return Plan{}, err
	}
	plan := Plan{
		Meant:    Meant{Anybody: true},
		Title:    "let " + n.issuers[0] + " in, for a test",
		Why:      "arclint negtest asks this CE requests that should be turned away. To tell a refusal from a CE that refuses everybody, one token and one certificate must get in: those of a throw-away issuer and CA, which are valid for a day and whose keys are only in the memory of the arclint that waits. The rules name issuer, subject, audience, scope and group; nobody else gets in by them.",
		Restarts: []string{arex, arexWS},
		After:    []string{"when arclint negtest has ended, run the rollback that this script names, which takes all of it back"},
		Notes: []string{
			"the CE fetches keys from " + n.issuers[0] + ": it must reach that address",
			"the services restart at the start and at the end; jobs that run go on",
			"a token or certificate of the test becomes the account " + n.account + ", and arclint submits no job with it",
		},
	}
	conf, err := n.conf(s)
	if err != nil {
		return Plan{}, err
	}
	trust, err := n.trust(s)
	if err != nil {
		return Plan{}, err
	}
	plan.Actions = append(trust, conf)
	if s.Release.PinnedIssuers {
		control, err := controlDir(s)
		if err != nil {
			return Plan{}, err
		}
		plan.Require = []Check{DirExists{control}}
		plan.Actions = append(plan.Actions, n.pins(control)...)
	}
	plan.Actions = append(plan.Actions, restartAll())
	return plan, nil
}

var accountName = pattern.OnDemand(`^[a-z_][a-z0-9_-]{0,31}$`)

func negtestOf(s *site.Site, p Params) (negtest, error) {
	n := negtest{account: p.Args["account"], audience: p.Args["audience"], subject: p.Args["subject"], crl: p.Args["crl"], keys: p.Keys}
	if n.audience == "" || n.subject == "" || n.crl == "" || len(p.Roots) != 1 || len(n.keys) == 0 {
		return n, errors.New("it needs a throw-away issuer, which arclint negtest --test-issuer --prepare FILE makes, with this recipe for it")
	}
	n.ca = p.Roots[0]
	n.issuers = append([]string{p.Issuer}, strings.Fields(p.Args["others"])...)
	for _, iss := range n.issuers {
		if _, err := parseIssuer(iss); err != nil {
			return n, err
		}
		if err := checkField("issuer", iss); err != nil {
			return n, err
		}
	}
	if err := checkField("audience", n.audience); err != nil {
		return n, err
	}
	if strings.ContainsAny(n.subject+n.ca.SubjectName, "'\"\\\r\n") || comment(n.subject) != n.subject {
		return n, fmt.Errorf("the subject %q cannot stand in a rule", n.subject)
	}
	return n, n.checkAccount(s)
}

// checkAccount chooses nobody where no account is given, and refuses root, which
// ARC would honour (arc-behaviour S7), and one that the host does not know.
func (n *negtest) checkAccount(s *site.Site) error {
	if n.account == "" {
		n.account = "nobody"
	}
	if !accountName().MatchString(n.account) || n.account == "root" {
		return fmt.Errorf("account %q: want the name of an account without privileges, with --set account=NAME", n.account)
	}
	if s.Accounts != nil && s.Accounts.Complete() {
		if _, ok := s.Accounts.Users[n.account]; !ok {
			return fmt.Errorf("there is no account %s on the CE: choose one with --set account=NAME", n.account)
		}
	}
	return nil
}

// conf edits arc.conf itself on every release: the lines go below the headers, so
// that they come first (the first match decides, arc-behaviour B1, B8).
func (n negtest) conf(s *site.Site) (Action, error) {
	if s.Conf.Block("authgroup:"+negtestGroup) != nil {
		return nil, fmt.Errorf("arc.conf has a block [authgroup:%s] already: roll back the test before first", negtestGroup)
	}
	mapping, err := headerOf(s, "mapping")
	if err != nil {
		return nil, err
	}
	jobs, err := headerOf(s, "arex/ws/jobs")
	if err != nil {
		return nil, err
	}
	end := lineEnd(mapping)
	before := source.Span{File: mapping.File, Start: mapping.Start, End: mapping.Start}
	return EditConf{Path: mapping.Path(), Edits: []source.Edit{
		{Span: before, New: strings.Join(n.block(s), end) + end},
		below(mapping, "map_to_user="+negtestGroup+" "+n.account),
		below(jobs, "allowaccess="+negtestGroup),
	}}, nil
}

// block is the authgroup; ARC 6 needs [authtokens] for tokens to count
// (arc-behaviour B9).
func (n negtest) block(s *site.Site) []string {
	var lines []string
	if s.Release.TokensNeedBlock && s.Conf.Block("authtokens") == nil {
		lines = append(lines, "[authtokens]", "")
	}
	lines = append(lines, "[authgroup:"+negtestGroup+"]")
	for _, iss := range n.issuers {
		lines = append(lines, "authtokens=arclint-negtest "+iss+" "+n.audience+" compute.read /arclint")
	}
	return append(lines, "subject="+n.subject, "")
}

// headerOf is the header of a block in arc.conf that is in force.
func headerOf(s *site.Site, name string) (source.Span, error) {
	b := s.Conf.Block(name)
	if b == nil {
		return source.Span{}, fmt.Errorf("arc.conf has no block [%s], which the test needs", name)
	}
	var headers []*arcconf.Section
	for _, section := range b.Sections {
		if section.Line.File == s.Conf.Main {
			headers = append(headers, section)
		}
	}
	if len(headers) != 1 {
		return source.Span{}, fmt.Errorf("the block [%s] does not stand once in %s, and the test edits no other file", name, s.ConfigPath())
	}
	return headers[0].Line, nil
}

func lineEnd(line source.Span) string {
	if strings.HasPrefix(string(line.File.Data[line.End:]), "\r") {
		return "\r\n"
	}
	return "\n"
}

func below(header source.Span, line string) source.Edit {
	at := source.Span{File: header.File, Start: header.End, End: header.End}
	return source.Edit{Span: at, New: lineEnd(header) + line}
}

// trust installs the CA where keys are fetched and where clients are checked,
// with a CRL and a policy for its own names (arc-behaviour D1, D9, E4).
func (n negtest) trust(s *site.Site) ([]Action, error) {
	dirs := trustDirs(s)
	if s.GridDir == nil || s.GridDir.Err != nil || len(dirs) == 0 {
		return nil, fmt.Errorf("%s cannot be read", site.GridCADir)
	}
	hash := hashName(n.ca.Hash)
	policy := "access_id_CA  X509   '" + n.ca.SubjectName + "'\n" +
		"pos_rights    globus CA:sign\n" +
		"cond_subjects globus '\"/DC=net/DC=example/*\"'\n"
	var actions []Action
	for _, d := range dirs {
		for _, suffix := range []string{".0", ".r0", ".signing_policy"} {
			if entryOf(d, hash+suffix) != nil {
				return nil, fmt.Errorf("%s/%s%s is there already, run arclint negtest again, which makes another CA", d.Path, hash, suffix)
			}
		}
		actions = append(actions,
			WriteFile{Path: d.Path + "/" + hash + ".signing_policy", Content: []byte(policy), Mode: 0o644},
			WriteFile{Path: d.Path + "/" + hash + ".r0", Content: []byte(n.crl), Mode: 0o644},
			WriteFile{Path: d.Path + "/" + hash + ".0", Content: pemOf(n.ca), Mode: 0o644},
		)
	}
	return actions, nil
}

// pins keeps the keys for ARC 7 (arc-behaviour G1): issuer without a newline (G2).
func (n negtest) pins(control string) []Action {
	all := path.Join(control, "tokenissuers")
	dir := path.Join(all, "arclint-negtest")
	like := Owner{Like: control}
	return []Action{
		Mkdir{Path: all, Mode: 0o755, Owner: like},
		Mkdir{Path: dir, Mode: 0o755, Owner: like},
		WriteFile{Path: dir + "/issuer", Content: []byte(n.issuers[0]), Mode: 0o644, Owner: like},
		WriteFile{Path: dir + "/metadata", Content: []byte("{}"), Mode: 0o644, Owner: like},
		WriteFile{Path: dir + "/keys", Content: n.keys, Mode: 0o644, Owner: like},
	}
}
