// Package trust holds the rules on whom the CE trusts: token issuers and their
// CAs, the trust anchors of clients, CRLs, signing policies, VOMS servers.
package trust

import "arclint/lint"

// Rules are the rules of this area.
var Rules = []*lint.Rule{
	issuerCAMissing, issuerCAOnlyInIgnoredDir, issuerCAUnknown, issuerImpersonation, issuerHTTP, jwksOtherCA,
	pinnedStale, pinnedIncomplete, pinnedUnused,
	publicCAAdmitsClients, overTrust, policyValueMisread, systemPolicyBlind, tlsCurve,
	signingPolicyNotEnforced, signingPolicyMissing, signingPolicyTooWide, signingPolicyUnparsable, signingPolicyWrongSubject,
	namespacesMissing, namespacesMismatch, infoFingerprint, crlURLMissing,
	hashLinkWrong, hashLinkMissing, hashLinkGap, hashLinkDangling, hashLinkOldMD5Only,
	notACA, leafAsAnchor, intermediateWithoutRoot, caExpired, caExpiring, caWeak, caUnreadable, duplicateCA, obsoleteIGTF, igtfAge, arcctlCA,
	privateKeyInTrustDir, trustDirWritable, trustDirMissing,
	crlMissing, crlExpired, crlEnding, crlNotRenewed, crlNotYetValid, crlFromFuture, crlBadSignature, crlOrphan, crlLeafOnly,
	sha1Refused, securityLevel,
	vomsDirMissing, vomsDirIgnored, vomsRuleWithoutLSC, lscSyntax, lscSlash, lscOneLine, lscChain, lscPlace, lscOtherHost, lscCAAbsent, lscSuperseded, vomsServerChanged,
	upgradeTrust,
}
