package release

// GridCADir is where the key fetch looks whatever arc.conf says (arc-behaviour
// H1), and the default of x509_cert_dir (C8).
const GridCADir = "/etc/grid-security/certificates"

// A row is what a release was measured to do, so that each is written out in
// full: a fact that is not named here is false.

func facts6170() Facts {
	return Facts{
		Suite: "bookworm", OpenSSL: "3.0.20",

		StrictStart:    true,
		APELBenchmarks: []string{"Si2k", "HEPSPEC"},

		TokensNeedBlock: true,
		EmptyAudience:   true,
		Scopes:          NoScopes,

		AnonymousAdmitted: true,
		UserLists:         true,
		NoAccountStatus:   403,

		Clients:         CAs{Dir: Setting{"common", "x509_cert_dir"}, Default: GridCADir},
		Fetch:           CAs{Default: GridCADir},
		CertPolicy:      NoPolicy,
		SigningPolicies: true,
		TLS13:           true,
		Curve:           "secp521r1",

		EMIES: true,
	}
}

func facts700() Facts {
	policy := Setting{"common", "x509_cert_policy"}
	return Facts{
		Suite: "trixie", OpenSSL: "3.5.9",

		ConfD:           true,
		OneLRMS:         true,
		CertDirList:     true,
		EqualCacheSizes: true,
		CalloutInLRMS:   true,
		CopyURLOutputs:  true,
		VOGroups:        true,
		BenchmarkBlank:  true,
		APELBenchmarks:  []string{"Si2k", "HEPSPEC", "HEPscore23"},

		VerifyStrict:    true,
		VerifyTakesStar: true,

		AllAudiences:        true,
		IssuerWithoutScheme: true,
		KeysCached:          true,
		PinnedIssuers:       true,
		ECKeys:              true,
		ErrorMemberRefused:  true,
		BOMInMetadata:       true,
		Scopes:              ScopesWhole,

		Expressions:     true,
		ExpressionsBare: true,
		PatternsOnNames: true,

		JobsListEnforced: true,
		OpenInfo:         true,
		InfoList:         true,
		PublicInfo:       true,
		TwoSigns:         true,
		NoAccountStatus:  500,

		Clients:         CAs{Dir: Setting{"common", "x509_cert_dir"}, Default: GridCADir, Policy: policy},
		Fetch:           CAs{Default: GridCADir, Policy: policy},
		CertPolicy:      GridOrSystem,
		SkipsUnreadable: true,
		Curve:           "secp521r1",
		CiphersLevel:    true,

		ECAttributes: true,

		JobDirs:        true,
		ContribScripts: true,
	}
}

func facts720() Facts {
	policy := Setting{"common", "x509_cert_policy"}
	return Facts{
		Suite: "sid", OpenSSL: "3.6.5",

		ConfD:           true,
		OneLRMS:         true,
		CertDirList:     true,
		EqualCacheSizes: true,
		CalloutInLRMS:   true,
		SharesByToken:   true,
		CopyURLOutputs:  true,
		VOGroups:        true,
		BenchmarkBlank:  true,
		APELBenchmarks:  []string{"Si2k", "HEPSPEC", "HEPscore23"},

		VerifyStrict:    true,
		VerifyTakesStar: true,

		AllAudiences:        true,
		IssuerWithoutScheme: true,
		KeysCached:          true,
		PinnedIssuers:       true,
		ECKeys:              true,
		ErrorMemberRefused:  true,
		BOMInMetadata:       true,
		Scopes:              ScopesEach,

		Expressions: true,

		JobsListEnforced: true,
		OpenInfo:         true,
		InfoList:         true,
		PublicInfo:       true,
		TwoSigns:         true,
		NoAccountStatus:  500,

		Clients:         CAs{Dir: Setting{"common", "x509_cert_dir"}, Default: GridCADir, Policy: policy},
		Fetch:           CAs{Default: GridCADir, Policy: policy},
		CertPolicy:      PolicyForms,
		SkipsUnreadable: true,
		Curve:           "secp521r1",
		CiphersLevel:    true,
		HostLevel:       true,

		AttributesUnderAny: true,
		ECAttributes:       true,

		JobDirs:        true,
		ContribScripts: true,
	}
}
