package release

// Facts are what a release does, as far as it is not alike in all releases that
// are known. Each has a column in Columns, which says what proves it. Where one
// was only read in the source its comment says so.
type Facts struct {
	// Debian's suite with which the release was measured, and its OpenSSL.
	Suite   string
	OpenSSL string

	// Reading arc.conf.

	// ConfD: the files of arc.conf.d are read, where the packages put some of
	// their own.
	ConfD bool
	// StrictStart: the CE does not start on what its own check refuses, such as an
	// unknown option. A release without it starts, and drops what it cannot read.
	StrictStart bool
	// OneLRMS: the CE does not start where [lrms] lrms stands twice.
	OneLRMS bool
	// CertDirList: a colon in x509_cert_dir separates directories.
	CertDirList bool
	// EqualCacheSizes: the two numbers of [arex/cache/cleaner] cachesize may be
	// equal, as they are in its default (CacheConfig.cpp).
	EqualCacheSizes bool
	// CalloutInLRMS: [arex] statecallout may name the state INLRMS.
	CalloutInLRMS bool
	// SharesByToken: [arex/data-staging] sharepolicy may name a claim
	// (TransferShares.cpp, read).
	SharesByToken bool
	// CopyURLOutputs: [arex/data-staging] copyurl applies to output files too.
	CopyURLOutputs bool
	// VOGroups: [arex/jura] vomsless_vo may name an authgroup.
	VOGroups bool
	// BenchmarkBlank: [lrms] benchmark may have a blank before its number
	// (submit_common.sh.in, read).
	BenchmarkBlank bool
	// APELBenchmarks are the benchmarks that are reported to APEL by their names
	// (AccountingPublishing.py, read).
	APELBenchmarks []string

	// ARC's own validator, `arcctl config verify`.

	// VerifyStrict: it counts an error for an option that the block does not have,
	// for one that stands again, and for a rule with a sign.
	VerifyStrict bool
	// VerifyTakesStar: it knows that sessiondir may be "*".
	VerifyTakesStar bool

	// Tokens.

	// TokensNeedBlock: tokens count only where arc.conf has [authtokens].
	TokensNeedBlock bool
	// AllAudiences: a rule is compared with every element of aud, not with the
	// first alone.
	AllAudiences bool
	// EmptyAudience: an empty audience in a rule matches a token without aud.
	EmptyAudience bool
	// IssuerWithoutScheme: https:// is put before an issuer without a scheme.
	IssuerWithoutScheme bool
	// KeysCached: keys of an issuer are kept for an hour.
	KeysCached bool
	// PinnedIssuers: keys in the control directory are read at start.
	PinnedIssuers bool
	// ECKeys: ES256 with a key on P-256 is checked.
	ECKeys bool
	// ErrorMemberRefused: metadata with a member "error" are refused.
	ErrorMemberRefused bool
	// BOMInMetadata: metadata and key sets may begin with a byte order mark.
	BOMInMetadata bool
	// Scopes says what [arex] tokenscopes does.
	Scopes Scopes

	// Expressions: the rule authtokensgen is known.
	Expressions bool
	// ExpressionsBare: a quoted string of an expression ends at the next quote,
	// and "!" or a syntax error closes the connection of whoever sends a token.
	ExpressionsBare bool
	// PatternsOnNames: "~" of an expression is compared with the name of the claim
	// and not with its value.
	PatternsOnNames bool

	// Who gets in.

	// JobsListEnforced: allowaccess and denyaccess of [arex/ws/jobs] are applied.
	JobsListEnforced bool
	// OpenInfo: what the REST interface tells of the CE is answered to everybody.
	OpenInfo bool
	// InfoList: those of [infosys/accesscontrol] are.
	InfoList bool
	// PublicInfo: information on the CE is for anyone unless arc.conf says to whom.
	PublicInfo bool
	// AnonymousAdmitted: `all=yes` and rules with "!" take in clients that show
	// neither a certificate nor a token.
	AnonymousAdmitted bool
	// UserLists: [userlist:name] is read.
	UserLists bool
	// TwoSigns: a rule of an authgroup may begin with "-!".
	TwoSigns bool
	// NoAccountStatus is the HTTP status for whoever [mapping] gives no account.
	NoAccountStatus int

	// Trust and TLS.

	// Clients and Fetch are where CAs are looked for: for client certificates, and
	// for the connection that fetches an issuer's keys. They are apart because a
	// release may have a block of its own for either.
	Clients, Fetch CAs
	// CertPolicy says what values other than grid of CAs.Policy mean.
	CertPolicy CertPolicy
	// AttributesUnderAny: VOMS attributes count where x509_cert_policy is one of the
	// forms of any. Those of system have no CAs for VOMS servers in any release.
	AttributesUnderAny bool
	// ECAttributes: VOMS attributes that an EC key signed count. It is a matter of the
	// OpenSSL that ARC was built with: 3.4 and later read attribute certificates.
	ECAttributes bool
	// SigningPolicies: HASH.signing_policy of the first x509_cert_dir counts for
	// client certificates. No release asks it in the fetch.
	SigningPolicies bool
	// SkipsUnreadable: OpenSSL goes on to HASH.1 where HASH.0 cannot be read. It is
	// a matter of its patch release: of the one that the release was measured with.
	SkipsUnreadable bool
	// TLS13: TLS 1.3 is spoken, in which tlscurve does not bind the keys of clients.
	TLS13 bool
	// Curve is tlscurve where arc.conf does not set it.
	Curve string
	// CiphersLevel: @SECLEVEL= in [arex/ws] tlsciphers sets OpenSSL's security
	// level for clients and for the fetch (arc-arex-ws-start.in, read).
	CiphersLevel bool
	// HostLevel: the security level of the host's openssl.cnf was seen to count.
	HostLevel bool

	// Interfaces and packages.

	// EMIES: jobs may be submitted by EMI-ES.
	EMIES bool
	// JobDirs: the control directory has a directory for each job.
	JobDirs bool
	// ContribScripts: the scripts of SGE, LSF and LoadLeveler are in a package of
	// their own, nordugrid-arc-arex-lrms-contrib.
	ContribScripts bool
}

// Setting names an option of arc.conf. The zero value names none.
type Setting struct{ Block, Option string }

// IsZero says whether no option is named.
func (s Setting) IsZero() bool { return s.Option == "" }

// String is "[common] x509_cert_dir", or "" for none.
func (s Setting) String() string {
	if s.IsZero() {
		return ""
	}
	return "[" + s.Block + "] " + s.Option
}

// CAs says which settings name the places where a release looks for CAs, for
// one purpose. A release that has a block of its own for a purpose names its
// options here: site reads the directory that Dir names, and trust looks there.
type CAs struct {
	Dir     Setting // names the directory; the zero value: nothing does
	Default string  // the directory without it
	Policy  Setting // chooses between that directory and OpenSSL's own; the zero value: nothing does
}

// Scopes says what a release does with [arex] tokenscopes.
type Scopes int

// The values of Scopes.
const (
	NoScopes    Scopes = iota // does not know the option
	ScopesWhole               // compares the whole claim scope: a token with two scopes has none of them
	ScopesEach                // looks for each scope among those of the token
)

// Whole says whether a token with two scopes has none of them.
func (s Scopes) Whole() bool { return s == ScopesWhole }

// Known says whether the release knows the option.
func (s Scopes) Known() bool { return s != NoScopes }

// CertPolicy says what a release makes of x509_cert_policy.
type CertPolicy int

// The values of CertPolicy.
const (
	// NoPolicy: it does not know the option, and looks among the grid's CAs alone.
	NoPolicy CertPolicy = iota
	// GridOrSystem: every value but grid means OpenSSL's default places and nothing
	// else, for clients and for the fetch.
	GridOrSystem
	// PolicyForms: any, any.nofile, any.onlyfile, system.nofile and system.onlyfile
	// are told apart for clients, every other value but grid means OpenSSL's
	// default file for them. The fetch looks in the grid's directory always.
	PolicyForms
)

// Known says whether the release knows the option.
func (p CertPolicy) Known() bool { return p != NoPolicy }

// OthersAreSystem says whether every value but grid means the system's CAs alone,
// for clients and for the fetch.
func (p CertPolicy) OthersAreSystem() bool { return p == GridOrSystem }

// Values are the values that the release reads as they are written, nil where
// it does not know the option.
func (p CertPolicy) Values() []string {
	switch p {
	case GridOrSystem:
		return []string{"grid", "system"}
	case PolicyForms:
		return []string{"grid", "any", "any.nofile", "any.onlyfile", "system", "system.nofile", "system.onlyfile"}
	}
	return nil
}
