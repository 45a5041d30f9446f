package release

import (
	"fmt"
	"strings"
)

// Area is a part of what a release does, in the order of the columns.
type Area string

// The areas.
const (
	Packages   Area = "Packages and interfaces"
	Conf       Area = "Reading arc.conf"
	Validator  Area = "ARC's own validator"
	Tokens     Area = "Tokens"
	Expression Area = "Expressions on tokens (authtokensgen)"
	Access     Area = "Who gets in"
	Trust      Area = "Trust and TLS"
)

// Column is a fact as an administrator reads of it.
type Column struct {
	Field  string // of Facts
	Area   Area
	Title  string // a sentence without a period that "yes" or a value answers
	Source string // what proves it: "arc-behaviour C10", "arc-checks b3", or the file in ARC's source where it was read
	Value  func(*Facts) string
}

func yes(is func(*Facts) bool) func(*Facts) string {
	return func(f *Facts) string {
		if is(f) {
			return "yes"
		}
		return "no"
	}
}

// Columns lists every fact, in the order of the page docs/releases.md.
func Columns() []Column {
	var all []Column
	for _, part := range [][]Column{packageColumns(), confColumns(), validatorColumns(), tokenColumns(), expressionColumns(), accessColumns(), trustColumns()} {
		all = append(all, part...)
	}
	return all
}

func packageColumns() []Column {
	return []Column{
		{"Suite", Packages, "Debian's suite with which it was measured", "arc-behaviour", func(f *Facts) string { return f.Suite }},
		{"OpenSSL", Packages, "OpenSSL of that suite", "arc-behaviour D3", func(f *Facts) string { return f.OpenSSL }},
		{"EMIES", Packages, "Jobs may be submitted by EMI-ES, and by gridftp beside it", "arc-checks Upgrade diff",
			yes(func(f *Facts) bool { return f.EMIES })},
		{"JobDirs", Packages, "The control directory has a directory for each job", "arc-checks Upgrade diff",
			yes(func(f *Facts) bool { return f.JobDirs })},
		{"ContribScripts", Packages, "The scripts of SGE, LSF, LoadLeveler, PBS and BOINC are in a package of their own", "arc-checks b3",
			yes(func(f *Facts) bool { return f.ContribScripts })},
	}
}

func confColumns() []Column {
	return []Column{
		{"ConfD", Conf, "Files of arc.conf.d are read", "arc-behaviour C10", yes(func(f *Facts) bool { return f.ConfD })},
		{"StrictStart", Conf, "The CE does not start on what its own check refuses, such as an unknown option", "arc-behaviour C1",
			yes(func(f *Facts) bool { return f.StrictStart })},
		{"OneLRMS", Conf, "The CE does not start where lrms is set twice", "arc-behaviour C7", yes(func(f *Facts) bool { return f.OneLRMS })},
		{"CertDirList", Conf, "A colon in x509_cert_dir separates directories", "arc-behaviour C8",
			yes(func(f *Facts) bool { return f.CertDirList })},
		{"EqualCacheSizes", Conf, "The two numbers of cachesize may be equal", "src/services/a-rex/grid-manager/conf/CacheConfig.cpp",
			yes(func(f *Facts) bool { return f.EqualCacheSizes })},
		{"CalloutInLRMS", Conf, "statecallout may name the state INLRMS", "arc.conf.reference [arex] statecallout, measured on 2026-11-28",
			yes(func(f *Facts) bool { return f.CalloutInLRMS })},
		{"SharesByToken", Conf, "sharepolicy may name a claim of a token", "src/services/a-rex/grid-manager/jobs/TransferShares.cpp",
			yes(func(f *Facts) bool { return f.SharesByToken })},
		{"CopyURLOutputs", Conf, "copyurl applies to output files too", "arc.conf.reference [arex/data-staging] copyurl",
			yes(func(f *Facts) bool { return f.CopyURLOutputs })},
		{"VOGroups", Conf, "vomsless_vo may name an authgroup", "arc.conf.reference [arex/jura] vomsless_vo",
			yes(func(f *Facts) bool { return f.VOGroups })},
		{"BenchmarkBlank", Conf, "benchmark of [lrms] may have a blank before its number", "src/services/a-rex/lrms/submit_common.sh.in",
			yes(func(f *Facts) bool { return f.BenchmarkBlank })},
		{"APELBenchmarks", Conf, "Benchmarks that APEL is told of by name", "src/utils/python/arc/control/AccountingPublishing.py",
			func(f *Facts) string { return strings.Join(f.APELBenchmarks, ", ") }},
	}
}

func validatorColumns() []Column {
	return []Column{
		{"VerifyStrict", Validator, "`arcctl config verify` counts an error for an option that its block does not have, that stands again, or that is a rule with a sign",
			"arc-checks b2.4, b3, b5.6", yes(func(f *Facts) bool { return f.VerifyStrict })},
		{"VerifyTakesStar", Validator, "It knows that sessiondir may be `*`", "arc-checks b3", yes(func(f *Facts) bool { return f.VerifyTakesStar })},
	}
}

func tokenColumns() []Column {
	return []Column{
		{"TokensNeedBlock", Tokens, "Tokens count only where arc.conf has the block [authtokens]", "arc-behaviour B9",
			yes(func(f *Facts) bool { return f.TokensNeedBlock })},
		{"AllAudiences", Tokens, "A rule is compared with every audience of a token, not with the first alone", "arc-behaviour A4",
			yes(func(f *Facts) bool { return f.AllAudiences })},
		{"EmptyAudience", Tokens, `An empty audience ("") in a rule matches a token without one`, "arc-behaviour A4",
			yes(func(f *Facts) bool { return f.EmptyAudience })},
		{"IssuerWithoutScheme", Tokens, "https:// is put before an issuer that has no scheme", "arc-behaviour I2",
			yes(func(f *Facts) bool { return f.IssuerWithoutScheme })},
		{"KeysCached", Tokens, "Keys of an issuer are kept for an hour", "arc-behaviour I5", yes(func(f *Facts) bool { return f.KeysCached })},
		{"PinnedIssuers", Tokens, "Keys of issuers in the control directory are read at start", "arc-behaviour G1, H3",
			yes(func(f *Facts) bool { return f.PinnedIssuers })},
		{"ECKeys", Tokens, "Tokens that are signed with EC keys (ES256, P-256) are checked", "arc-behaviour I4",
			yes(func(f *Facts) bool { return f.ECKeys })},
		{"ErrorMemberRefused", Tokens, "Metadata of an issuer with a member `error` are refused", "arc-behaviour I1",
			yes(func(f *Facts) bool { return f.ErrorMemberRefused })},
		{"BOMInMetadata", Tokens, "Metadata and keys of an issuer may begin with a byte order mark", "measured, group I, metadata with BOM",
			yes(func(f *Facts) bool { return f.BOMInMetadata })},
		{"Scopes", Tokens, "tokenscopes of [arex] is compared with", "arc-behaviour A12", func(f *Facts) string { return f.Scopes.String() }},
	}
}

func expressionColumns() []Column {
	return []Column{
		{"Expressions", Expression, "The rule authtokensgen is known", "arc-behaviour A11", yes(func(f *Facts) bool { return f.Expressions })},
		{"ExpressionsBare", Expression, "A `!` or a syntax error closes the connection of everybody who sends a token", "arc-behaviour A11",
			yes(func(f *Facts) bool { return f.ExpressionsBare })},
		{"PatternsOnNames", Expression, "`~` is compared with the name of the claim, not with its value", "arc-behaviour A11",
			yes(func(f *Facts) bool { return f.PatternsOnNames })},
	}
}

func accessColumns() []Column {
	return []Column{
		{"JobsListEnforced", Access, "allowaccess and denyaccess of [arex/ws/jobs] are applied", "arc-behaviour S5, B1",
			yes(func(f *Facts) bool { return f.JobsListEnforced })},
		{"OpenInfo", Access, "GET /rest/1.0/info is answered to everybody", "arc-behaviour B12", yes(func(f *Facts) bool { return f.OpenInfo })},
		{"InfoList", Access, "allowaccess and denyaccess of [infosys/accesscontrol] are applied", "arc-behaviour B2",
			yes(func(f *Facts) bool { return f.InfoList })},
		{"PublicInfo", Access, "Information on the CE is for anyone unless arc.conf says to whom", "arc.conf.reference [infosys/accesscontrol]",
			yes(func(f *Facts) bool { return f.PublicInfo })},
		{"AnonymousAdmitted", Access, "`all=yes` and rules with `!` take in clients without certificate and without token", "arc-behaviour S6",
			yes(func(f *Facts) bool { return f.AnonymousAdmitted })},
		{"UserLists", Access, "Rules may name a [userlist:name]", "arc-behaviour B7", yes(func(f *Facts) bool { return f.UserLists })},
		{"TwoSigns", Access, "A rule of an authgroup may begin with `-!`", "arc-behaviour A8", yes(func(f *Facts) bool { return f.TwoSigns })},
		{"NoAccountStatus", Access, "HTTP status where [mapping] gives no account", "arc-behaviour, Reading refusals",
			func(f *Facts) string { return fmt.Sprint(f.NoAccountStatus) }},
	}
}

func trustColumns() []Column {
	return []Column{
		{"Clients", Trust, "CAs of client certificates are looked for in", "arc-behaviour C8, H1", func(f *Facts) string { return f.Clients.String() }},
		{"Fetch", Trust, "CAs of token issuers (the fetch of their keys) are looked for in", "arc-behaviour H1, C9",
			func(f *Facts) string { return f.Fetch.String() }},
		{"CertPolicy", Trust, "x509_cert_policy other than grid", "arc-behaviour C9, H4", func(f *Facts) string { return f.CertPolicy.String() }},
		{"AttributesUnderAny", Trust, "VOMS attributes count where x509_cert_policy is any", "arc-behaviour V8",
			yes(func(f *Facts) bool { return f.AttributesUnderAny })},
		{"ECAttributes", Trust, "VOMS attributes that an EC key signed count", "arc-behaviour V5",
			yes(func(f *Facts) bool { return f.ECAttributes })},
		{"SigningPolicies", Trust, "Signing policies count for client certificates", "arc-behaviour E2",
			yes(func(f *Facts) bool { return f.SigningPolicies })},
		{"SkipsUnreadable", Trust, "OpenSSL goes on to HASH.1 where HASH.0 cannot be read", "arc-behaviour D3",
			yes(func(f *Facts) bool { return f.SkipsUnreadable })},
		{"TLS13", Trust, "TLS 1.3 is spoken", "arc-behaviour D10", yes(func(f *Facts) bool { return f.TLS13 })},
		{"Curve", Trust, "Default of tlscurve, which without TLS 1.3 is the only curve for EC keys of clients", "arc-behaviour D10",
			func(f *Facts) string { return f.Curve }},
		{"CiphersLevel", Trust, "@SECLEVEL= in tlsciphers sets the security level for clients and for the fetch",
			"src/services/a-rex/arc-arex-ws-start.in", yes(func(f *Facts) bool { return f.CiphersLevel })},
		{"HostLevel", Trust, "The security level of the host's openssl.cnf was seen to count (no: not measured)",
			"measured, 7.2.0 with CipherString = DEFAULT@SECLEVEL=3 in openssl.cnf", yes(func(f *Facts) bool { return f.HostLevel })},
	}
}

// String says in what a rule is compared, for the page on releases.
func (s Scopes) String() string {
	switch s {
	case ScopesWhole:
		return "the whole claim: a token with two scopes is refused"
	case ScopesEach:
		return "each scope of the token"
	}
	return "no such option"
}

// String says what other values than grid do, for the page on releases.
func (p CertPolicy) String() string {
	switch p {
	case GridOrSystem:
		return "all mean the system's CAs alone, for clients and issuers"
	case PolicyForms:
		return "any and system are told apart for clients; for issuers the system's CAs are added to the grid's"
	}
	return "no such option"
}

// String says where CAs are looked for, for the page on releases.
func (c CAs) String() string {
	text := c.Default
	if !c.Dir.IsZero() {
		text = c.Dir.String() + ", by default " + c.Default
	}
	if !c.Policy.IsZero() {
		text += "; " + c.Policy.String() + " may turn to the system's"
	}
	return text
}
